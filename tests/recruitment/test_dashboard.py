"""Overblik: what needs doing today, who has come, who waits, what has happened."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from participants.enums import ContactMethod, ContactOutcome, Outcome, Stage
from participants.services import change_stage, record_contact_attempt
from recruitment.queries.dashboard import dashboard
from referrals.enums import ReferralKind
from tests.factories import (
    NOW,
    TODAY,
    make_cohort,
    make_enrolment,
    make_organisation,
    make_participant,
    make_referral,
    make_referrer,
    make_task,
    make_user,
)
from worklist.enums import TaskKind

DAY = dt.timedelta(days=1)
ClientFor = Callable[[User | None], Client]
ADDRESS = "/overblik/"


def test_dashboard_has_its_address() -> None:
    assert reverse("recruitment:dashboard") == ADDRESS


def test_dashboard_groups_tasks_by_how_pressing_they_are(in_scope: Programme) -> None:
    for days in (-3, -1, 0, 1, 7, 8):
        make_task(in_scope, kind=TaskKind.OTHER, why=f"om {days}", due_on=TODAY + days * DAY)

    groups = dashboard(in_scope, TODAY).tasks

    assert [(group.heading, [line.title for line in group.lines]) for group in groups] == [
        ("Over tiden", ["om -3", "om -1"]),
        ("I dag", ["om 0"]),
        ("De næste dage", ["om 1", "om 7"]),
    ]


def test_dashboard_says_how_long_todays_tasks_take_and_how_many_are_late(in_scope: Programme) -> None:
    make_task(in_scope, kind=TaskKind.OTHER, due_on=TODAY - DAY, minutes=50)
    make_task(in_scope, kind=TaskKind.OTHER, due_on=TODAY, minutes=15)
    make_task(in_scope, kind=TaskKind.OTHER, due_on=TODAY + DAY, minutes=400)

    counts = dashboard(in_scope, TODAY).counts

    assert (counts.open, counts.now, counts.note) == (3, 2, "1 t. 5 min. · 1 over tiden")


def test_dashboard_counts_referrals_from_monday_and_in_the_week_before(in_scope: Programme) -> None:
    monday = NOW - DAY  # today is Tuesday
    for received_at in (NOW, monday.replace(hour=0), monday.replace(hour=0) - dt.timedelta(minutes=1)):
        make_referral(in_scope, received_at=received_at)
    make_referral(in_scope, received_at=NOW - 9 * DAY)

    figures = dashboard(in_scope, TODAY).figures

    assert (figures.referrals_this_week, figures.referrals_last_week) == (2, 1)


def test_dashboard_shows_the_referrals_of_the_last_seven_days_newest_first(in_scope: Programme) -> None:
    old, new = NOW - 7 * DAY, NOW - DAY
    make_referral(in_scope, received_at=NOW - 9 * DAY)
    shown = [make_referral(in_scope, received_at=new), make_referral(in_scope, received_at=old)]

    assert dashboard(in_scope, TODAY).arrivals == shown


def test_dashboard_shows_cohorts_with_their_seats_and_the_next_start(in_scope: Programme) -> None:
    running = make_cohort(in_scope, starts_on=TODAY - 7 * DAY)
    upcoming = make_cohort(in_scope, name="Sommerholdet", starts_on=TODAY + 14 * DAY, capacity=3)
    make_cohort(in_scope, starts_on=TODAY - 100 * DAY)
    make_enrolment(upcoming)

    board = dashboard(in_scope, TODAY)

    assert [(seats.cohort, seats.seats_taken) for seats in board.cohorts] == [(running, 0), (upcoming, 1)]
    assert board.next_start is not None
    assert board.next_start.seats_left == 2
    assert board.next_start_note == "Sommerholdet starter 24.03.2026"


def test_dashboard_shows_who_has_waited_longest_for_a_seat(in_scope: Programme) -> None:
    late = make_participant(in_scope, stage=Stage.READY, created_at=NOW - DAY)
    early = make_participant(in_scope, stage=Stage.READY, created_at=NOW - 9 * DAY)
    make_participant(in_scope, stage=Stage.PLACED)

    waiting = dashboard(in_scope, TODAY).waiting

    assert (waiting.first, waiting.total, waiting.more) == ([(early, 9), (late, 1)], 2, 0)


@pytest.mark.parametrize("stage", Stage)
def test_dashboard_finds_those_on_the_way_whom_nobody_has_planned_anything_for(
    stage: Stage, in_scope: Programme
) -> None:
    forgotten = make_participant(in_scope, stage=stage)
    planned = make_participant(in_scope, stage=stage)
    make_task(in_scope, participant=planned, kind=TaskKind.CALL)

    unplanned = [person for person, _days in dashboard(in_scope, TODAY).unplanned.first]

    on_the_way = stage in (Stage.RECEIVED, Stage.CONTACTING, Stage.CONVERSATION, Stage.PAUSED)
    assert unplanned == ([forgotten] if on_the_way else [])


def test_dashboard_tells_who_did_what_when(in_scope: Programme, coordinator: User) -> None:
    referrer = make_referrer(in_scope, name="Henrik Henviser")
    anna = make_participant(in_scope, given_name="Anna", family_name="Ærø", created_at=NOW - 3 * DAY)
    make_referral(in_scope, participant=anna, referrer=referrer, received_at=NOW - 3 * DAY)
    make_referral(in_scope, participant=anna, kind=ReferralKind.SELF, received_at=NOW - 2 * DAY)
    record_contact_attempt(
        participant=anna,
        method=ContactMethod.PHONE,
        outcome=ContactOutcome.REACHED,
        note="Hemmelig note",
        by=coordinator,
        now=NOW - DAY,
    )
    change_stage(participant=anna, to_stage=Stage.CLOSED, outcome=Outcome.DECLINED, by=coordinator, now=NOW)

    told = [(entry.who, entry.what) for entry in dashboard(in_scope, TODAY).activity]

    assert told[0] == ("Kirsten Koordinator", "Afsluttet: Takkede nej")
    assert set(told[1:3]) == {
        ("Kirsten Koordinator", "Flyttet fra “Modtaget” til “Samtale”"),
        ("Kirsten Koordinator", "Telefon: fik fat i personen"),
    }
    assert told[3:] == [("", "Tilmeldte sig selv"), ("Henrik Henviser", "Henvist af jobcenter")]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (MessageState.PLANNED, "venter på at blive sendt"),
        (MessageState.CLAIMED, "venter på at blive sendt"),
        (MessageState.SENT, "sendt"),
        (MessageState.FAILED, "kunne ikke sendes"),
        (MessageState.UNCERTAIN, "måske sendt"),
        (MessageState.CANCELLED, "ikke sendt"),
    ],
)
def test_dashboard_tells_how_a_message_went_and_to_whom(
    state: MessageState, said: str, in_scope: Programme
) -> None:
    OutboundMessage.objects.create(
        programme=in_scope,
        kind="x",
        unique_key="1",
        referrer=make_referrer(in_scope, name="Henrik Henviser"),
        state=state,
        planned_at=NOW,
        send_after=NOW,
        claimed_at=NOW,
        sent_at=NOW,
        fault="Postkassen er fuld",
    )

    entry = dashboard(in_scope, TODAY).activity[0]

    assert (entry.what, entry.note) == (f"Besked “x” til Henrik Henviser: {said}", "Postkassen er fuld")


def test_dashboard_of_a_new_programme_says_what_to_do_first(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    page = client_for(coordinator).get(ADDRESS).content.decode()

    assert "Kom godt i gang" in page
    assert "Opret det første hold" in page
    assert reverse("recruitment:partner_create") in page
    assert "Venter på plads" not in page


def test_dashboard_drops_the_first_steps_when_they_are_taken(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    make_cohort(programme)
    make_referral(programme, referrer=make_referrer(programme))

    page = client_for(coordinator).get(ADDRESS).content.decode()

    assert "Kom godt i gang" not in page
    assert "Venter på plads" in page


def test_dashboard_leads_to_the_person_with_one_click(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, given_name="Anna", family_name="Ærø")
    make_task(programme, participant=anna, due_on=timezone.localdate(), why="Ny henvisning fra jobcenteret.")

    page = client_for(coordinator).get(ADDRESS).content.decode()

    assert f'href="/deltagere/{anna.pk}/"' in page
    assert f'href="/deltagere/{anna.pk}/#kontakt"' in page
    assert "Ring til Anna Ærø" in page
    assert "Ny henvisning fra jobcenteret." in page


def test_dashboard_shows_no_other_programmes_rows(
    programme: Programme, other_programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    now = timezone.now()
    stranger = make_participant(other_programme, given_name="Frida", family_name="Fremmed", created_at=now)
    make_referral(other_programme, participant=stranger, received_at=now)
    make_task(other_programme, participant=stranger, due_on=timezone.localdate())
    make_cohort(other_programme, name="Fremmed hold", starts_on=timezone.localdate() + DAY)

    assert "Fremmed" not in client_for(coordinator).get(ADDRESS).content.decode()

    # The control: where the rows belong, they are shown.
    there = make_user(other_programme)
    assert "Fremmed" in client_for(there).get(ADDRESS).content.decode()


def test_dashboard_escapes_what_others_wrote(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    now = timezone.now()
    evil = make_participant(programme, given_name="<script>alert(1)</script>", stage=Stage.READY)
    referrer = make_referrer(programme, name="<script>alert(2)</script>")
    referrer.organisation = make_organisation(programme, name="<script>alert(3)</script>")
    with scope(programme=programme):
        referrer.save()
    make_referral(programme, participant=evil, referrer=referrer, received_at=now)
    make_task(programme, participant=evil, why="<script>alert(4)</script>", due_on=timezone.localdate())
    make_cohort(programme, name="<script>alert(5)</script>", starts_on=timezone.localdate() + DAY)

    page = client_for(coordinator).get(ADDRESS).content.decode()

    assert "<script>alert" not in page
    for number in range(1, 6):
        assert f"&lt;script&gt;alert({number})" in page


def test_dashboard_is_the_coordinators_alone(
    coordinator: User, manager: User, administrator: User, client_for: ClientFor
) -> None:
    assert client_for(coordinator).get(ADDRESS).status_code == 200
    assert client_for(manager).get(ADDRESS).status_code == 403
    assert client_for(administrator).get(ADDRESS).status_code == 403
    anonymous = client_for(None).get(ADDRESS)
    assert (anonymous.status_code, anonymous["Location"]) == (302, f"/konto/login/?next={ADDRESS}")
