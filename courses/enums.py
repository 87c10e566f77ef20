"""States of an enrolment and of attendance."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnrolmentState(models.TextChoices):
    """offered | waiting → enrolled → started → completed | stopped; declined at any time before the start."""

    OFFERED = "offered", _("Tilbudt")
    WAITING = "waiting", _("På venteliste")
    ENROLLED = "enrolled", _("Har plads")
    STARTED = "started", _("I gang")
    COMPLETED = "completed", _("Gennemført")
    STOPPED = "stopped", _("Stoppet")
    DECLINED = "declined", _("Frameldt")


# A place that is neither given up nor over; a person has at most one that holds a seat.
CURRENT = (EnrolmentState.OFFERED, EnrolmentState.ENROLLED, EnrolmentState.STARTED)
NOT_STARTED = (EnrolmentState.OFFERED, EnrolmentState.ENROLLED)
# Those whose attendance can be noted; a correction may come after the end.
ATTENDING = (*CURRENT, EnrolmentState.COMPLETED, EnrolmentState.STOPPED)

# A seat is taken from the offer until the person declines or stops.
SEAT_TAKING = (
    EnrolmentState.OFFERED,
    EnrolmentState.ENROLLED,
    EnrolmentState.STARTED,
    EnrolmentState.COMPLETED,
)


class AttendanceState(models.TextChoices):
    PRESENT = "present", _("Mødt")
    APOLOGISED = "apologised", _("Afbud")
    ABSENT = "absent", _("Udeblevet")


class Ending(models.TextChoices):
    """How a person's place in a cohort ends, as the coordinator says it."""

    COMPLETED = "completed", _("Har gennemført")
    PAUSED = "paused", _("Holder pause – ring og hør om et senere hold")
    STOPPED_ILLNESS = "stopped_illness", _("Stoppede på grund af sygdom")
    STOPPED_WORK = "stopped_work", _("Stoppede på grund af job eller uddannelse")
    STOPPED_OTHER = "stopped_other", _("Stoppede af en anden grund")
    READY = "ready", _("Vil gerne på et andet hold")
    DECLINED = "declined", _("Takker nej til det hele")


# What can be said of somebody who came at least once, and of somebody who never did.
ENDINGS_STARTED = (
    Ending.COMPLETED,
    Ending.PAUSED,
    Ending.STOPPED_ILLNESS,
    Ending.STOPPED_WORK,
    Ending.STOPPED_OTHER,
)
ENDINGS_NOT_STARTED = (Ending.READY, Ending.DECLINED)
