"""What brings people: each arrival once in either table, and the unknown counted."""

import datetime as dt

import pytest
from django_scopes import scope

from courses.enums import EnrolmentState
from outreach.services import record_scan
from participants.enums import Outcome, Stage
from recruitment.queries import origins as origin_queries
from recruitment.queries.links import links
from recruitment.queries.origins import NO_LINK, NOT_SAID, OTHER_LINKS, OriginRow, origins
from referrals.enums import HeardAbout
from tests.factories import (
    NOW,
    TODAY,
    make_cohort,
    make_enrolment,
    make_participant,
    make_referral,
    make_tracked_link,
)


@pytest.fixture
def arrivals(programme, other_programme):
    """Three by the poster, one of whom began; one by the flyer; two by neither, one of whom began."""
    poster = make_tracked_link(programme, label="Plakat")
    flyer = make_tracked_link(programme, label="Flyer")
    make_tracked_link(programme, label="Aldrig set")
    unused = make_tracked_link(programme, label="Set, ingen kom")
    began, began_too = make_participant(programme), make_participant(programme)
    cohort = make_cohort(programme)
    for person in (began, began_too):
        make_enrolment(cohort, person, state=EnrolmentState.STARTED, started_at=NOW)
    make_enrolment(cohort, state=EnrolmentState.ENROLLED)
    make_referral(programme, participant=began, tracked_link=poster, heard_about=HeardAbout.POSTER)
    make_referral(programme, participant=began, tracked_link=poster, heard_about=HeardAbout.POSTER)
    make_referral(programme, tracked_link=poster, heard_about=HeardAbout.FRIEND)
    make_referral(programme, tracked_link=flyer)
    make_referral(programme, participant=began_too, heard_about=HeardAbout.DOCTOR)
    make_referral(programme)
    mistake = make_participant(programme, stage=Stage.CLOSED, outcome=Outcome.MISTAKE)
    make_referral(programme, participant=mistake, tracked_link=poster, heard_about=HeardAbout.POSTER)
    make_referral(other_programme, heard_about=HeardAbout.PAPER)
    for link, times in ((poster, 4), (unused, 2)):
        for _ in range(times):
            record_scan(link=link, on=TODAY)
    record_scan(link=make_tracked_link(other_programme, label="Fremmed"), on=TODAY)
    return poster


def test_origins_by_link_count_scans_arrivals_and_people_who_began(programme, arrivals):
    with scope(programme=programme):
        assert origins(None).links == [
            OriginRow("Plakat", 3, 1, 4),
            OriginRow("Flyer", 1, 0, 0),
            OriginRow("Set, ingen kom", 0, 0, 2),
            OriginRow(NO_LINK, 2, 1),
        ]


def test_origins_by_own_answer_count_those_who_did_not_say(programme, arrivals):
    with scope(programme=programme):
        assert origins(None).heard_about == [
            OriginRow(str(HeardAbout.POSTER.label), 2, 1),
            OriginRow(str(HeardAbout.FRIEND.label), 1, 0),
            OriginRow(str(HeardAbout.DOCTOR.label), 1, 1),
            OriginRow(NOT_SAID, 2, 0),
        ]


def test_origins_of_both_kinds_count_the_same_arrivals(programme, arrivals):
    with scope(programme=programme):
        found = origins(None)
    assert sum(row.arrivals for row in found.links) == sum(row.arrivals for row in found.heard_about) == 6


def test_origins_of_a_period_leave_out_what_came_before(programme, arrivals):
    with scope(programme=programme):
        assert origins(TODAY).links[0] == OriginRow("Plakat", 3, 1, 4)
        later = origins(TODAY + dt.timedelta(days=1))
    assert later.links == later.heard_about == []


def test_origins_of_many_links_stand_together(programme, arrivals, monkeypatch):
    monkeypatch.setattr(origin_queries, "LINKS_SHOWN", 1)
    with scope(programme=programme):
        labels = {row.label: row for row in origins(None).links}
    assert labels[OTHER_LINKS] == OriginRow(OTHER_LINKS, 1, 0, 2)


def test_links_have_the_same_figures_one_by_one(programme, arrivals):
    with scope(programme=programme):
        link = links().get(pk=arrivals.pk)
        assert (link.scans_total, link.arrivals_total, link.started_total) == (4, 3, 1)
        unseen = links().get(label="Aldrig set")
        assert (unseen.scans_total, unseen.arrivals_total, unseen.started_total) == (0, 0, 0)


def test_statistics_show_both_tables_to_coordinator_and_manager(
    client_for, coordinator, manager, programme, arrivals
):
    for user in (coordinator, manager):
        page = client_for(user).get("/statistik/?periode=alt").content.decode()
        for words in ("Efter link", "Efter eget svar", "Plakat", NO_LINK, NOT_SAID):
            assert words in page
        assert "Fremmed" not in page
    assert "/samarbejde/links/" not in page  # the manager cannot open them
