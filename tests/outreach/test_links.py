"""Tracked links: one code, one origin, every scan counted once, no who."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope

from outreach.enums import LinkTarget, PosterLanguage
from outreach.models import LinkScan, Poster, TrackedLink
from outreach.queries import find_tracked_link
from outreach.services import (
    create_tracked_link,
    record_scan,
    rename_tracked_link,
    resume_tracked_link,
    retire_tracked_link,
    save_poster,
)
from outreach.services import links as link_services
from tests.concurrency import at_once
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_channel,
    make_organisation,
    make_programme,
    make_tracked_link,
)


def create(programme, **fields):
    said = {"target": LinkTarget.SIGN_UP, "label": "Plakaten", "by": None, "now": NOW}
    return create_tracked_link(programme=programme, **{**said, **fields})


def test_create_tracked_link_has_a_short_code_that_is_not_misread(in_scope):
    code = create(in_scope).code
    assert len(code) == 5
    assert set(code) <= set(link_services.CODE_ALPHABET)
    assert not set(link_services.CODE_ALPHABET) & set("0o1il2z5s8buvae")


def test_create_tracked_link_draws_again_where_the_code_is_taken_anywhere(
    in_scope, other_programme, monkeypatch
):
    make_tracked_link(other_programme, code="taken")
    drawn = iter(["taken", "taken", "free3"])
    monkeypatch.setattr(link_services, "new_code", lambda: next(drawn))
    assert create(in_scope).code == "free3"


def test_create_tracked_link_pressed_twice_makes_one_and_later_another(in_scope):
    first = create(in_scope)
    assert create(in_scope) == first
    assert create(in_scope, label="En anden") != first
    assert create(in_scope, now=NOW + dt.timedelta(minutes=2)) != first


@pytest.mark.django_db(transaction=True)
def test_create_tracked_link_at_once_makes_one():
    programme = make_programme()

    def press() -> int:
        with scope(programme=programme):
            return create(programme).pk

    assert len(set(at_once(press, times=8, threads=4))) == 1


def test_link_is_for_one_thing_or_none(in_scope):
    channel, organisation = make_channel(in_scope), make_organisation(in_scope)
    activity = make_activity(in_scope)
    assert create(in_scope).origin is None
    assert create(in_scope, channel=channel).origin == channel
    assert create(in_scope, organisation=organisation).origin == organisation
    assert create(in_scope, activity=activity).origin == activity
    with pytest.raises(ValueError, match="one thing"):
        create(in_scope, channel=channel, organisation=organisation)
    with pytest.raises(IntegrityError, match="one_origin"), transaction.atomic():
        make_tracked_link(in_scope, channel=channel, activity=activity)


def test_rename_retire_and_resume_leave_the_code_alone(in_scope):
    link = create(in_scope)
    rename_tracked_link(link=link, label="Opslaget", target=LinkTarget.ABOUT, by=None, now=NOW)
    retire_tracked_link(link=link, by=None, now=NOW)
    retire_tracked_link(link=link, by=None, now=NOW + dt.timedelta(days=1))
    kept = TrackedLink.objects.get(pk=link.pk)
    assert (kept.label, kept.target, kept.code, kept.retired_at) == ("Opslaget", "about", link.code, NOW)
    assert resume_tracked_link(link=link, by=None, now=NOW).retired_at is None


@pytest.mark.parametrize("typed", ["k3m9x", "K3M9X", " k3m9x. ", "k3m9x/", "(K3m9X)"])
def test_find_tracked_link_as_people_type_it_without_a_scope(programme, typed):
    link = make_tracked_link(programme, code="k3m9x")
    assert find_tracked_link(typed) == link


@pytest.mark.parametrize("typed", ["", "k3m9", "k3m9xx", "æøå", "x" * 5000, "%", "k3m9\x00"])
def test_find_tracked_link_of_another_code_is_nobodys(programme, typed):
    make_tracked_link(programme, code="k3m9x")
    assert find_tracked_link(typed) is None


def test_record_scan_counts_each_day_apart(in_scope):
    link = create(in_scope)
    for day in (TODAY, TODAY, TODAY + dt.timedelta(days=1)):
        record_scan(link=link, on=day)
    assert list(LinkScan.objects.order_by("on").values_list("on", "count")) == [
        (TODAY, 2),
        (TODAY + dt.timedelta(days=1), 1),
    ]


@pytest.mark.django_db(transaction=True)
def test_record_scan_loses_none_when_many_scan_at_once():
    programme = make_programme()
    link = make_tracked_link(programme)
    at_once(lambda: record_scan(link=link, on=TODAY), times=200, threads=8)
    with scope(programme=programme):
        assert LinkScan.objects.get().count == 200


def test_scan_count_that_is_read_and_written_back_would_lose_some(in_scope):
    """The control: two who read the same count write the same count."""
    link = create(in_scope)
    record_scan(link=link, on=TODAY)
    one, two = LinkScan.objects.get(), LinkScan.objects.get()
    for scan in (one, two):
        scan.count += 1
        scan.save()
    assert LinkScan.objects.get().count == 2  # three scans


def test_save_poster_keeps_each_language_and_the_last_words(in_scope):
    link = create(in_scope)
    said = {"lines": "Et\nTo", "shows_next_start": True, "by": None, "now": NOW}
    save_poster(link=link, language=PosterLanguage.DANISH, headline="Kom med", **said)
    save_poster(link=link, language=PosterLanguage.DANISH, headline="Kom bare", **said)
    save_poster(link=link, language=PosterLanguage.ENGLISH, headline="Join us", **said)
    assert sorted(Poster.objects.values_list("language", "headline")) == [
        ("da", "Kom bare"),
        ("en", "Join us"),
    ]
