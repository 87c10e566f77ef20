"""A programme's own texts stand in Danish and English, and Danish is shown where English is missing."""

import pytest
from django.template import Context, Template
from django.utils import translation

from accounts.models import Programme
from accounts.programme_texts import starting_texts
from accounts.translation import TRANSLATED
from recruitment.forms.settings import LINE_BY_LINE

MARKED = Template('{% load languages %}<p{% lang_of programme "about" %}>{{ programme.about }}</p>')


def shown(programme: Programme, language: str) -> str:
    with translation.override(language):
        return MARKED.render(Context({"programme": programme}))


def test_starting_texts_stand_in_every_language_line_by_line():
    texts = starting_texts(name="Kultur på Recept", municipality="Prøve Kommune")
    assert set(texts) == {f"{name}_{code}" for name in TRANSLATED for code in ("da", "en")} - {
        "phone_hours_da",
        "phone_hours_en",
    }
    for name in LINE_BY_LINE:
        assert texts[f"{name}_da"].count("\n") == texts[f"{name}_en"].count("\n")
    assert all(texts.values())


def test_programme_text_follows_the_language_of_the_page(programme):
    assert shown(programme, "da") == f"<p>{programme.about_da}</p>"
    assert shown(programme, "en") == f"<p>{programme.about_en}</p>"


def test_programme_text_without_english_is_danish_and_says_so(programme):
    programme.about_en = ""
    assert shown(programme, "en") == f'<p lang="da">{programme.about_da}</p>'
    assert shown(programme, "ar") == f'<p lang="da" dir="ltr">{programme.about_da}</p>'


@pytest.mark.django_db
def test_programme_text_is_danish_where_a_new_programme_has_no_english(programme):
    """The database gives the English columns an empty text, never NULL."""
    texts = {name: value for name, value in programme.__dict__.items() if name.endswith("_da")}
    other = Programme.objects.create(
        name="Uden", slug="uden", municipality="Prøve", municipality_code="0561", **texts
    )
    other.refresh_from_db()
    assert other.criteria_en == ""
    with translation.override("en"):
        assert other.criteria_list == programme.criteria_da.splitlines()
