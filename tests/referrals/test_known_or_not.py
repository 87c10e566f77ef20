"""A public form never tells whether the person is known: the answers are alike to the last byte."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django_scopes import scope

from accounts.models import Programme
from participants.models import Participant
from tests.factories import make_participant, make_programme
from tests.referrals.pages import as_read

KIRSTEN: dict[str, Any] = {
    "given_name": "Kirsten",
    "family_name": "Ågård",
    "phone": "+4520123456",
    "email": "kirsten@borger.example",
    "birth_year": 1961,
    "postcode": "6700",
}
TYPED = {**KIRSTEN, "phone": "20123456", "birth_year": "1961", "agreed": "on"}
pytestmark = pytest.mark.django_db
ALIKE = {"name": "Kultur", "municipality": "Prøve Kommune", "contact_email": "kultur@kommune.example"}
# What differs from answer to answer and tells nothing: tokens, nonces, keys and the reference number.
CHANGING = (
    r'(name="csrfmiddlewaretoken" value=")[^"]+',
    r'(nonce[=-]"?)[\w+/=-]+',
    r'(name="(?:started|submission_key|sent_at|stamp|form_version|next)[^"]*" value=")[^"]+',
    r"(kvittering=)[\w:-]+",
    r"()\b[A-Z0-9]{4}-[A-Z0-9]{3}\b",
)


def told(response: HttpResponse, programme: Programme) -> tuple[int, dict[str, str], str]:
    """Return status, headers and body without what changes from one answer to the next."""

    def plain(text: str) -> str:
        for pattern in CHANGING:
            text = re.sub(pattern, r"\1", text)
        return text.replace(programme.slug, "")

    headers = {name: plain(value) for name, value in response.headers.items() if name != "Content-Length"}
    return response.status_code, headers, plain(response.content.decode())


@pytest.mark.parametrize("resembled", ["the same", "a slip"])
def test_sign_up_of_somebody_known_is_answered_as_that_of_a_stranger(client: Client, resembled: str) -> None:
    typed = dict(TYPED) if resembled == "the same" else {**TYPED, "given_name": "Kirstn"}
    answers = []
    for known in (True, False):
        programme = make_programme(**ALIKE)
        make_programme()  # so that neither stands alone and the addresses are alike
        if known:
            make_participant(programme, **KIRSTEN)
        address, browser = f"/tilmeld/{programme.slug}/", Client()
        typed |= as_read(browser, address)
        check = browser.post(address, typed)
        sent = browser.post(address, {**typed, "step": "send"})
        receipt = browser.get(sent["Location"])
        answers.append([told(page, programme) for page in (check, sent, receipt)])
        with scope(programme=programme):
            expected = 1 if resembled == "the same" or not known else 2
            assert Participant.objects.count() == expected, "the forms were received, so they could tell"

    assert [status for status, _, _ in answers[0]] == [200, 302, 200]
    assert answers[0] == answers[1]
