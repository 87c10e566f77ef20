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
    DECLINED = "declined", _("Takket nej")


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
