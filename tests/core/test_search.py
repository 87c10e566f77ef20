import pytest
from django_scopes import scope

from core.search import holds_words
from outreach.models import Organisation
from tests.factories import make_organisation


@pytest.fixture
def names(programme):
    for name in ("Jobcenter Ærø", "Ærøskøbing-Østergård", "Lægehuset Århus", "3F Vest"):
        make_organisation(programme, name=name)

    def found(text: str) -> set[str]:
        with scope(programme=programme):
            return set(Organisation.objects.filter(holds_words(text)).values_list("name", flat=True))

    return found


@pytest.mark.parametrize("typed", ["Ærø", "aeroe", "ÆRØ", "ærø", "jobcenter aerø", "ærø  Job"])
def test_a_name_is_found_in_any_spelling_of_its_letters(names, typed):
    assert "Jobcenter Ærø" in names(typed)


@pytest.mark.parametrize(
    "typed", ["østergård", "oestergaard", "Ærøskøbing Østergård", "aeroeskoebing-oester"]
)
def test_a_hyphen_is_a_space(names, typed):
    assert names(typed) == {"Ærøskøbing-Østergård"}


def test_every_word_must_be_there(names):
    assert names("aarhus laege") == {"Lægehuset Århus"}
    assert names("aarhus vest") == set()


@pytest.mark.parametrize("typed", ["", "  ", "?", "%", "\\", "\0"])
def test_what_has_no_letter_or_digit_finds_nobody(names, typed):
    assert names(typed) == set()
