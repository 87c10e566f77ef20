import pytest
from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models
from django.test.utils import isolate_apps

from core.crypto import DecryptionFailed
from core.fields import EncryptedLinesField, EncryptedTextField


@pytest.fixture
def note_model(transactional_db):
    """A table with encrypted text, made for the test and dropped after it."""
    with isolate_apps():

        class Note(models.Model):
            text = EncryptedTextField(null=True, blank=True)
            lines = EncryptedLinesField(default=list, blank=True)
            title = models.CharField(max_length=20)

            class Meta:
                app_label = "core"

            def __str__(self) -> str:
                return self.title

        with connection.schema_editor() as editor:
            editor.create_model(Note)
        yield Note
        with connection.schema_editor() as editor:
            editor.delete_model(Note)


def stored(note) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM core_note WHERE id = %s", [note.pk])
        value = cursor.fetchone()[0]
    return None if value is None else bytes(value)


@pytest.mark.parametrize("value", ["", "0", "False", "Å", "x" * 10_000, None])
def test_every_text_comes_back_from_the_database_as_it_was(note_model, value):
    note = note_model.objects.create(text=value)
    assert note_model.objects.get(pk=note.pk).text == value
    assert note_model.objects.values_list("text", flat=True).get(pk=note.pk) == value


def test_nothing_and_the_empty_text_are_kept_apart(note_model):
    nothing = note_model.objects.create(text=None)
    empty = note_model.objects.create(text="")
    assert list(note_model.objects.filter(text__isnull=True)) == [nothing]
    assert stored(nothing) is None
    assert stored(empty)


def test_the_database_never_holds_the_text(note_model):
    note = note_model.objects.create(text="hemmelig")
    assert b"hemmelig" not in stored(note)


def test_one_flipped_bit_in_the_database_is_noticed_on_reading(note_model):
    note = note_model.objects.create(text="hemmelig")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_note SET text = set_bit(text, 300, 1 - get_bit(text, 300))")
    with pytest.raises(DecryptionFailed):
        note_model.objects.get(pk=note.pk)


def test_a_bulk_update_and_a_filterless_update_encrypt_too(note_model):
    note = note_model.objects.create(text="før")
    note_model.objects.update(text="efter")
    assert b"efter" not in stored(note)
    note.text = "sidst"
    note_model.objects.bulk_update([note], ["text"])
    assert b"sidst" not in stored(note)
    assert note_model.objects.get().text == "sidst"


@pytest.mark.parametrize("lookup", ["text", "text__icontains", "text__in"])
def test_a_search_that_could_never_match_is_refused(note_model, lookup):
    with pytest.raises(FieldError):
        note_model.objects.filter(**{lookup: "hemmelig"}).exists()


def test_a_rejected_form_shows_what_was_typed_and_never_what_is_stored(note_model):
    class NoteForm(forms.ModelForm):
        class Meta:
            model = note_model
            fields = ["text", "title"]

        def clean(self):
            raise ValidationError("Nej")

    note = note_model.objects.create(text="gemt", title="titel")
    form = NoteForm({"text": "skrevet", "title": ""}, instance=note)
    assert not form.is_valid()
    assert "skrevet" in form.as_p()
    assert note.text in {"skrevet", "gemt"}
    assert "gemt" in NoteForm(instance=note_model.objects.get()).as_p()
    assert note_model.objects.get().text == "gemt"


@pytest.mark.parametrize("lines", [[], ["en"], ["Å, ø", "0", "to;tre"], ["x" * 2000] * 20])
def test_lines_come_back_from_the_database_as_they_were(note_model, lines):
    note = note_model.objects.create(lines=lines)
    assert note_model.objects.get(pk=note.pk).lines == lines
    assert note_model.objects.values_list("lines", flat=True).get(pk=note.pk) == lines
    note_model.objects.update(lines=[*lines, "mere"])
    assert note_model.objects.get(pk=note.pk).lines == [*lines, "mere"]
