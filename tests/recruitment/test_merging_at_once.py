"""Two colleagues merge the same pair in the same moment, each the other way round."""

import itertools

import pytest
from django_scopes import scope

from participants.models import Participant, PersonMerge
from recruitment.services import MergedAlready, merge_persons, undo_merge
from tests.concurrency import at_once
from tests.factories import NOW, make_participant, make_referral

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_merges_of_a_pair_in_both_directions_one_wins_and_one_is_refused(programme):
    for _round in range(5):
        pair = [make_participant(programme) for _ in range(2)]
        for person in pair:
            make_referral(programme, participant=person)
        directions = itertools.cycle([(0, 1), (1, 0)])

        def attempt(pair=pair, directions=directions) -> str:
            kept, absorbed = (pair[place] for place in next(directions))
            with scope(programme=programme):
                try:
                    merge_persons(kept=kept, absorbed=absorbed, by=None, now=NOW)
                except MergedAlready:
                    return "refused"
            return "merged"

        assert sorted(at_once(attempt, times=2, threads=2)) == ["merged", "refused"]
        with scope(programme=programme):
            left = Participant.objects.get(pk__in=[person.pk for person in pair])
            assert left.referrals.count() == 2


def test_one_merge_pressed_many_times_at_once_is_one_and_so_is_its_undoing(programme):
    kept, absorbed = (make_participant(programme) for _ in range(2))

    def merge() -> int:
        with scope(programme=programme):
            return merge_persons(kept=kept, absorbed=absorbed, by=None, now=NOW).pk

    def undo() -> int:
        with scope(programme=programme):
            return undo_merge(merge=PersonMerge.objects.get(), by=None, now=NOW).pk

    assert len(set(at_once(merge, times=8, threads=8))) == 1
    assert len(set(at_once(undo, times=8, threads=8))) == 1
    with scope(programme=programme):
        assert Participant.objects.count() == 2
        assert absorbed.stage_changes.filter(reason__isnull=False).count() == 3
