"""The referrer's own page, behind the link in their mails."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Programme
from core.tokens import revoke_tokens
from outreach.models import NEWS_SWITCHES, Referrer
from outreach.services import mark_referrer_here, mark_referrer_left
from participants.enums import AgreementKind, AgreementMethod, Stage
from participants.services import give_agreement
from referrals.models import Referral
from referrals.services import referrer_page_url
from referrals.services.links import REFERRER_PAGE, REFERRER_PAGE_DAYS
from tests import factories
from tests.referrals.answers import TYPED_BY_CASEWORKER
from tests.referrals.clock import clock_at
from tests.referrals.pages import as_read, form_fields
from worklist.enums import TaskKind
from worklist.models import Task

PAGE = "/min-side/"
pytestmark = pytest.mark.usefixtures("in_scope")


@pytest.fixture
def referrer(programme: Programme) -> Referrer:
    organisation = factories.make_organisation(programme, name="Jobcenter Esbjerg")
    return factories.make_referrer(
        programme, name="Henrik Holm", email="henrik@jobcenter.example", organisation=organisation
    )


def open_page(client: Client, referrer: Referrer) -> HttpResponse:
    path = referrer_page_url(referrer=referrer, now=timezone.now()).removeprefix("http://testserver")
    return client.get(path, follow=True)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_referrer_page_opens_by_the_link_and_hides_the_token(client: Client, referrer: Referrer) -> None:
    response = open_page(client, referrer)

    assert response.status_code == 200
    assert response.redirect_chain == [(PAGE, 302)]
    assert "Henrik Holm" in text(response)


def test_referrer_page_opens_by_the_same_link_many_times(client: Client, referrer: Referrer) -> None:
    path = referrer_page_url(referrer=referrer, now=timezone.now()).removeprefix("http://testserver")

    for browser in (client, Client(), Client()):
        assert browser.get(path, follow=True).status_code == 200


def test_referrer_page_shows_initials_and_status_and_no_more(
    client: Client, programme: Programme, referrer: Referrer, now: dt.datetime
) -> None:
    participant = factories.make_participant(
        programme,
        given_name="Åse",
        family_name="Ærø",
        phone="+4530123456",
        stage=Stage.CLOSED,
        note="Ved at komme sig",
    )
    referral = factories.make_referral(
        programme, participant=participant, referrer=referrer, feedback_allowed=True, reason="Ondt i livet"
    )
    give_agreement(
        participant=participant,
        kind=AgreementKind.FEEDBACK,
        method=AgreementMethod.REFERRER,
        text_version="1",
        by=None,
        now=now,
    )

    page = text(open_page(client, referrer))

    assert referral.reference in page
    assert "Å.Æ." in page
    assert '<li class="current" aria-current="step"><span>Afsluttet</span></li>' in page
    for secret in ("Åse", "Ærø", "30 12 34 56", "Ondt i livet", "Ved at komme sig", "Takkede nej"):
        assert secret not in page


def test_referrer_page_tells_nothing_where_the_citizen_did_not_agree(
    client: Client, programme: Programme, referrer: Referrer
) -> None:
    factories.make_referral(programme, referrer=referrer, feedback_allowed=False)

    page = text(open_page(client, referrer))

    assert "Borgeren har ikke sagt ja til, at du hører mere." in page
    assert 'aria-current="step"' not in page


def test_referrer_page_tells_next_start_and_seats(
    client: Client, programme: Programme, referrer: Referrer
) -> None:
    starts_on = timezone.localdate() + dt.timedelta(days=10)
    factories.make_cohort(programme, starts_on=starts_on, capacity=8)

    page = text(open_page(client, referrer))

    assert f"{starts_on:%d.%m.%Y}" in page
    assert "8 ledige pladser" in page


def test_refer_another_comes_with_my_details_filled_in(client: Client, referrer: Referrer) -> None:
    page = open_page(client, referrer)
    own = {
        "referrer_name": "Henrik Holm",
        "referrer_workplace": "Jobcenter Esbjerg",
        "referrer_email": "henrik@jobcenter.example",
    }
    for name, value in own.items():
        assert f'name="{name}" value="{value}"' in text(page)

    form = client.post("/henvis/kultur/jobcenter/", {**own, "step": "edit"})

    assert form.status_code == 200
    filled = form_fields(form)
    assert {name: filled[name] for name in own} == own
    assert filled["given_name"] == ""
    assert "Fejl" not in text(form)


@pytest.mark.parametrize("months", [1, 3, 6])
def test_one_button_pauses_reminders(client: Client, referrer: Referrer, months: int) -> None:
    open_page(client, referrer)

    answer = client.post(PAGE, {"choice": f"pause-{months}"}, follow=True)

    referrer.refresh_from_db()
    assert referrer.paused_until is not None
    assert "Du har pause til den" in text(answer)
    assert f"{timezone.localtime(referrer.paused_until):%d.%m.%Y}" in text(answer)


def test_one_button_stops_reminders_and_another_brings_them_back(client: Client, referrer: Referrer) -> None:
    open_page(client, referrer)

    stopped = client.post(PAGE, {"choice": "stop"}, follow=True)
    referrer.refresh_from_db()
    assert referrer.stopped_at is not None
    assert "Slå påmindelser til" in text(stopped)

    client.post(PAGE, {"choice": "resume"})
    referrer.refresh_from_db()
    assert referrer.stopped_at is None


def test_reading_the_page_changes_nothing(client: Client, referrer: Referrer) -> None:
    open_page(client, referrer)
    client.get(PAGE, {"choice": "stop"})

    referrer.refresh_from_db()
    assert referrer.stopped_at is None
    assert referrer.paused_until is None


def test_an_unknown_choice_is_refused(client: Client, referrer: Referrer) -> None:
    open_page(client, referrer)

    assert client.post(PAGE, {"choice": "pause-99"}).status_code == 400


@pytest.mark.parametrize("why", ["unknown", "expired", "revoked", "left", "erased", "no link"])
def test_an_unusable_link_opens_a_page_that_says_what_to_do(
    client: Client, referrer: Referrer, why: str
) -> None:
    path = referrer_page_url(referrer=referrer, now=timezone.now()).removeprefix("http://testserver")
    moment = timezone.now()
    if why == "unknown":
        path = f"{PAGE}{'a' * 26}/"
    elif why == "no link":
        path = PAGE
    elif why == "expired":
        moment += dt.timedelta(days=REFERRER_PAGE_DAYS + 1)
    elif why == "revoked":
        revoke_tokens(purpose=REFERRER_PAGE, subject_id=referrer.pk, now=moment)
    elif why == "erased":
        referrer.delete()
    else:
        Referrer.objects.update(left_on=timezone.localdate())

    with clock_at(moment):
        response = client.get(path, follow=True)

    assert response.status_code == 404
    assert ("Åbn linket direkte" if why == "no link" else "Linket virker ikke") in text(response)
    assert "Henrik" not in text(response)


def test_a_reference_number_opens_nothing(client: Client, programme: Programme, referrer: Referrer) -> None:
    reference = factories.make_referral(programme, referrer=referrer).reference

    assert client.get(f"{PAGE}{reference}/").status_code == 404


def test_referrer_page_takes_as_many_queries_with_many_referrals_as_with_one(
    client: Client, programme: Programme, referrer: Referrer
) -> None:
    open_page(client, referrer)
    counts = []
    for rows in (1, 2, 27):
        for _ in range(rows):
            factories.make_referral(programme, referrer=referrer)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))

    assert len(set(counts)) == 1


# --- What the referrer hears of those they sent ----------------------------------------------------


def choose_news_on_page(client: Client, *ticked: str) -> HttpResponse:
    return client.post(PAGE, {"choice": "news", "news": ticked}, follow=True)


def switches_of(referrer: Referrer) -> dict[str, bool]:
    referrer.refresh_from_db()
    return {name: getattr(referrer, name) for name in NEWS_SWITCHES}


def test_referrer_page_switches_news_off_and_on(client: Client, referrer: Referrer) -> None:
    open_page(client, referrer)

    response = choose_news_on_page(client, "news_receipt", "news_closed")

    assert "Dit valg er gemt." in text(response)
    assert [name for name, on in switches_of(referrer).items() if on] == ["news_receipt", "news_closed"]
    choose_news_on_page(client, *NEWS_SWITCHES)
    assert all(switches_of(referrer).values())


def test_referrer_page_offers_no_news_that_the_programme_does_not_send(
    client: Client, programme: Programme, referrer: Referrer
) -> None:
    Programme.objects.filter(pk=programme.pk).update(news_started=False)

    response = open_page(client, referrer)

    assert "Når vi har talt med borgeren" in text(response)
    assert "Når borgeren er begyndt" not in text(response)
    choose_news_on_page(client)
    assert [name for name, on in switches_of(referrer).items() if on] == ["news_started"]


@pytest.mark.parametrize("ticked", ["news_started", "name", "programme"])
def test_referrer_page_refuses_a_switch_that_is_not_offered(
    client: Client, programme: Programme, referrer: Referrer, ticked: str
) -> None:
    Programme.objects.filter(pk=programme.pk).update(news_started=False)
    open_page(client, referrer)

    assert choose_news_on_page(client, ticked).status_code == 400
    assert all(switches_of(referrer).values())


# --- What to expect next ---------------------------------------------------------------------------


def told_referral(
    programme: Programme, referrer: Referrer, stage: Stage, *, text_version: str = "2", **fields: Any
) -> Referral:
    """Make a referral whose citizen has agreed, in the words of that version, that it is told."""
    participant = factories.make_participant(programme, given_name="Åse", family_name="Ærø", stage=stage)
    referral = factories.make_referral(
        programme, participant=participant, referrer=referrer, feedback_allowed=True, **fields
    )
    give_agreement(
        participant=participant,
        kind=AgreementKind.FEEDBACK,
        method=AgreementMethod.REFERRER,
        text_version=text_version,
        by=None,
        now=referral.received_at,
    )
    return referral


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        (Stage.RECEIVED, "Du skal ikke gøre mere. Vi ringer til borgeren senest den"),
        (Stage.CONTACTING, "Ring gerne til os, hvis du har et andet nummer."),
        (Stage.CONVERSATION, "Vi har talt med borgeren. Du skal ikke gøre mere."),
        (Stage.READY, "Borgeren er klar til et hold."),
        (Stage.PAUSED, "Borgeren er i gang."),
        (Stage.CLOSED, "Forløbet hos os er slut."),
    ],
)
def test_each_step_says_what_to_expect(
    client: Client, programme: Programme, referrer: Referrer, stage: Stage, sentence: str
) -> None:
    told_referral(programme, referrer, stage, received_at=timezone.now())
    assert sentence in text(open_page(client, referrer))


def test_a_call_that_is_late_is_admitted(client: Client, programme: Programme, referrer: Referrer) -> None:
    told_referral(programme, referrer, Stage.RECEIVED)
    page = text(open_page(client, referrer))
    assert "Vi er bagefter, men vi ringer til borgeren, så snart vi kan." in page
    assert "senest den" not in page


def test_nothing_to_do_is_said_at_the_top_and_so_is_a_number_that_is_missing(
    client: Client, programme: Programme, referrer: Referrer
) -> None:
    told_referral(programme, referrer, Stage.ACTIVE)
    assert "Du skal ikke gøre noget lige nu." in text(open_page(client, referrer))

    missing = told_referral(programme, referrer, Stage.CONTACTING)
    page = text(open_page(client, referrer))
    assert "Har du et andet nummer?" in page
    assert f"<strong>Å.Æ.</strong> ({missing.reference})" in page
    assert "Du skal ikke gøre noget lige nu." not in page


def test_that_a_citizen_cannot_be_reached_is_not_told_without_their_yes(
    client: Client, programme: Programme, referrer: Referrer
) -> None:
    participant = factories.make_participant(programme, stage=Stage.CONTACTING)
    factories.make_referral(programme, participant=participant, referrer=referrer, feedback_allowed=False)
    page = text(open_page(client, referrer))
    assert "andet nummer" not in page
    assert "Borgeren har ikke sagt ja til, at du hører mere." in page


def test_the_page_says_what_we_look_for_and_whom_to_call(
    client: Client, programme: Programme, referrer: Referrer
) -> None:
    page = text(open_page(client, referrer))
    assert programme.criteria_list[0] in page
    assert "20 12 34 56" in page
    assert "Du har ikke henvist nogen endnu." in page


def test_more_than_fifty_referrals_are_all_there_on_pages(
    client: Client, programme: Programme, referrer: Referrer
) -> None:
    made = {factories.make_referral(programme, referrer=referrer).reference for _ in range(53)}
    first = text(open_page(client, referrer))
    assert "(53)" in first
    pages = [text(client.get(PAGE, {"page": str(number)})) for number in (1, 2, 3)]
    assert {reference for reference in made for page in pages if reference in page} == made
    assert not [reference for reference in made if reference in pages[0] and reference in pages[2]]


# --- A colleague takes over ------------------------------------------------------------------------


@pytest.fixture
def successor(programme: Programme, referrer: Referrer) -> Referrer:
    return factories.make_referrer(
        programme, name="Mona Ægidius", email="mona@jobcenter.example", organisation=referrer.organisation
    )


def hand_over(leaving: Referrer, successor: Referrer) -> None:
    now = timezone.now()
    mark_referrer_left(
        referrer=leaving, successor=successor, left_on=timezone.localdate(now), by=None, now=now
    )


@pytest.mark.parametrize(("text_version", "told"), [("1", False), ("2", True), ("2022", False)])
def test_a_successor_sees_whom_the_citizen_agreed_to(
    client: Client,
    programme: Programme,
    referrer: Referrer,
    successor: Referrer,
    text_version: str,
    told: bool,
) -> None:
    """Reference and initials always; how it goes only where the words named the colleague."""
    referral = told_referral(programme, referrer, Stage.CONTACTING, text_version=text_version)
    assert "aria-current" in text(open_page(client, referrer)).partition("own-referrals")[2]
    hand_over(referrer, successor)

    page = text(open_page(client, successor))

    assert referral.reference in page
    assert "Å.Æ." in page
    assert "overtaget efter Henrik Holm" in page
    assert ("status-path" in page) is told
    assert ("andet nummer" in page) is told
    assert ("Borgeren har ikke sagt ja til, at en kollega hører, hvordan det går." in page) is not told


def test_who_has_left_is_shut_out_by_old_links_and_let_in_again_when_it_was_a_mistake(
    client: Client, programme: Programme, referrer: Referrer, successor: Referrer
) -> None:
    referral = told_referral(programme, referrer, Stage.ACTIVE)
    assert open_page(client, referrer).status_code == 200
    hand_over(referrer, successor)
    assert client.get(PAGE).status_code == 404
    assert open_page(Client(), referrer).status_code == 404

    mark_referrer_here(referrer=referrer, by=None, now=timezone.now())

    assert client.get(PAGE).status_code == 200
    assert referral.reference not in text(open_page(Client(), successor))


def test_a_stranger_elsewhere_sees_nothing_of_it(
    client: Client, programme: Programme, referrer: Referrer, successor: Referrer
) -> None:
    referral = told_referral(programme, referrer, Stage.ACTIVE)
    hand_over(referrer, successor)
    for other in (factories.make_referrer(programme, organisation=referrer.organisation),):
        assert referral.reference not in text(open_page(client, other))


def test_a_referrer_who_says_they_leave_hands_over_nothing_and_asks_the_coordinator(
    client: Client, programme: Programme, referrer: Referrer, successor: Referrer
) -> None:
    told_referral(programme, referrer, Stage.ACTIVE)
    open_page(client, referrer)
    for _ in range(2):
        answer = client.post(PAGE, {"choice": "leaving"}, follow=True)

    assert "Vi ringer og aftaler, hvem der overtager." in text(answer)
    assert "Vi ved, at du stopper" in text(answer)
    task = Task.objects.open().get()
    assert (task.kind, task.referrer) == (TaskKind.REFERRER_SUCCESSOR, referrer)
    referrer.refresh_from_db()
    assert (referrer.left_on, referrer.successor) == (None, None)


def test_a_form_in_the_name_of_somebody_who_left_is_received_and_the_coordinator_asked(
    client: Client, programme: Programme, referrer: Referrer, successor: Referrer
) -> None:
    hand_over(referrer, successor)

    form = "/henvis/kultur/jobcenter/"
    answer = client.post(form, {**as_read(client, form), **TYPED_BY_CASEWORKER, "step": "send"})

    assert answer.status_code == 302
    assert Referral.objects.get().referrer == referrer
    referrer.refresh_from_db()
    assert referrer.left_on is not None
    assert Task.objects.open().filter(kind=TaskKind.REFERRER_RETURNED, referrer=referrer).count() == 1
