"""Everything the public reads has its English, and what is compiled is what stands in the catalogue."""

import copy

import pytest
from django.utils import translation

from core.catalogue import FOLDER, compiled, faults, public_modules, public_templates, read_catalogue
from tests.test_architecture import ROOT


def test_every_public_text_has_its_english():
    assert faults() == []


def test_compiled_catalogue_is_the_one_that_is_read():
    """`manage.py refresh_catalogue` compiles it; the app reads the compiled file alone."""
    assert (ROOT / FOLDER / "django.mo").read_bytes() == compiled(read_catalogue())


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda message: setattr(message, "string", ""), "no English"),
        (lambda message: message.flags.add("fuzzy"), "only guessed (fuzzy)"),
        (lambda message: setattr(message, "string", "Hello %(nobody)s"), "other placeholders or markup"),
        (lambda message: setattr(message, "string", "Hello <b>%(name)s</b>"), "other placeholders or markup"),
    ],
)
def test_spoilt_english_is_found(spoil, fault):
    """The control: one text is spoilt, and its fault is told."""
    catalogue = copy.deepcopy(read_catalogue())
    spoil(catalogue["Hej %(name)s"])
    assert [found for found in faults(catalogue) if fault in found and "Hej %(name)s" in found]


def test_a_text_without_an_entry_and_an_entry_without_a_text_are_found():
    catalogue = copy.deepcopy(read_catalogue())
    del catalogue["Tilmeld dig"]
    catalogue.add("Det siger ingen", "Nobody says this")
    found = faults(catalogue)
    assert [fault for fault in found if "not in the catalogue: Tilmeld dig" in fault]
    assert "no longer in the code: Det siger ingen" in found


def test_public_texts_are_looked_for_where_the_public_reads():
    templates = {str(path.relative_to(ROOT / "templates")) for path in public_templates()}
    assert {
        "referrals/about.html",
        "referrals/_call.html",
        "evaluation/questionnaire.html",
        "recruitment/_own_session.html",
        "core/server_error.html",
        "referrals/messages/signup_receipt/body.txt",
    } <= templates
    assert not {
        name for name in templates if name.startswith(("account/", "layouts/staff", "recruitment/cohort"))
    }
    assert ROOT / "core/forms.py" in public_modules()


def test_english_is_what_the_page_says():
    with translation.override("en"):
        assert translation.gettext("Tilmeld dig") == "Sign up"
        assert (
            translation.ngettext("%(left)s ledig plads", "%(left)s ledige pladser", 1)
            == "%(left)s place left"
        )
