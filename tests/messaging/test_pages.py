"""The coordinator's pages about messages."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from accounts.permissions import Permission
from core.models import LinkToken
from core.tokens import issue_token
from messaging import kinds
from messaging.enums import MessageState
from messaging.kinds import Kind, Rendered
from messaging.models import OutboundMessage
from messaging.urls import urlpatterns
from tests.factories import NOW, make_participant, make_programme, make_referrer, make_user
from tests.messaging.conftest import LETTER

ACTIONS = {
    "messaging:message_cancel": {MessageState.PLANNED},
    "messaging:message_retry": {MessageState.FAILED, MessageState.RETURNED},
    "messaging:message_confirm": {MessageState.UNCERTAIN},
    "messaging:message_send_again": {MessageState.UNCERTAIN},
}


@pytest.fixture
def client(client_for: Callable[[User], Client], coordinator: User) -> Client:
    return client_for(coordinator)


def make_message(programme: Programme, state: str = MessageState.PLANNED, **fields: Any) -> OutboundMessage:
    settled = state not in {MessageState.PLANNED, MessageState.CANCELLED}
    with scope(programme=programme):
        return OutboundMessage.objects.create(
            programme=programme,
            unique_key=f"side:{OutboundMessage.objects.count()}",
            state=state,
            **{
                "kind": "test_letter",
                "referrer": None if "participant" in fields else make_referrer(programme),
                "planned_at": NOW,
                "send_after": NOW,
                "claimed_at": NOW if settled else None,
                "sent_at": NOW if state == MessageState.SENT else None,
                "returned_at": NOW if state == MessageState.RETURNED else None,
                "subject": "Næste hold" if settled else None,
                "body": "Hej Henrik\n\nVi ses." if settled else None,
                **fields,
            },
        )


def show(client: Client, message: OutboundMessage) -> str:
    return client.get(reverse("messaging:message_detail", kwargs={"pk": message.pk})).content.decode()


def test_message_list_is_friendly_when_empty(client: Client) -> None:
    assert "Ingen beskeder endnu" in client.get(reverse("messaging:message_list")).content.decode()


def test_message_list_shows_what_went_to_whom_and_how_it_stands(client: Client, programme: Programme) -> None:
    make_message(
        programme,
        MessageState.SENT,
        participant=make_participant(programme, given_name="Åse", family_name="Ø"),
    )
    make_message(programme, MessageState.FAILED, fault="Mailserveren svarer ikke.")
    page = client.get(reverse("messaging:message_list")).content.decode()
    for words in ("Prøvebrev", "Åse Ø", "Sendt 10.03.2026 kl. 10.00", "Mailserveren svarer ikke."):
        assert words in page


def test_message_list_keeps_its_filters_in_the_address(client: Client, programme: Programme) -> None:
    for _ in range(30):
        make_message(programme, MessageState.FAILED)
    make_message(programme, MessageState.SENT, referrer=make_referrer(programme, name="Kun Sendt"))
    page = client.get(
        reverse("messaging:message_list"), {"tilstand": "failed", "slags": "test_letter"}
    ).content.decode()
    assert "Kun Sendt" not in page
    assert "tilstand=failed&amp;slags=test_letter&amp;page=2" in page
    second = client.get(reverse("messaging:message_list"), {"tilstand": "failed", "page": "2"})
    assert len(second.context["lines"]) == 5


def test_message_list_says_so_when_a_filter_finds_nothing(client: Client, programme: Programme) -> None:
    make_message(programme, MessageState.SENT)
    page = client.get(reverse("messaging:message_list"), {"tilstand": "uncertain"}).content.decode()
    assert "Ingen beskeder passer" in page


@pytest.mark.parametrize("query", [{"tilstand": "vrøvl"}, {"slags": "x' OR 1=1"}, {"page": "-7"}])
def test_message_list_takes_a_mistyped_address_for_no_filter(
    client: Client, programme: Programme, query: dict[str, str]
) -> None:
    make_message(programme, MessageState.SENT)
    response = client.get(reverse("messaging:message_list"), query)
    assert response.status_code == 200
    assert len(response.context["lines"]) == 1


def test_message_list_takes_the_same_queries_for_1_3_and_30_rows(
    client: Client, programme: Programme
) -> None:
    counts = []
    for more in (1, 2, 22):
        for number in range(more):
            recipient = {"participant": make_participant(programme)} if number % 2 else {}
            make_message(programme, MessageState.SENT, **recipient)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("messaging:message_list"))
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def test_message_detail_shows_what_was_sent(client: Client, programme: Programme) -> None:
    page = show(client, make_message(programme, MessageState.SENT, address="henrik@jobcenter.example"))
    for words in ("Næste hold", "Vi ses.", "henrik@jobcenter.example", "Sendt 10.03.2026 kl. 10.00"):
        assert words in page


def test_message_detail_says_when_the_text_has_been_deleted(client: Client, programme: Programme) -> None:
    page = show(client, make_message(programme, MessageState.SENT, subject=None, body=None))
    assert "Teksten er slettet. Vi gemmer den i 180 dage." in page


def test_message_detail_hides_what_opens_the_recipients_page(client: Client, programme: Programme) -> None:
    token = "abcdefghijklmnopqrstuvwxyz"
    body = f"Se https://kultur.example/min-side/{token}/ for mere."
    page = show(client, make_message(programme, MessageState.SENT, body=body))
    assert token not in page
    assert "https://kultur.example/min-side/…/" in page


def test_message_detail_lets_a_demonstration_follow_links(db: None, client_for: Any) -> None:
    demo = make_programme(is_demo=True)
    from_link = "https://kultur.example/min-side/abcdefghijklmnopqrstuvwxyz/"
    message = make_message(demo, MessageState.SENT, body=f"Se {from_link} .")
    assert f'href="{from_link}"' in show(client_for(make_user(demo)), message)


def test_message_detail_previews_a_planned_message_and_stores_nothing(
    client: Client, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(message: OutboundMessage, now: dt.datetime) -> Rendered:
        token = issue_token(
            purpose="test",
            programme_id=message.programme_id,
            subject_id=1,
            expires_at=now + dt.timedelta(days=1),
            now=now,
        )
        return Rendered("a@b.example", "Emnet", f"Her: /min-side/{token}/", "", "r@b.example")

    monkeypatch.setitem(kinds._kinds, "test_letter", Kind("test_letter", "x", LETTER.eligible, render, False))
    page = show(client, make_message(programme))
    assert "Emnet" in page
    assert "Her: /min-side/" in page
    assert not LinkToken.objects.exists()


def test_message_detail_says_that_a_planned_message_is_no_longer_wanted(
    client: Client, programme: Programme
) -> None:
    stopped = make_referrer(programme, stopped_at=NOW)
    page = show(client, make_message(programme, kind="test_nudge", referrer=stopped))
    assert "Henviseren har frabedt sig påmindelser." in page


def test_message_detail_shows_a_planned_message_that_cannot_be_written(
    client: Client, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(message: OutboundMessage, now: dt.datetime) -> Rendered:
        raise KeyError

    monkeypatch.setitem(kinds._kinds, "test_letter", Kind("test_letter", "x", LETTER.eligible, broken, False))
    assert "Beskeden kan ikke vises" in show(client, make_message(programme))


def test_message_detail_shows_a_kind_that_is_no_longer_known(client: Client, programme: Programme) -> None:
    assert "gammel_slags" in show(client, make_message(programme, kind="gammel_slags"))


def test_message_detail_says_why_a_message_was_cancelled(client: Client, programme: Programme) -> None:
    message = make_message(programme, MessageState.CANCELLED, cancelled_because="Henviseren har pause.")
    assert "Henviseren har pause." in show(client, message)


@pytest.mark.parametrize("state", MessageState.values)
def test_message_detail_offers_what_its_state_allows(
    client: Client, programme: Programme, state: str
) -> None:
    message = make_message(programme, state)
    page = show(client, message)
    for name, wanted in ACTIONS.items():
        assert (reverse(name, kwargs={"pk": message.pk}) in page) == (state in wanted)


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("state", MessageState.values)
def test_message_action_moves_the_state_it_is_for_and_no_other(
    client: Client, programme: Programme, name: str, state: str
) -> None:
    message = make_message(programme, state)
    response = client.post(reverse(name, kwargs={"pk": message.pk}), follow=True)
    message.refresh_from_db()
    if state in ACTIONS[name]:
        assert message.state != state
        assert "alert-success" in response.content.decode()
    else:
        assert message.state == state
        assert "Beskeden har ændret sig i mellemtiden" in response.content.decode()


def test_message_cancel_keeps_who_decided(client: Client, programme: Programme) -> None:
    message = make_message(programme)
    client.post(reverse("messaging:message_cancel", kwargs={"pk": message.pk}))
    message.refresh_from_db()
    assert message.cancelled_because == "Kirsten Koordinator valgte ikke at sende den."


def test_message_retry_gives_all_attempts_again(client: Client, programme: Programme) -> None:
    message = make_message(programme, MessageState.FAILED, attempts=27, fault="x", message_id="<gammel@x>")
    before = timezone.now()
    client.post(reverse("messaging:message_retry", kwargs={"pk": message.pk}))
    message.refresh_from_db()
    assert (message.state, message.attempts, message.fault) == (MessageState.PLANNED, 0, "")
    assert (message.body, message.message_id) == (None, "")
    assert message.send_after >= before


def test_message_confirm_keeps_when_it_was_sent(client: Client, programme: Programme) -> None:
    message = make_message(programme, MessageState.UNCERTAIN)
    client.post(reverse("messaging:message_confirm", kwargs={"pk": message.pk}))
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (MessageState.SENT, NOW)


@pytest.mark.parametrize("name", ACTIONS)
def test_message_action_is_refused_as_a_link(client: Client, programme: Programme, name: str) -> None:
    for state in ACTIONS[name]:
        message = make_message(programme, state)
        assert client.get(reverse(name, kwargs={"pk": message.pk})).status_code == 405
        message.refresh_from_db()
        assert message.state == state


PAGES = ["messaging:message_detail", *ACTIONS]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("whose", ["foreign", "missing"])
def test_message_of_another_programme_is_as_missing_as_one_that_never_was(
    client: Client, programme: Programme, other_programme: Programme, name: str, whose: str
) -> None:
    state = next(iter(ACTIONS.get(name, {MessageState.SENT})))
    foreign = make_message(other_programme, state)
    pk = foreign.pk if whose == "foreign" else foreign.pk + 1_000
    method = client.get if name == "messaging:message_detail" else client.post
    assert method(reverse(name, kwargs={"pk": pk})).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == state


def test_message_list_shows_no_other_programmes_messages(
    client: Client, programme: Programme, other_programme: Programme
) -> None:
    make_message(other_programme, MessageState.SENT, referrer=make_referrer(other_programme, name="Fremmed"))
    assert "Fremmed" not in client.get(reverse("messaging:message_list")).content.decode()


@pytest.mark.parametrize(("role", "status"), [("coordinator", 200), ("manager", 403), ("administrator", 403)])
def test_message_pages_are_the_coordinators(
    client_for: Callable[[User], Client],
    programme: Programme,
    request: pytest.FixtureRequest,
    role: str,
    status: int,
) -> None:
    message = make_message(programme)
    member = client_for(request.getfixturevalue(role))
    assert member.get(reverse("messaging:message_list")).status_code == status
    assert member.get(reverse("messaging:message_detail", kwargs={"pk": message.pk})).status_code == status
    if status == 403:
        for name in ACTIONS:
            assert member.post(reverse(name, kwargs={"pk": message.pk})).status_code == 403


def test_message_list_asks_a_stranger_to_sign_in(db: None, client_for: Callable[[None], Client]) -> None:
    response = client_for(None).get(reverse("messaging:message_list"))
    assert response.status_code == 302
    assert "next=/beskeder/" in response["Location"]


def test_message_views_ask_for_the_right_to_see_messages() -> None:
    pages = [pattern.callback for pattern in urlpatterns if not hasattr(pattern.callback, "public_reason")]
    assert len(pages) == len(urlpatterns) - 2, "all but the two reports of providers"
    assert {page.permission for page in pages} == {Permission.SEE_MESSAGES}
