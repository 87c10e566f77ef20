"""Effort joined with result: each arrival once, by the surest thing known, and nothing elsewhere."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from outreach.enums import ActivityKind, ActivityState, Strategy
from outreach.models import LinkScan
from participants.enums import Outcome, Stage
from recruitment.queries.ways import Cut
from recruitment.queries.what_works import tried_in_vain, what_works
from referrals.enums import HeardAbout
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_channel,
    make_cohort,
    make_enrolment,
    make_interested,
    make_organisation,
    make_participant,
    make_referral,
    make_referrer,
    make_tracked_link,
)

DAY = dt.timedelta(days=1)


def done(programme, days_ago=30, **fields: Any):
    fields = {"minutes": 60, "cost": 50, **fields}
    return make_activity(programme, state=ActivityState.DONE, held_on=TODAY - days_ago * DAY, **fields)


def begins(referral, *, days=5, completes=False):
    at = referral.received_at + days * DAY
    cohort = make_cohort(referral.programme)
    return make_enrolment(
        cohort,
        referral.participant,
        state="completed" if completes else "stopped",
        started_at=at,
        completed_at=at + 40 * DAY if completes else None,
    )


def figures(cut: Cut, since=None) -> dict[str, tuple[int, int, int]]:
    return {
        row.label: (row.tally.arrivals, row.tally.started, row.tally.completed)
        for row in what_works(since, TODAY).cuts[cut]
        if row.tally.arrivals
    }


# --- Joined by the surest --------------------------------------------------------------------------


def test_arrival_by_a_link_of_a_visit_counts_for_all_that_the_visit_was(in_scope):
    channel = make_channel(in_scope, name="Teammøder", strategy=Strategy.DELIMITED)
    jobcentre = make_organisation(in_scope, name="Jobcenter Syd")
    visit = done(in_scope, title="Besøg", channel=channel, organisation=jobcentre)
    link = make_tracked_link(in_scope, label="Mail efter besøg", activity=visit)
    elsewhere = make_referrer(in_scope, organisation=make_organisation(in_scope))
    begins(
        make_referral(in_scope, tracked_link=link, referrer=elsewhere, heard_about="poster"), completes=True
    )
    found = {cut: figures(cut) for cut in Cut}
    assert found == {
        Cut.STRATEGY: {"Afgrænset": (1, 1, 1)},
        Cut.CHANNEL: {"Teammøder": (1, 1, 1)},
        Cut.ORGANISATION: {"Jobcenter Syd": (1, 1, 1)},
        Cut.ACTIVITY: {"Besøg": (1, 1, 1)},
        Cut.LINK: {"Mail efter besøg": (1, 1, 1)},
    }
    (row,) = what_works(None, TODAY).cuts[Cut.ACTIVITY]
    assert (row.tally.minutes, row.tally.kroner, row.tally.by_link) == (60, 50, 1)


def test_arrival_written_up_at_a_meeting_counts_for_the_meeting(in_scope):
    meeting = done(in_scope, title="Åbent møde", kind=ActivityKind.INFORMATION_MEETING)
    make_referral(in_scope, activity=meeting)
    assert figures(Cut.ACTIVITY) == {"Åbent møde": (1, 0, 0)}
    assert figures(Cut.STRATEGY) == {"Afgrænset": (1, 0, 0)}


def test_arrival_from_a_referrer_counts_for_the_last_visit_at_their_place(in_scope):
    jobcentre = make_organisation(in_scope, name="Jobcenter Syd")
    talks, lunch = make_channel(in_scope, name="Oplæg"), make_channel(in_scope, name="Frokost")
    done(in_scope, channel=talks, organisation=jobcentre, days_ago=90)
    done(in_scope, channel=lunch, organisation=jobcentre, days_ago=20)
    done(in_scope, channel=talks, organisation=jobcentre, days_ago=-1)  # after the arrival
    make_referral(in_scope, referrer=make_referrer(in_scope, organisation=jobcentre))
    assert figures(Cut.ORGANISATION) == {"Jobcenter Syd": (1, 0, 0)}
    assert figures(Cut.CHANNEL) == {"Frokost": (1, 0, 0)}
    assert figures(Cut.ACTIVITY) == {"Ingen bestemt aktivitet": (1, 0, 0)}


def test_visit_of_long_ago_is_no_reason_and_the_only_channel_held_there_is(in_scope):
    jobcentre = make_organisation(in_scope)
    done(in_scope, channel=make_channel(in_scope), organisation=jobcentre, days_ago=181)
    make_channel(in_scope, name="Teammøder", organisation=jobcentre)
    make_referral(in_scope, referrer=make_referrer(in_scope, organisation=jobcentre))
    assert figures(Cut.CHANNEL) == {"Teammøder": (1, 0, 0)}
    make_channel(in_scope, name="Intranettet", organisation=jobcentre)
    assert figures(Cut.CHANNEL) == {"Ingen kendt kanal": (1, 0, 0)}


@pytest.mark.parametrize(
    ("said", "channel", "strategy"),
    [
        (HeardAbout.POSTER, "Siger selv: Plakat eller folder", "Åben"),
        (HeardAbout.VISIT, "Siger selv: Besøg eller møde med koordinatoren", "Afgrænset"),
        (HeardAbout.FRIEND, "Siger selv: En, jeg kender", "Ved vi ikke"),
        ("", "Ingen kendt kanal", "Ved vi ikke"),
    ],
)
def test_arrival_of_which_nothing_else_is_known_counts_by_what_is_said(in_scope, said, channel, strategy):
    make_referral(in_scope, heard_about=said)
    assert figures(Cut.CHANNEL) == {channel: (1, 0, 0)}
    assert figures(Cut.STRATEGY) == {strategy: (1, 0, 0)}


def test_link_for_nothing_in_particular_leaves_the_rest_to_the_workplace_and_the_words(in_scope):
    link = make_tracked_link(in_scope, label="Hjemmesiden")
    place = make_organisation(in_scope, name="Lægehuset")
    make_referral(in_scope, tracked_link=link, referrer=make_referrer(in_scope, organisation=place))
    make_referral(in_scope, tracked_link=link, heard_about="web")
    make_referral(in_scope, tracked_link=link)
    assert figures(Cut.LINK) == {"Hjemmesiden": (3, 0, 0)}
    assert figures(Cut.ORGANISATION) == {"Lægehuset": (1, 0, 0), "Ingen organisation": (2, 0, 0)}
    whole = what_works(None, TODAY).total
    assert (whole.arrivals, whole.by_link, whole.by_organisation, whole.by_words) == (3, 1, 1, 1)


def test_interested_person_who_comes_counts_as_targeted_where_we_met(in_scope):
    channel = make_channel(in_scope, name="Biblioteket", strategy=Strategy.OPEN)
    link = make_tracked_link(in_scope, label="Skriv dig op", channel=channel)
    for met in ({"tracked_link": link}, {"channel": channel}, {"activity": done(in_scope, channel=channel)}):
        make_referral(in_scope, interested=make_interested(in_scope, **met))
    assert figures(Cut.STRATEGY) == {"Målrettet": (3, 0, 0)}
    assert figures(Cut.CHANNEL) == {"Biblioteket": (3, 0, 0)}
    assert figures(Cut.LINK) == {"Skriv dig op": (1, 0, 0), "Uden link": (2, 0, 0)}


# --- Never twice -----------------------------------------------------------------------------------


def test_every_cut_has_every_arrival_and_all_effort_once(in_scope):
    channel, place = make_channel(in_scope), make_organisation(in_scope)
    visit = done(in_scope, channel=channel, organisation=place)
    done(in_scope, kind=ActivityKind.OTHER)
    links = [make_tracked_link(in_scope, activity=visit) for _ in range(2)]
    LinkScan.objects.create(programme=in_scope, link=links[0], on=TODAY, count=7)
    for said in ({"tracked_link": links[0]}, {"tracked_link": links[1]}, {"heard_about": "web"}, {}):
        begins(make_referral(in_scope, **said))
    make_referral(in_scope, referrer=make_referrer(in_scope, organisation=place))
    found = what_works(None, TODAY)
    for cut in Cut:
        sums = [sum(getattr(row.tally, name) for row in found.cuts[cut]) for name in SUMMED]
        assert sums == [getattr(found.total, name) for name in SUMMED], cut
    assert (found.total.minutes, found.total.arrivals, found.total.started, found.total.scans) == (
        120,
        5,
        4,
        7,
    )


SUMMED = ("minutes", "kroner", "scans", "arrivals", "started", "completed")


def test_who_comes_twice_begins_once_by_the_arrival_before_it(in_scope):
    person = make_participant(in_scope)
    make_referral(in_scope, participant=person, heard_about="poster", received_at=NOW - 50 * DAY)
    later = make_referral(in_scope, participant=person, heard_about="web", received_at=NOW - 9 * DAY)
    begins(later)
    make_referral(in_scope, participant=person, heard_about="paper", received_at=NOW)
    assert sorted(figures(Cut.CHANNEL).values()) == [(1, 0, 0), (1, 0, 0), (1, 1, 0)]
    assert figures(Cut.CHANNEL)["Siger selv: Nettet eller sociale medier"] == (1, 1, 0)


def test_of_two_arrivals_at_one_moment_one_begins(in_scope):
    person = make_participant(in_scope)
    first, second = (
        make_referral(in_scope, participant=person, heard_about=said, received_at=NOW - 9 * DAY)
        for said in ("poster", "web")
    )
    begins(first, days=3, completes=True)
    begins(second, days=4)  # a second place of the same person, told once
    assert sorted(figures(Cut.CHANNEL).values()) == [(1, 0, 0), (1, 1, 1)]
    assert what_works(None, TODAY).total.started == 1


def test_mistakes_plans_and_what_lies_before_the_period_do_not_count(in_scope, other_programme):
    make_activity(in_scope)
    make_activity(in_scope, state=ActivityState.DROPPED)
    done(in_scope, days_ago=31)
    mistaken = make_participant(in_scope, stage=Stage.CLOSED, outcome=Outcome.MISTAKE)
    make_referral(in_scope, participant=mistaken)
    make_referral(in_scope, received_at=NOW - 31 * DAY)
    make_referral(other_programme)
    assert what_works(TODAY - 30 * DAY, TODAY).total.arrivals == 0
    assert what_works(TODAY - 30 * DAY, TODAY).total.times == 0
    whole = what_works(None, TODAY).total
    assert (whole.times, whole.arrivals) == (1, 1)


def test_tried_in_vain_are_channels_and_partners_without_an_arrival(in_scope):
    make_channel(in_scope, name="Urørt")
    done(in_scope, channel=make_channel(in_scope, name="Beboerbladet"))
    works = make_channel(in_scope, name="Biblioteket")
    make_referral(in_scope, activity=done(in_scope, channel=works))
    done(in_scope, organisation=make_organisation(in_scope, name="Lægehuset"))
    assert [row.label for row in tried_in_vain(what_works(None, TODAY))] == ["Beboerbladet", "Lægehuset"]


def test_what_works_asks_the_same_whatever_there_is(in_scope):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            what_works(None, TODAY)
        return len(queries)

    before = asked()
    for _ in range(3):
        visit = done(in_scope, channel=make_channel(in_scope), organisation=make_organisation(in_scope))
        begins(make_referral(in_scope, tracked_link=make_tracked_link(in_scope, activity=visit)))
    assert asked() == before == 6


# --- The page --------------------------------------------------------------------------------------

PATH = "/statistik/hvad-virker/"


@pytest.fixture
def lately(programme):
    """One visit of last month that brought one who has begun, and a channel tried in vain."""
    today = timezone.localdate()
    channel = make_channel(programme, name="Teammøder")
    plain = {"state": ActivityState.DONE, "held_on": today - 30 * DAY, "minutes": 60}
    visit = make_activity(programme, title="Frokostbesøg", channel=channel, **plain)
    make_activity(programme, channel=make_channel(programme, name="Beboerbladet"), **plain)
    referral = make_referral(programme, activity=visit, received_at=timezone.now() - 20 * DAY)
    begins(referral)
    return referral


@pytest.mark.parametrize("role", ["coordinator", "manager"])
def test_what_works_tells_the_price_and_that_one_is_too_few(client_for, request, lately, role):
    page = client_for(request.getfixturevalue(role)).get(PATH + "?vis=aktivitet").content.decode()
    assert "Frokostbesøg" in page
    assert "350 kr." in page
    assert "For få endnu" in page
    assert "Beboerbladet" in page
    assert "Følg op med et møde" in page
    assert lately.participant.family_name not in page
    assert ("/samarbejde/aktiviteter/ny/?channel=" in page) == (role == "coordinator")


def test_what_works_of_an_empty_programme_says_what_to_do(client_for, coordinator):
    assert "Planlæg en aktivitet" in client_for(coordinator).get(PATH).content.decode()


def test_what_works_takes_any_words_in_its_address(client_for, manager, lately):
    assert client_for(manager).get(PATH + "?vis=alt&periode=xx").status_code == 200


def test_what_works_follows_the_programmes_own_rate(client_for, manager, programme, lately):
    programme.hourly_rate = 500
    programme.save()
    assert "500 kr. i timen" in client_for(manager).get(PATH).content.decode()


def test_what_works_files_hold_every_cut(client_for, manager, lately):
    browser = client_for(manager)
    csv = browser.get("/statistik/hvad-virker.csv").content.decode("utf-8-sig")
    assert [f'"{name}"' in csv for name in ("Strategi", "Kanal", "Organisation", "Aktivitet", "Link")] == [
        True
    ] * 5
    book = CalamineWorkbook.from_filelike(BytesIO(browser.get("/statistik/hvad-virker.xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == len(csv.strip().splitlines())
