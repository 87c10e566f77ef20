"""Whom each line of a list may be, as it is asked of a colleague and answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.lookups import email_hash, phone_hash
from participants.models import Participant
from participants.queries import Likely, LikelySame
from referrals.models import Referral
from referrals.services.lists import Decision, ListedArrival, likely_same_of_list

NEW, LEFT_OUT = "new", "left_out"
# A sure match: the name and the number or the address. Then "the same" is ticked beforehand.
SURE_SCORE = 85


class PersonGone(Exception):
    """Somebody who was to be joined is no longer there; the lines are asked about again."""

    def __init__(self, lines: Sequence[int]) -> None:
        super().__init__(f"{len(lines)} lines")
        self.lines = list(lines)


@dataclass(frozen=True)
class Match:
    """Whom a line may be: `answer` is what a colleague chooses, and `reasons` say why it is likely."""

    answer: str
    participant: int | None
    line: int | None
    reasons: tuple[str, ...]
    sure: bool


Matches = dict[int, tuple[Match, ...]]


def matches_of_list(listed: Sequence[ListedArrival]) -> Matches:
    """Return for each line that resembles somebody whom it may be, likeliest first; two queries.

    A line that was received before is not asked about again.
    """
    keys = [arrival.submission_key for arrival in listed]
    received = Referral.objects.filter(submission_key__in=keys)
    before = set(received.values_list("submission_key", flat=True))
    return {
        arrival.line: _matches(arrival, found, listed)
        for arrival, found in zip(listed, likely_same_of_list(listed), strict=True)
        if (found.known or found.earlier) and arrival.submission_key not in before
    }


def _matches(arrival: ListedArrival, found: Likely, listed: Sequence[ListedArrival]) -> tuple[Match, ...]:
    known = [
        Match(f"p{one.participant.pk}", one.participant.pk, None, one.reasons, _is_sure(arrival, one))
        for one in found.known
    ]
    earlier = [
        Match(f"l{listed[place].line}", None, listed[place].line, one.reasons, _is_sure(arrival, one))
        for place, one in found.earlier
    ]
    return (*known, *earlier)


def _is_sure(arrival: ListedArrival, match: LikelySame) -> bool:
    """Say whether the number or the address agrees too, so that nobody else is likely."""
    other = match.participant
    contacts = (
        (phone_hash(arrival.answers.phone), other.phone_hash),
        (email_hash(arrival.answers.email), other.email_hash),
    )
    return match.score >= SURE_SCORE and any(ours and ours == theirs for ours, theirs in contacts)


def sure_answers(matches: Matches) -> dict[int, str]:
    """Return what is ticked beforehand: the same, where it is sure."""
    return {line: found[0].answer for line, found in matches.items() if found[0].sure}


def is_answer(answer: str | None, found: Sequence[Match]) -> bool:
    """Say whether `answer` is one of those that the line offers."""
    return bool(found) and answer in (NEW, LEFT_OUT, *(match.answer for match in found))


def unanswered(matches: Matches, answers: dict[int, str]) -> list[int]:
    """Return the lines that resemble somebody and of which nobody has said who they are."""
    return [line for line, found in matches.items() if not is_answer(answers.get(line), found)]


def decisions_of(matches: Matches, answers: dict[int, str]) -> dict[int, Decision]:
    """Return what was said of each line that resembles somebody; every one is answered.

    :raises PersonGone: when somebody who was to be joined has gone since.
    """
    offered = {match.answer: match for found in matches.values() for match in found}
    joined = {line: offered[answers[line]] for line in matches if answers[line] in offered}
    wanted = {match.participant for match in joined.values() if match.participant is not None}
    # Who has been merged meanwhile counts too: `receive_referral` joins the record that stands.
    people = Participant.with_merged.in_bulk(wanted)
    gone = [line for line, match in joined.items() if match.participant and match.participant not in people]
    if gone:
        raise PersonGone(gone)
    return {
        line: Decision(
            participant=people.get(joined[line].participant) if line in joined else None,
            same_as_line=joined[line].line if line in joined else None,
            left_out=answers[line] == LEFT_OUT,
        )
        for line in matches
    }
