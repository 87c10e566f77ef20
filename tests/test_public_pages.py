"""Every page for everybody: plain words, whole in each language, and nothing typed is lost."""

import re
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.html_forms import forms_on, values_of
from tests.pseudo import LONG, MARK, MIRRORED, pseudo_languages
from tests.public_pages import NO_PAGES, PAGES, PublicPage, Scenery, set_scenery
from tests.reading import NOT_OURS, lix, running_text, words_of
from tests.test_architecture import ROOT
from tests.urlconf import routes

pytestmark = pytest.mark.urls("tests.fault_urls")
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=str)
TRANSLATED = re.compile(rf"{MARK}[^{MARK}⟧]*⟧")
REFERENCE = re.compile(
    r"\b[A-Z0-9]{4}-[A-Z0-9]{3}\b|\b\w+dag(?= \d\d\.)"
)  # and a day of the week, which is Django's own
HARDEST = 35  # "easy" ends here
FEWEST_WORDS = 100  # of fewer words LIX says nothing
MAY_BE_LEFT_OUT = {
    "data-legal": {
        "templates/core/accessibility.html",
        "templates/evaluation/_attribution.html",
        "templates/recruitment/participant_page.html",
        "templates/referrals/_information.html",
    },
    "data-instrument": set(),
}


@pytest.fixture
def scenery(programme) -> Scenery:
    return set_scenery(programme)


@pytest.fixture
def pseudo(pseudo_catalogues):
    with pseudo_languages(pseudo_catalogues):
        yield


def opened(page: PublicPage, scenery: Scenery, language: str = "da") -> HttpResponse:
    """Return what a browser that has chosen `language` comes to."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["django_language"] = language
    if page.before:
        page.before(scenery)
    response = client.get(page.address(scenery), follow=True)
    if page.typed is not None:
        response = client.post(response.request["PATH_INFO"], sent_from(response, page))
    assert response.status_code == page.status
    return response


def sent_from(response: HttpResponse, page: PublicPage) -> dict[str, list[str]]:
    """Return what the page's own form sends when it is filled in and its button is pressed."""
    form = next(form for form in forms_on(response.content.decode()) if "page_language" not in form.names)
    typed = {name: [text] for name, text in (page.typed or {}).items() if name in form.names}
    return {**form.data, **typed, **({"step": [page.button]} if page.button else {})}


# --- Which pages there are -------------------------------------------------------------------------


@pytest.mark.urls("config.urls")
def test_every_public_view_is_listed():
    public = {
        route.name
        for route in routes()
        if hasattr(route.view, "public_reason") or hasattr(route.view, "link_purpose")
    }
    listed = {page.view for page in PAGES} - {""}
    assert public == listed | set(NO_PAGES)
    assert not listed & set(NO_PAGES)


# --- Plain words -----------------------------------------------------------------------------------


@pytest.mark.django_db
@EACH_PAGE
def test_public_page_is_written_in_plain_danish(page, scenery):
    text = running_text(opened(page, scenery).content.decode())
    if len(words_of(text)) >= FEWEST_WORDS:
        assert lix(text) < HARDEST, f"{page}: LIX {lix(text):.1f}: {text}"


def test_lix_counts_as_bjornsson_does():
    # Six words in two sentences, one of them longer than six letters.
    assert lix("Du kan ringe. Vi svarer hurtigst.") == pytest.approx(6 / 2 + 100 * 1 / 6)


def test_lix_takes_headings_and_items_for_sentences_and_hyphens_for_one_word():
    page = "<main><h1>Tilmeld dig</h1><ul><li>Du ringer</li><li>En e-mail</li></ul></main>"
    # Six words in three sentences, one longer than six letters.
    assert lix(running_text(page)) == pytest.approx(6 / 3 + 100 * 1 / 6)


def test_lix_of_hard_words_is_hard():
    """The control: what a lawyer writes would fail."""
    text = "Behandlingen af personoplysninger sker med hjemmel i databeskyttelsesforordningens artikel seks."
    assert lix(text) > HARDEST


def test_only_legal_texts_and_instruments_are_left_out_of_the_count():
    templates = list((ROOT / "templates").rglob("*.html"))
    for mark in NOT_OURS:
        carrying = {str(path.relative_to(ROOT)) for path in templates if mark in path.read_text("utf-8")}
        assert carrying == MAY_BE_LEFT_OUT[mark]
    code = [path for path in ROOT.glob("*/**/*.py") if path.parts[len(ROOT.parts)] not in ("tests", "bench")]
    carrying = {
        str(path.relative_to(ROOT))
        for path in code
        if re.search("data_(legal|instrument)", path.read_text("utf-8"))
    }
    assert carrying == {"evaluation/forms.py"}


def test_text_that_is_left_out_is_only_what_is_marked():
    page = "<main><p>Kort.</p><div data-legal><p>Databeskyttelsesforordningen.</p></div><p>Slut.</p></main>"
    assert "Databeskyttelse" not in running_text(page)
    assert "Databeskyttelse" in running_text(page.replace(" data-legal", ""))
    assert "Slut" in running_text(page)


# --- Whole in each language ------------------------------------------------------------------------


class _Texts(HTMLParser):
    """Collects the texts of a page that are the interface's: not in another language, no instrument."""

    SPOKEN = ("aria-label", "title", "placeholder", "alt")
    VOID = ("br", "hr", "img", "input", "link", "meta")

    def __init__(self, page: str, language: str) -> None:
        super().__init__()
        self.language = language
        self.stack: list[tuple[str, bool]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if not self._left_out():
            self.texts += [given[name] or "" for name in self.SPOKEN if name in given]
        if tag not in self.VOID:
            other = given.get("lang") not in (None, self.language) or "data-instrument" in given
            self.stack.append((tag, other or tag in ("script", "style", "textarea")))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._left_out():
            self.texts.append(" ".join(data.split()))

    def _left_out(self) -> bool:
        return any(left_out for _tag, left_out in self.stack)


def untranslated(page: str, language: str, known: str) -> list[str]:
    """Return the texts of a page that are not in the pseudo-language; `known` are those of people."""
    whole = "\0".join(_Texts(page, language).texts)
    while (inner := TRANSLATED.sub("", whole)) != whole:  # one text may be put into another
        whole = inner
    texts = [" ".join(REFERENCE.sub("", text).split()) for text in whole.split("\0")]
    return [text for text in texts if len(words_of(text)) and text.strip(" .,–·:()") not in known]


@pytest.mark.django_db
@EACH_PAGE
def test_public_page_has_no_text_that_is_not_translated(page, scenery, pseudo):
    """What a view forgot to mark stands in Danish in the middle of a page in another language."""
    body = opened(page, scenery, LONG).content.decode()
    assert f'<html lang="{LONG}"' in body
    programme = scenery.programme
    known = "\n".join(
        [
            "Long Mirrored",
            str(scenery.participant.email),
            *(
                str(getattr(programme, name))
                for name in ("name", "municipality", "contact_name", "contact_email")
            ),
            "Kunstmuseet Havnegade 20 Anna Henrik Holm H.H. A.S. Dansk English anna@borger.example Sørensen",
            f"{programme.name}, {programme.municipality}",
            *(str(value) for value in (page.typed or {}).values()),
        ]
    )
    assert untranslated(body, LONG, known) == []


@pytest.mark.django_db
@EACH_PAGE
def test_public_page_says_which_way_it_is_read(page, scenery, pseudo):
    body = opened(page, scenery, MIRRORED).content.decode()
    assert f'<html lang="{MIRRORED}" dir="rtl">' in body
    assert 'dir="rtl"' not in opened(page, scenery, "en").content.decode()


# --- Nothing typed is lost -------------------------------------------------------------------------

FORMS = [page for page in PAGES if page.status == 422 and not page.gives_back]
GIVING_BACK = [page for page in PAGES if page.gives_back]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("page", FORMS, ids=str)
def test_public_form_with_faults_keeps_every_answer(page, scenery, language):
    response = opened(page, scenery, language)
    body = response.content.decode()
    assert "data-error-summary" in body
    form = next(form for form in forms_on(body) if "page_language" not in form.names)
    kept = set(values_of(form.data))
    assert {(name, text) for name, text in (page.typed or {}).items() if name in form.names and text} <= kept


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("page", GIVING_BACK, ids=str)
def test_public_page_of_a_fault_gives_back_what_was_typed_and_no_button_that_would_lose_it(
    page, scenery, language
):
    body = opened(page, scenery, language).content.decode()
    assert all(text in body for text in (page.typed or {}).values())
    assert "language-button" not in body


@pytest.mark.django_db
@pytest.mark.parametrize("page", [page for page in PAGES if page.typed and not page.gives_back], ids=str)
def test_public_form_keeps_every_answer_when_its_language_is_switched(page, scenery):
    """From the form and from the page where answers are checked; nothing is called wrong and nothing sent."""
    client = Client()
    response = client.get(page.address(scenery), follow=True)
    path = response.request["PATH_INFO"]
    typed = sent_from(response, page)
    if page.status == 200:  # the page where answers are checked
        answered = client.post(path, typed)
        typed = next(
            form for form in forms_on(answered.content.decode()) if "page_language" not in form.names
        ).data
    else:
        typed.pop("step", None)
    switched = client.post(path, {**typed, "page_language": "en"})
    assert switched.status_code == 200
    body = switched.content.decode()
    assert '<html lang="en"' in body
    assert "data-error-summary" not in body
    assert ("Check your answers</h1>" in body) == (page.status == 200)
    form = next(form for form in forms_on(body) if "page_language" not in form.names)
    lost = set(values_of({k: v if isinstance(v, list) else [v] for k, v in typed.items()})) - set(
        values_of(form.data)
    )
    assert {name for name, text in lost if text and name != "csrfmiddlewaretoken"} == set()
    assert client.cookies["django_language"].value == "en"
