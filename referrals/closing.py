"""The note that ends a professional's referral: facts that may be told, as text to copy.

A referral through XREF15 came by the care system and is answered there with XDIS15, which this app does
not send. So the text stands in the order in which XDIS15 is read: Henvisningsdato (Admission),
Afslutningsdato (Discharge), Epikrise (ClinicalInformation), Underskrevet af (Signed: title, name, date).
Source: MedCom's message MunicipalityLetter, schema 2016/12/01, as MedCom's own stylesheet shows it under
the heading "Afslutningsnotat fra kommunal forebyggelse"; medcom.dk/projekter/kommunal-henvisning.
Diagnoses are left empty: we keep none.

Feedback is given only where the citizen agrees, and then as a status: no scores, no notes, not who came
to what, and not why somebody stopped.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.timezone import localdate

from accounts.models import Programme, User
from core.phones import format_phone
from courses.models import Enrolment
from participants.enums import ContactOutcome, Outcome, Stage
from participants.models import ContactAttempt, StageChange
from referrals.enums import ReferralKind
from referrals.models import Referral
from referrals.queries import may_be_told

# Nobody waits for a note about somebody who came by themselves.
WITHOUT_REFERRER = (ReferralKind.SELF, ReferralKind.COORDINATOR)
# How an ending is told. The reason why somebody stopped may be an illness: it is not told.
TOLD_AS = {
    Outcome.BRIDGED: "Borgeren er gået videre i foreningslivet.",
    Outcome.COMPLETED: "Borgeren har gennemført forløbet.",
    Outcome.DECLINED: "Borgeren ønskede ikke at deltage.",
    Outcome.UNREACHABLE: "Vi har ikke kunnet få kontakt med borgeren.",
    Outcome.REDIRECTED: "Borgeren er hjulpet videre til et andet tilbud.",
    Outcome.STOPPED_ILLNESS: "Borgeren stoppede, før forløbet var slut.",
    Outcome.STOPPED_WORK: "Borgeren stoppede, før forløbet var slut.",
    Outcome.STOPPED_OTHER: "Borgeren stoppede, før forløbet var slut.",
    Outcome.MISTAKE: "Henvisningen er afsluttet.",
    Outcome.MERGED: "Henvisningen er afsluttet.",
}

# Endings that nobody comes to without having taken part, or that say nothing of it.
WENT_THROUGH = (Outcome.BRIDGED, Outcome.COMPLETED, Outcome.MISTAKE, Outcome.MERGED)


@dataclass(frozen=True)
class ClosingFacts:
    """What the referrer may know; of somebody who has not agreed, only that the referral came."""

    received_on: dt.date
    told: bool
    closed: bool
    contacted_on: dt.date | None = None
    started: bool = False
    took_part_from: dt.date | None = None
    took_part_to: dt.date | None = None
    ended_on: dt.date | None = None
    outcome: str = ""


@dataclass(frozen=True)
class ClosingNote:
    """The note as plain text, and as XDIS15's fields in their order."""

    plain: str
    xdis15: str


def is_answered(referral: Referral) -> bool:
    """Say whether a professional sent the person, and so may be answered."""
    return referral.kind not in WITHOUT_REFERRER


def closing_facts(referral: Referral) -> ClosingFacts:
    """Return what may be told of the referral's person; nothing but its day where they have not agreed."""
    participant = referral.participant
    received_on = localdate(referral.received_at)
    ended_on = _ended_on(referral) if participant.stage == Stage.CLOSED else None
    closed = ended_on is not None
    if not may_be_told(referral):
        return ClosingFacts(received_on=received_on, told=False, closed=closed)
    if not closed:
        return ClosingFacts(received_on=received_on, told=True, closed=False)
    place = _place(referral)
    return ClosingFacts(
        received_on=received_on,
        told=True,
        closed=True,
        contacted_on=_contacted_on(referral),
        started=place is not None or participant.outcome in WENT_THROUGH,
        took_part_from=_day(place.started_at) if place else None,
        took_part_to=_day(place.completed_at or place.state_changed_at) if place else None,
        ended_on=ended_on,
        outcome=TOLD_AS[Outcome(participant.outcome)],
    )


def closing_note(
    facts: ClosingFacts, *, reference: str, programme: Programme, by: User, today: dt.date
) -> ClosingNote:
    """Return both texts of `facts`, signed by `by`; the person is named by the referral's number alone."""
    context: dict[str, Any] = {
        "facts": facts,
        "reference": reference,
        "programme": programme,
        "by": by,
        "today": today,
    }
    context["phone"] = format_phone(programme.contact_phone)
    return ClosingNote(
        plain=_text("referrals/closing/plain.txt", context),
        xdis15=_text("referrals/closing/xdis15.txt", context),
    )


def _text(template: str, context: dict[str, Any]) -> str:
    """Return the text with one empty line at most between its parts."""
    return re.sub(r"\n{3,}", "\n\n", render_to_string(template, context)).strip()


def _contacted_on(referral: Referral) -> dt.date | None:
    reached = ContactAttempt.objects.filter(
        participant=referral.participant_id, outcome=ContactOutcome.REACHED, at__gte=referral.received_at
    )
    return _day(reached.order_by("at").values_list("at", flat=True).first())


def _place(referral: Referral) -> Enrolment | None:
    """Return the last place that the person took up, and held since the referral came."""
    places = Enrolment.objects.filter(
        participant=referral.participant_id,
        started_at__isnull=False,
        state_changed_at__gte=referral.received_at,
    )
    found: Enrolment | None = places.order_by("-started_at").first()
    return found


def _ended_on(referral: Referral) -> dt.date | None:
    closings = StageChange.objects.filter(
        participant=referral.participant_id, to_stage=Stage.CLOSED, at__gte=referral.received_at
    )
    return _day(closings.order_by("-at").values_list("at", flat=True).first())


def _day(at: dt.datetime | None) -> dt.date | None:
    return localdate(at) if at else None
