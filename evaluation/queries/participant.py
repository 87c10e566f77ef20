"""What is known of one person's measures, as their page shows it to the coordinator."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max
from django.utils.timezone import localdate

from accounts.models import Programme
from courses.enums import EnrolmentState
from courses.models import Session
from evaluation.enums import Band, Mode, Occasion, SelfRatedHealth
from evaluation.instruments import self_rated_health, who5
from evaluation.models import Invitation, MissingReason, Response
from evaluation.scoring import SMALLEST_DETECTABLE_CHANGE, band
from participants.models import Participant

TOOK_PART = (EnrolmentState.STARTED, EnrolmentState.COMPLETED, EnrolmentState.STOPPED)


@dataclass(frozen=True)
class Measure:
    """One occasion of one person: answered, partly answered, or not yet.

    `percentage` (0–100) and `band` stand only when all five items are answered.
    """

    occasion: Occasion
    response: Response | None
    invited_at: dt.datetime | None
    missing_reason: str

    @property
    def is_answered(self) -> bool:
        return self.response is not None

    @property
    def is_complete(self) -> bool:
        return self.response is not None and self.response.is_complete

    @property
    def is_incomplete(self) -> bool:
        return self.response is not None and not self.response.is_complete

    @property
    def percentage(self) -> int | None:
        return self.response.percentage_score if self.response else None

    @property
    def band(self) -> Band | None:
        """For the coordinator alone; no citizen is shown a verdict."""
        return None if self.percentage is None else band(self.percentage)

    @property
    def unanswered(self) -> int:
        """How many of the five items are blank."""
        return self.response.items.count(None) if self.response else 0

    @property
    def health(self) -> str:
        """The words chosen for self-rated health, "" when not answered."""
        if self.response is None or self.response.self_rated_health is None:
            return ""
        return str(SelfRatedHealth(self.response.self_rated_health).label)

    @property
    def how(self) -> str:
        """How it was answered and, where staff typed it in, by whom."""
        if self.response is None:
            return ""
        mode = str(Mode(self.response.mode).label)
        entered_by = self.response.entered_by
        return f"{mode} af {entered_by}" if entered_by else mode


@dataclass(frozen=True)
class ParticipantMeasures:
    """The measures of one person and what must be said about before and after together.

    `difference` is after minus before, None unless both are complete.
    """

    before: Measure
    after: Measure
    later: Measure
    flags: tuple[str, ...]

    def of(self, occasion: Occasion) -> Measure:
        """Return the measure of one occasion."""
        return {Occasion.BEFORE: self.before, Occasion.AFTER: self.after}.get(occasion, self.later)

    @property
    def measures(self) -> tuple[Measure, Measure]:
        return self.before, self.after

    @property
    def difference(self) -> int | None:
        if self.before.percentage is None or self.after.percentage is None:
            return None
        return self.after.percentage - self.before.percentage

    @property
    def difference_text(self) -> str:
        """The difference with its sign, "" where there is none."""
        if self.difference is None:
            return ""
        return f"{self.difference:+d}".replace("-", "−") if self.difference else "0"

    @property
    def is_within_noise(self) -> bool:
        """Whether the difference is too small to say anything about one person."""
        return self.difference is not None and abs(self.difference) < SMALLEST_DETECTABLE_CHANGE


def participant_measures(participant: Participant, today: dt.date) -> ParticipantMeasures:
    """Return the person's measures; four queries, `today` bounds the sessions held."""
    responses = {
        response.occasion: response
        for response in Response.objects.filter(participant=participant).select_related("entered_by")
    }
    invited = dict(Invitation.objects.filter(participant=participant).values_list("occasion", "created_at"))
    missing = {
        reason.occasion: str(reason.get_reason_display())
        for reason in MissingReason.objects.filter(participant=participant)
    }
    before, after, later = (
        Measure(
            occasion,
            responses.get(occasion),
            invited.get(occasion),
            "" if occasion in responses and responses[occasion].is_complete else missing.get(occasion, ""),
        )
        for occasion in Occasion
    )
    flags = measure_flags(
        programme=participant.programme,
        before_on=before.response.answered_on if before.response else None,
        after_on=after.response.answered_on if after.response else None,
        last_session_on=last_session_on(participant, today),
    )
    return ParticipantMeasures(before, after, later, flags)


def last_session_on(participant: Participant, today: dt.date) -> dt.date | None:
    """Return the day of the last session held so far in a cohort that the person took part in."""
    last = Session.objects.filter(
        cohort__enrolments__participant=participant,
        cohort__enrolments__state__in=TOOK_PART,
        starts_at__date__lte=today,
    ).aggregate(last=Max("starts_at"))["last"]
    return localdate(last) if last else None


def measure_flags(
    *,
    programme: Programme,
    before_on: dt.date | None,
    after_on: dt.date | None,
    last_session_on: dt.date | None,
) -> tuple[str, ...]:
    """Return what the coordinator should know about when the after-measure was taken, often nothing.

    WHO-5 asks about the last two weeks; both limits are settings of the programme.
    """
    flags = []
    if before_on and after_on and (after_on - before_on).days < programme.after_measure_min_days:
        between = _days(max(0, (after_on - before_on).days))
        flags.append(
            f"Der er {between} mellem de to målinger. Skemaet spørger til de sidste to uger, "
            "så de overlapper."
        )
    if last_session_on and after_on and (after_on - last_session_on).days > programme.after_measure_max_days:
        flags.append(
            f"Eftermålingen er taget {_days((after_on - last_session_on).days)} efter sidste mødegang. "
            f"Grænsen er {_days(programme.after_measure_max_days)}."
        )
    return tuple(flags)


def _days(number: int) -> str:
    return "1 dag" if number == 1 else f"{number} dage"


@dataclass(frozen=True)
class AnsweredQuestion:
    """One question with the answer given, "" where left blank."""

    question: str
    answer: str


def answered_questions(response: Response) -> list[AnsweredQuestion]:
    """Return every question of the questionnaire with the words that were chosen."""
    text = who5(response.language)
    labels = dict(text.choices)
    answered = [
        AnsweredQuestion(question, labels[value] if value is not None else "")
        for question, value in zip(text.items, response.items, strict=True)
    ]
    health = self_rated_health()
    chosen = dict(health.choices).get(response.self_rated_health or 0, "")
    return [*answered, AnsweredQuestion(health.items[0], chosen)]
