"""What a participant's own page tells: in plain words, and of nobody else."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import AttendanceState, EnrolmentState
from courses.models import Attendance, Cohort, Enrolment, Session
from participants.enums import AgreementKind, AgreementMethod, Stage
from participants.models import Agreement, Participant
from referrals.models import Referral

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
# What is told of how a yes came to us.
HOW = {
    AgreementMethod.FORM: gettext_lazy("Det skrev du på formularen."),
    AgreementMethod.REFERRER: gettext_lazy("Det sagde du til den, der henviste dig."),
    AgreementMethod.PHONE: gettext_lazy("Det sagde du i telefonen."),
    AgreementMethod.MEETING: gettext_lazy("Det sagde du på et møde."),
    AgreementMethod.PAPER: gettext_lazy("Det skrev du på papir."),
    AgreementMethod.OWN_PAGE: gettext_lazy("Det sagde du her på siden."),
}
# A closed path is read back for a season: long enough to withdraw a yes, or to be written to about later
# cohorts, and no link to somebody's path lies open for ever.
READABLE_AFTER_CLOSING_DAYS = 90
SHOWN_LATER = 3  # sessions after the next: enough to plan by


@dataclass(frozen=True)
class OwnStep:
    """One step of the path; `state` is done, current or todo."""

    label: str
    state: str


@dataclass(frozen=True)
class OwnAgreement:
    """Something the person said yes to and may take back, or may say yes to (again): no `given_at`."""

    kind: str
    text: str
    given_at: dt.datetime | None = None
    how: str = ""
    ended_at: dt.datetime | None = None


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
    to_agree: list[OwnAgreement]


def is_readable(participant: Participant, now: dt.datetime) -> bool:
    """Say whether the person's link opens the page: until some time after their path has closed."""
    if participant.stage != Stage.CLOSED:
        return True
    return now <= participant.stage_changed_at + dt.timedelta(days=READABLE_AFTER_CLOSING_DAYS)


def own_page(participant: Participant, now: dt.datetime) -> OwnPage:
    """Return the page of `participant`, who is in the active scope; at most six queries."""
    stage = Stage(participant.stage)
    place = Enrolment.objects.filter(participant=participant).current().select_related("cohort").first()
    sessions = _sessions_to_come(place, now)
    agreements = list(Agreement.objects.filter(participant=participant))
    return OwnPage(
        standing=_standing(participant, stage),
        steps=_steps(stage),
        is_closed=stage == Stage.CLOSED,
        cohort=place.cohort if place else None,
        next_session=_next(place, sessions, now),
        later_sessions=sessions[1:],
        agreements=[_given(agreement) for agreement in agreements if agreement.withdrawn_at is None],
        to_agree=_to_agree(participant, agreements),
    )


def _given(agreement: Agreement) -> OwnAgreement:
    return OwnAgreement(
        kind=agreement.kind,
        text=str(AGREED[AgreementKind(agreement.kind)]),
        given_at=agreement.given_at,
        how=str(HOW[AgreementMethod(agreement.method)]),
    )


def _to_agree(participant: Participant, agreements: list[Agreement]) -> list[OwnAgreement]:
    """Return what the person may say yes to: what they took back, and what makes sense for them.

    Everybody may be written to about later cohorts; there is somebody who may hear how it goes only where
    somebody has referred them.
    """
    in_force = {agreement.kind for agreement in agreements if agreement.withdrawn_at is None}
    ended = {agreement.kind: agreement.withdrawn_at for agreement in agreements if agreement.withdrawn_at}
    offered = {*ended, AgreementKind.LATER_CONTACT} - in_force
    if AgreementKind.FEEDBACK not in in_force | offered:
        referred = Referral.objects.filter(participant=participant, referrer__isnull=False)
        offered |= {AgreementKind.FEEDBACK} if referred.exists() else set()
    return [
        OwnAgreement(kind.value, str(AGREED[kind]), ended_at=ended.get(kind))
        for kind in AgreementKind
        if kind in offered
    ]


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
