"""Why a service refuses. Each says it in a sentence to the coordinator: `str(refusal)`."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from courses.models import Cohort, Enrolment, Session, Venue
    from participants.models import Participant


def spelled(day: dt.date) -> str:
    """Return the day as 05.11.2026."""
    return date_format(day, "d.m.Y")


class Refused(Exception):
    """Nothing was written."""

    def sentence(self) -> str:
        """Return what happened and what to do."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.sentence()


class CohortFull(Refused):
    """Every seat is taken."""

    def __init__(self, cohort: "Cohort") -> None:
        super().__init__(cohort)
        self.cohort = cohort

    def sentence(self) -> str:
        return _("Der er ikke flere pladser på %(cohort)s.") % {"cohort": self.cohort}


class CohortOver(Refused):
    """The cohort has ended or was cancelled."""

    def __init__(self, cohort: "Cohort") -> None:
        super().__init__(cohort)
        self.cohort = cohort

    def sentence(self) -> str:
        if self.cohort.cancelled_at:
            return _("%(cohort)s er aflyst. Vælg et andet hold.") % {"cohort": self.cohort}
        return _("%(cohort)s er slut. Vælg et andet hold.") % {"cohort": self.cohort}


class AlreadyPlaced(Refused):
    """The person has a seat, in this cohort or another."""

    def __init__(self, enrolment: "Enrolment") -> None:
        super().__init__(enrolment)
        self.enrolment = enrolment

    def sentence(self) -> str:
        who = {"name": self.enrolment.participant, "cohort": self.enrolment.cohort}
        return _("%(name)s har allerede plads på %(cohort)s.") % who


class NotReady(Refused):
    """The person does not stand at the step before a seat."""

    def __init__(self, participant: "Participant") -> None:
        super().__init__(participant)
        self.participant = participant

    def sentence(self) -> str:
        who = {"name": self.participant, "stage": self.participant.get_stage_display()}
        return (
            _("%(name)s står på trinnet “%(stage)s” og skal være “Klar til hold” for at få en plads.") % who
        )


class SeatFree(Refused):
    """Nobody need wait: there is a seat for this person."""

    def __init__(self, cohort: "Cohort") -> None:
        super().__init__(cohort)
        self.cohort = cohort

    def sentence(self) -> str:
        return _("Der er en ledig plads på %(cohort)s. Giv den i stedet for at bruge ventelisten.") % {
            "cohort": self.cohort
        }


class NameTaken(Refused):
    """Another cohort or venue of the programme has the name."""

    def __init__(self, existing: "Cohort | Venue") -> None:
        super().__init__(existing)
        self.existing = existing

    def sentence(self) -> str:
        return _("Navnet “%(name)s” er allerede brugt. Vælg et andet navn.") % {"name": self.existing.name}


class EndsBeforeStart(Refused):
    """The end lies before the start."""

    def sentence(self) -> str:
        return _("Slutningen ligger før begyndelsen. Ret en af dem.")


class CohortTooLong(Refused):
    """Longer than a cohort can last; as a rule a slip in the year."""

    def sentence(self) -> str:
        return _("Et hold kan højst vare et år. Tjek årstallet i de to datoer.")


class CapacityTooSmall(Refused):
    """More seats are taken than the cohort would have."""

    def __init__(self, seats_taken: int) -> None:
        super().__init__(seats_taken)
        self.seats_taken = seats_taken

    def sentence(self) -> str:
        return _(
            "%(taken)d pladser er allerede givet. Skriv mindst %(taken)d, eller frigiv pladser først."
        ) % {"taken": self.seats_taken}


class SessionOutsideCohort(Refused):
    """The session lies before the cohort's first day or after its last."""

    def __init__(self, cohort: "Cohort", day: dt.date) -> None:
        super().__init__(cohort, day)
        self.cohort = cohort
        self.day = day

    def sentence(self) -> str:
        return _(
            "Den %(day)s ligger uden for holdet, der varer fra %(first)s til %(last)s. "
            "Vælg en anden dag, eller ret holdets datoer først."
        ) % {
            "day": spelled(self.day),
            "first": spelled(self.cohort.starts_on),
            "last": spelled(self.cohort.ends_on),
        }


class SessionsOutside(Refused):
    """With the new dates some sessions would lie outside the cohort."""

    def __init__(self, sessions: Sequence["Session"]) -> None:
        super().__init__(sessions)
        self.sessions = sessions

    def sentence(self) -> str:
        days = ", ".join(spelled(localtime(session.starts_at).date()) for session in self.sessions)
        return _("Disse mødegange ville ligge uden for holdet: %(days)s. Flyt eller slet dem først.") % {
            "days": days
        }


class SessionOverlaps(Refused):
    """The cohort meets elsewhere at that time."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self.session = session

    def sentence(self) -> str:
        return _("Holdet har allerede en mødegang den %(day)s kl. %(time)s. Vælg et andet tidspunkt.") % {
            "day": spelled(localtime(self.session.starts_at).date()),
            "time": date_format(localtime(self.session.starts_at), "H.i"),
        }


class NoSessionDays(Refused):
    """The plan names no day on which the cohort could meet."""

    def sentence(self) -> str:
        return _("Der er ingen mødegange i perioden. Tjek ugedage og datoer.")


class AttendanceNoted(Refused):
    """Somebody's attendance stands on the session, so it cannot go away."""

    def sentence(self) -> str:
        return _("Der er noteret fremmøde på mødegangen, så den kan ikke slettes.")


class NotOnCohort(Refused):
    """An enrolment that was named is not one of the cohort's."""

    def sentence(self) -> str:
        return _("En af personerne er ikke på holdet. Åbn siden igen, og prøv en gang til.")


class SessionNotHeld(Refused):
    """Nobody can have come to a session of a later day; an apology may come before."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self.session = session

    def sentence(self) -> str:
        return _("Mødegangen er først den %(day)s. Indtil da kan du kun notere afbud.") % {
            "day": spelled(localtime(self.session.starts_at).date())
        }


class ApologyNotPossible(Refused):
    """The session is over, is not the person's, or who came is noted already."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self.session = session

    def sentence(self) -> str:
        return _("Du kan ikke ændre det her for det møde. Ring til os i stedet.")


class EndingNotPossible(Refused):
    """The place has ended otherwise already, or the ending does not suit where it stands."""

    def __init__(self, enrolment: "Enrolment") -> None:
        super().__init__(enrolment)
        self.enrolment = enrolment

    def sentence(self) -> str:
        who = {"name": self.enrolment.participant, "state": self.enrolment.get_state_display()}
        return _("%(name)s står som “%(state)s” på holdet, så det kan ikke lade sig gøre.") % who


class CohortNotOver(Refused):
    """There are sessions to come."""

    def __init__(self, cohort: "Cohort") -> None:
        super().__init__(cohort)
        self.cohort = cohort

    def sentence(self) -> str:
        return _("%(cohort)s varer til %(day)s. Afslut holdet, når sidste mødegang er holdt.") % {
            "cohort": self.cohort,
            "day": spelled(self.cohort.ends_on),
        }


class EndingMissing(Refused):
    """Each person with a place needs an ending."""

    def sentence(self) -> str:
        return _("Vælg, hvordan det gik, for hver person på holdet.")
