"""What a participant's own page tells: in plain words, and of nobody else."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import AttendanceState, EnrolmentState
from courses.models import Attendance, Cohort, Enrolment, Session
from participants.enums import AgreementKind, Stage
from participants.models import Agreement, Participant

# The path as the person meets it, and the stages that each step covers.
OWN_STEPS = (
    (gettext_lazy("Vi ringer til dig"), (Stage.RECEIVED, Stage.CONTACTING)),
    (gettext_lazy("Vi taler sammen"), (Stage.CONVERSATION,)),
    (gettext_lazy("Du får en plads"), (Stage.READY,)),
    (gettext_lazy("Du er med på et hold"), (Stage.PLACED, Stage.ACTIVE, Stage.PAUSED)),
    (gettext_lazy("Du går videre"), (Stage.COMPLETED, Stage.BRIDGING)),
)
STANDING = {
    Stage.RECEIVED: gettext_lazy("Vi ringer til dig en af de næste dage. Så taler vi om, hvad du vil."),
    Stage.CONTACTING: gettext_lazy("Vi prøver at få fat i dig. Du må også gerne ringe til os."),
    Stage.CONVERSATION: gettext_lazy("Vi taler sammen om, hvad du har lyst til."),
    Stage.READY: gettext_lazy("Du er klar til et hold. Vi ringer, når vi har fundet en plads til dig."),
    Stage.PLACED: gettext_lazy("Du har fået en plads på et hold. Vi glæder os til at se dig."),
    Stage.ACTIVE: gettext_lazy("Du er i gang på dit hold. Det er godt at have dig med."),
    Stage.PAUSED: gettext_lazy("Du holder pause. Ring til os, når du har lyst til at komme igen."),
    Stage.COMPLETED: gettext_lazy("Du har været med hele vejen. Nu taler vi om, hvad du vil bagefter."),
    Stage.BRIDGING: gettext_lazy("Du er på vej videre, og vi hjælper dig godt i gang."),
    Stage.CLOSED: gettext_lazy("Dit forløb er afsluttet. Du må altid ringe, hvis du vil tale med os."),
}
# What the person said yes to, as they would say it.
AGREED = {
    AgreementKind.REFERRED: gettext_lazy("En anden må henvise dig til os."),
    AgreementKind.FEEDBACK: gettext_lazy("Den, der henviste dig, må høre, hvordan det går."),
    AgreementKind.LATER_CONTACT: gettext_lazy("Vi må skrive til dig om senere hold."),
}
SHOWN_LATER = 3  # sessions after the next: enough to plan by


@dataclass(frozen=True)
class OwnStep:
    """One step of the path; `state` is done, current or todo."""

    label: str
    state: str


@dataclass(frozen=True)
class OwnAgreement:
    """Something the person said yes to and may take back."""

    kind: str
    text: str
    given_at: dt.datetime


@dataclass(frozen=True)
class NextSession:
    """The session that comes next, or `is_on` now; `apologised` when the person cannot come."""

    session: Session
    is_on: bool
    apologised: bool


@dataclass(frozen=True)
class OwnPage:
    """All that the page tells, besides what stands on the person and the programme."""

    standing: str
    steps: list[OwnStep]
    is_closed: bool
    cohort: Cohort | None
    next_session: NextSession | None
    later_sessions: list[Session]
    agreements: list[OwnAgreement]


def own_page(participant: Participant, now: dt.datetime) -> OwnPage:
    """Return the page of `participant`, who is in the active scope; at most four queries."""
    stage = Stage(participant.stage)
    place = Enrolment.objects.filter(participant=participant).current().select_related("cohort").first()
    sessions = _sessions_to_come(place, now)
    return OwnPage(
        standing=_standing(participant, stage),
        steps=_steps(stage),
        is_closed=stage == Stage.CLOSED,
        cohort=place.cohort if place else None,
        next_session=_next(place, sessions, now),
        later_sessions=sessions[1:],
        agreements=[
            OwnAgreement(given.kind, str(AGREED[AgreementKind(given.kind)]), given.given_at)
            for given in Agreement.objects.filter(participant=participant, withdrawn_at=None)
        ],
    )


def _standing(participant: Participant, stage: Stage) -> str:
    waits = stage == Stage.READY and participant.enrolments.filter(state=EnrolmentState.WAITING).exists()
    if waits:
        return _("Du står på venteliste til et hold. Vi ringer, når der er en plads til dig.")
    return str(STANDING[stage])


def _steps(stage: Stage) -> list[OwnStep]:
    standing = next((place for place, (_label, stages) in enumerate(OWN_STEPS) if stage in stages), None)
    if standing is None:
        return []
    return [
        OwnStep(str(label), "done" if place < standing else "current" if place == standing else "todo")
        for place, (label, _stages) in enumerate(OWN_STEPS)
    ]


def _sessions_to_come(place: Enrolment | None, now: dt.datetime) -> list[Session]:
    if place is None:
        return []
    sessions = Session.objects.filter(cohort=place.cohort_id, ends_at__gt=now).select_related("venue")
    return list(sessions.order_by("starts_at", "pk")[: 1 + SHOWN_LATER])


def _next(place: Enrolment | None, sessions: list[Session], now: dt.datetime) -> NextSession | None:
    if not sessions:
        return None
    apologies = Attendance.objects.filter(
        session=sessions[0], enrolment=place, state=AttendanceState.APOLOGISED
    )
    return NextSession(sessions[0], is_on=sessions[0].starts_at <= now, apologised=apologies.exists())
