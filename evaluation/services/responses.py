"""Storing answers: once per occasion, all or some of the questions, and what follows from them."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from core.danish import add_working_days
from core.models import LinkToken
from core.tokens import LinkUnusable, UnusableReason, consume_token, revoke_tokens
from evaluation.enums import Mode, Occasion, SelfRatedHealth
from evaluation.instruments import text_version
from evaluation.models import WHO5_ITEMS, Invitation, MissingReason, Response
from evaluation.scoring import check_items
from evaluation.services.invitations import LINK_PURPOSE, AlreadyAnswered, lock_participant
from participants.models import Participant
from worklist.enums import TaskKind
from worklist.services import close_tasks, open_task

MEASURE_TASKS = {Occasion.BEFORE: TaskKind.BEFORE_MEASURE, Occasion.AFTER: TaskKind.AFTER_MEASURE}


class NothingAnswered(Exception):
    """Not one question was answered, so there is nothing to keep."""


class AnsweredInFuture(Exception):
    """A questionnaire cannot be answered on a day to come."""


class NotAnsweredYet(Exception):
    """There is no answer to correct."""


@transaction.atomic
def answer_by_link(
    *,
    token: LinkToken,
    items: Sequence[int | None],
    self_rated_health: SelfRatedHealth | int | None,
    comment: str,
    language: str,
    now: dt.datetime,
) -> Response:
    """Store what a person answered by their own link, and use the link up in the same transaction.

    :raises LinkUnusable: when the link was used, replaced or expired meanwhile.
    :raises NothingAnswered: when every question is blank.
    """
    invitation = Invitation.objects.filter(pk=token.subject_id, participant__merged_into=None).first()
    if invitation is None:  # erased since the link was sent, or left behind by a merge
        raise LinkUnusable(UnusableReason.UNKNOWN)
    participant = lock_participant(invitation.participant_id)
    consume_token(token, now=now)
    return record_response(
        participant=participant,
        occasion=Occasion(invitation.occasion),
        items=items,
        self_rated_health=self_rated_health,
        comment=comment,
        language=language,
        mode=Mode.OWN_PHONE,
        entered_by=None,
        answered_on=localdate(now),
        now=now,
    )


@transaction.atomic
def record_response(
    *,
    participant: Participant,
    occasion: Occasion,
    items: Sequence[int | None],
    self_rated_health: SelfRatedHealth | int | None,
    comment: str,
    language: str,
    mode: Mode,
    entered_by: User | None,
    answered_on: dt.date,
    now: dt.datetime,
) -> Response:
    """Store the answers of one occasion and return them; `items` are five of 0–5 or None, 0 an answer.

    Some blank items are kept and give no score. The invitation is answered, its links stop, the task
    that asked for the measure is done, and a low score opens "Følg op på lav trivsel".

    :raises AlreadyAnswered: when the occasion has an answer.
    :raises NothingAnswered: when every question is blank.
    :raises AnsweredInFuture: when `answered_on` is a day to come.
    :raises ValueError: when `items` are not answers of WHO-5.
    """
    _check_answers(items, self_rated_health, answered_on, now)
    locked = lock_participant(participant.pk)
    if Response.objects.filter(participant=locked, occasion=occasion).exists():
        raise AlreadyAnswered
    response = Response(
        programme=locked.programme, participant=locked, pseudonym=locked.pseudonym, occasion=occasion
    )
    return _keep(
        response, items, self_rated_health, comment, language, mode, entered_by, answered_on, now=now
    )


@transaction.atomic
def correct_response(
    *,
    participant: Participant,
    occasion: Occasion,
    items: Sequence[int | None],
    self_rated_health: SelfRatedHealth | int | None,
    comment: str,
    language: str,
    mode: Mode,
    entered_by: User | None,
    answered_on: dt.date,
    now: dt.datetime,
) -> Response:
    """Replace an incomplete answer, as when the person fills in the blanks with the coordinator.

    :raises NotAnsweredYet: when the occasion has no answer.
    :raises AlreadyAnswered: when the answer is complete; a complete answer is never changed.
    :raises NothingAnswered: when every question is blank.
    :raises AnsweredInFuture: when `answered_on` is a day to come.
    """
    _check_answers(items, self_rated_health, answered_on, now)
    locked = lock_participant(participant.pk)
    response = Response.objects.filter(participant=locked, occasion=occasion).first()
    if response is None:
        raise NotAnsweredYet
    if response.is_complete:
        raise AlreadyAnswered
    return _keep(
        response, items, self_rated_health, comment, language, mode, entered_by, answered_on, now=now
    )


def _check_answers(
    items: Sequence[int | None],
    self_rated_health: SelfRatedHealth | int | None,
    answered_on: dt.date,
    now: dt.datetime,
) -> None:
    check_items(items)
    if self_rated_health is not None:
        SelfRatedHealth(self_rated_health)
    if self_rated_health is None and all(item is None for item in items):
        raise NothingAnswered
    if answered_on > localdate(now):
        raise AnsweredInFuture


def _keep(
    response: Response,
    items: Sequence[int | None],
    self_rated_health: SelfRatedHealth | int | None,
    comment: str,
    language: str,
    mode: Mode,
    entered_by: User | None,
    answered_on: dt.date,
    *,
    now: dt.datetime,
) -> Response:
    for name, value in zip(WHO5_ITEMS, items, strict=True):
        setattr(response, name, value)
    response.self_rated_health = self_rated_health
    response.comment = comment
    response.language = language
    response.text_version = text_version(language)
    response.mode = mode
    response.entered_by = entered_by
    response.answered_on = answered_on
    response.recorded_at = now
    response.save()
    _settle(response, by=entered_by, now=now)
    return response


def _settle(response: Response, *, by: User | None, now: dt.datetime) -> None:
    """Let the rest follow from an answer: invitation, links, noted reason and tasks."""
    participant, occasion = response.participant, Occasion(response.occasion)
    assert participant is not None  # noqa: S101 - just stored with one
    invitations = Invitation.objects.filter(participant=participant, occasion=occasion)
    if (
        response.mode != Mode.OWN_PHONE
    ):  # an own answer has used its link up: a second click meets a thank-you
        for invitation in invitations:
            revoke_tokens(purpose=LINK_PURPOSE, subject_id=invitation.pk, now=now)
    invitations.filter(answered_at=None).update(answered_at=now)
    if occasion in MEASURE_TASKS:
        close_tasks(kind=MEASURE_TASKS[occasion], participant=participant, by=by, now=now)
    score = response.percentage_score
    if score is None:
        return
    MissingReason.objects.filter(participant=participant, occasion=occasion).delete()
    if score <= participant.programme.low_score_limit:
        open_task(
            programme=participant.programme,
            kind=TaskKind.FOLLOW_UP_LOW_SCORE,
            participant=participant,
            why=_WHY_CALL[occasion].format(day=response.answered_on.strftime("%d.%m.%Y")),
            due_on=add_working_days(localdate(now), 0),
            by=by,
            now=now,
        )


# A reason says that a call is needed and nothing of what was answered.
_WHY_CALL = {
    Occasion.BEFORE: "Ring og hør, hvordan det går. Skemaet før forløbet blev besvaret {day}.",
    Occasion.AFTER: "Ring og hør, hvordan det går. Skemaet efter forløbet blev besvaret {day}.",
    Occasion.LATER: "Ring og hør, hvordan det går. Skemaet blev besvaret {day}.",
}
