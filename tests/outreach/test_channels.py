"""Ways out: a new programme has the catalogue, once, and each is the programme's own to change."""

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope

from outreach.catalogue import STARTING_CHANNELS
from outreach.enums import Arena, Strategy
from outreach.models import Channel
from outreach.services import ChannelNameTaken, create_channel, create_starting_channels, update_channel
from tests.concurrency import at_once
from tests.factories import NOW, make_channel, make_organisation, make_programme, make_referrer

CATALOGUE = sum(len(channels) for channels in STARTING_CHANNELS.values())


def test_create_starting_channels_gives_every_arena_and_strategy(in_scope):
    assert create_starting_channels(programme=in_scope, now=NOW) == CATALOGUE
    made = Channel.objects.all()
    assert {channel.arena for channel in made} == set(Arena.values)
    assert {channel.strategy for channel in made} == set(Strategy.values)
    assert [channel.arena for channel in made.by_arena()] == sorted(
        (channel.arena for channel in made), key=Arena.values.index
    )


def test_create_starting_channels_again_brings_nothing_back(in_scope):
    create_starting_channels(programme=in_scope, now=NOW)
    laundry = Channel.objects.get(name="Plakater i vaskerier")
    update_channel(channel=laundry, name="Opslag i vaskeriet på Stengårdsvej", by=None, now=NOW)
    assert create_starting_channels(programme=in_scope, now=NOW) == 0
    assert Channel.objects.count() == CATALOGUE
    assert not Channel.objects.filter(name="Plakater i vaskerier").exists()


@pytest.mark.django_db(transaction=True)
def test_create_starting_channels_at_once_makes_one_catalogue():
    programme = make_programme()

    def create() -> int:
        with scope(programme=programme):
            return create_starting_channels(programme=programme, now=NOW)

    assert sorted(at_once(create, times=8, threads=4)) == [0] * 7 + [CATALOGUE]


def test_create_starting_channels_of_one_programme_leave_another_without(in_scope, other_programme):
    create_starting_channels(programme=in_scope, now=NOW)
    with scope(programme=other_programme):
        assert not Channel.objects.exists()
        assert create_starting_channels(programme=other_programme, now=NOW) == CATALOGUE


def test_channel_name_is_taken_in_any_spelling_but_not_elsewhere(in_scope, other_programme):
    said = {"arena": Arena.HOUSING, "strategy": Strategy.OPEN, "by": None, "now": NOW}
    create_channel(programme=in_scope, name="Aktivitetshuset på Åen", **said)
    with pytest.raises(ChannelNameTaken):
        create_channel(programme=in_scope, name="AKTIVITETSHUSET på Aaen", **said)
    with scope(programme=other_programme):
        create_channel(programme=other_programme, name="Aktivitetshuset på Åen", **said)


def test_update_channel_names_who_holds_it_and_takes_it_out_of_use(in_scope):
    channel = make_channel(in_scope)
    library = make_organisation(in_scope, name="Biblioteket")
    lone = make_referrer(in_scope, organisation=library)
    update_channel(channel=channel, organisation=library, referrer=lone, is_active=False, by=None, now=NOW)
    channel.refresh_from_db()
    assert (channel.organisation, channel.referrer) == (library, lone)
    assert channel not in Channel.objects.in_use()
    with pytest.raises(TypeError):
        update_channel(channel=channel, created_at=NOW, by=None, now=NOW)


def test_update_channel_to_the_name_of_another_is_refused(in_scope):
    channel, other = make_channel(in_scope), make_channel(in_scope)
    with pytest.raises(ChannelNameTaken):
        update_channel(channel=channel, name=other.name, by=None, now=NOW)


def test_channel_of_an_unknown_arena_is_refused_by_the_database(in_scope):
    with pytest.raises(IntegrityError, match="arena_known"), transaction.atomic():
        make_channel(in_scope, arena="månen")
