import pytest

from core.resend import typed_fields

pytestmark = [pytest.mark.urls("tests.core.urls"), pytest.mark.django_db]

TYPED = {"note": "Jeg vil gerne med", "day": ["man", "ons"]}


def test_a_form_whose_cookie_is_gone_is_sent_again_with_one_press(browser, form_on):
    refused = browser.post("/ekko/", TYPED)
    assert refused.status_code == 403
    assert refused["Cache-Control"] == "private, no-store"
    form = form_on(refused.content.decode())
    assert form.action == "/ekko/"
    assert browser.post(form.action, form.data).content.decode() == "Jeg vil gerne med"


def test_an_old_token_is_replaced_and_never_sent_along(browser, form_on):
    form = form_on(browser.post("/ekko/", {**TYPED, "csrfmiddlewaretoken": "x" * 64}).content.decode())
    assert len(form.data["csrfmiddlewaretoken"]) == 1
    assert form.data["day"] == ["man", "ons"]


def test_what_was_typed_is_shown_as_text(browser):
    page = browser.post("/ekko/", {"note": "<script>alert(1)</script> og mere"}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; og mere" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("origin", ["https://ond.example", "null"])
def test_another_sites_form_gets_no_button(browser, origin):
    page = browser.post("/ekko/", TYPED, headers={"origin": origin}).content.decode()
    assert "<form" not in page
    assert "Jeg vil gerne med" in page


def test_our_own_site_is_no_other(browser, form_on):
    page = browser.post("/ekko/", TYPED, headers={"origin": "http://testserver"}).content.decode()
    assert form_on(page).action == "/ekko/"


def test_secrets_are_not_given_back(rf):
    posted = {
        "login": "anna@eksempel.dk",
        "password": "x",
        "oldpassword": "y",
        "code": "123",
        "postcode": "6700",
    }
    assert typed_fields(rf.post("/", posted)) == [("login", "anna@eksempel.dk"), ("postcode", "6700")]


def test_a_visit_without_a_form_has_nothing_to_give_back(rf):
    assert typed_fields(rf.get("/", {"note": "x"})) == []


def test_a_form_that_cannot_be_read_gives_nothing_back(rf, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    assert typed_fields(rf.post("/", {"a": "1", "b": "2"})) == []
