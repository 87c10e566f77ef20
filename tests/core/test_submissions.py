import datetime as dt
import uuid

import pytest
from django import forms
from django_scopes import scope

from accounts.models import Programme
from core.forms import DanishDateField, FreeTextField, PhoneField, PlainTextField
from core.resend import typed_fields
from core.spam import SpamGuardMixin
from core.submissions import SubmissionKeyMixin, submission_key

TYPED = {
    "name": "Anna",
    "phone": "20 12 34 56",
    "on": "05.11.2026",
    "days": ["man", "ons"],
    "note": "Hej\r\ndu",
}
TODAY = dt.date(2026, 11, 5)


class ContactForm(SpamGuardMixin, SubmissionKeyMixin, forms.Form):
    name = PlainTextField()
    phone = PhoneField()
    on = DanishDateField()
    days = forms.MultipleChoiceField(choices=[("man", "Mandag"), ("ons", "Onsdag")])
    note = FreeTextField(required=False)


class OtherForm(ContactForm):
    pass


def key_of(form_class: type[forms.Form] = ContactForm, **changes) -> uuid.UUID:
    form = form_class({**TYPED, **changes})
    assert form.is_valid(), form.errors
    return form.cleaned_data["submission_key"]


def test_the_same_answers_sent_twice_have_one_key():
    assert key_of() == key_of()


def test_a_page_fetched_anew_with_the_old_answers_in_it_has_the_same_key():
    fresh = ContactForm()
    assert key_of(drawn=fresh["drawn"].value(), website="x") == key_of()


def test_the_same_answers_in_another_spelling_have_the_same_key():
    assert key_of(phone="+4520123456", on="5/11/2026", name=" Anna ", note="Hej\ndu") == key_of()


@pytest.mark.parametrize(
    "correction", [{"phone": "20 12 34 57"}, {"days": ["man"]}, {"on": "06.11.2026"}, {"note": ""}]
)
def test_a_corrected_answer_is_a_sending_of_its_own(correction):
    assert key_of(**correction) != key_of()


def test_the_same_answers_to_another_form_are_a_sending_of_their_own():
    assert key_of(OtherForm) != key_of()


@pytest.mark.django_db
def test_the_same_answers_to_another_programme_are_a_sending_of_their_own(programme, other_programme):
    with scope(programme=programme):
        here = key_of()
    with scope(programme=other_programme):
        assert key_of() != here


def test_the_same_answers_another_day_are_a_sending_of_their_own():
    on_two_days = {submission_key(ContactForm, TYPED, on=TODAY + dt.timedelta(days=day)) for day in range(2)}
    assert len(on_two_days) == 2


@pytest.mark.django_db
def test_rows_that_were_chosen_count_by_their_key(programme, other_programme):
    def key(chosen):
        return submission_key(ContactForm, {"programme": chosen}, on=TODAY)

    assert key(programme) == key(Programme.objects.get(pk=programme.pk)) != key(other_programme)
    both = Programme.objects.all()
    assert key(both.order_by("pk")) == key(both.order_by("-pk")) != key(both.filter(pk=programme.pk))


def test_a_key_says_nothing_about_the_answers_without_our_secret(settings):
    before = key_of()
    settings.LOOKUP_KEY = "another"
    assert key_of() != before


def test_the_check_page_and_a_page_after_a_fault_send_the_same(rf):
    carried = dict(typed_fields(rf.post("/", {**TYPED, "days": "man"})))
    assert key_of(**{**carried, "days": ["man"]}) == key_of(days=["man"])


def test_a_form_with_faults_has_no_key_yet():
    form = ContactForm({**TYPED, "name": ""})
    assert not form.is_valid()
    assert "submission_key" not in form.cleaned_data
