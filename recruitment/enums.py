"""How the lists of the desk are narrowed and sorted."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgeBand(models.TextChoices):
    """Ten years each, by the age that a person reaches this year."""

    UNDER_30 = "under-30", _("Under 30 år")
    THIRTIES = "30-39", _("30–39 år")
    FORTIES = "40-49", _("40–49 år")
    FIFTIES = "50-59", _("50–59 år")
    SIXTIES = "60-69", _("60–69 år")
    OVER_70 = "70-", _("70 år og derover")
    UNKNOWN = "unknown", _("Ikke oplyst")


# From and to, both included.
AGES: dict[AgeBand, tuple[int, int]] = {
    AgeBand.UNDER_30: (0, 29),
    AgeBand.THIRTIES: (30, 39),
    AgeBand.FORTIES: (40, 49),
    AgeBand.FIFTIES: (50, 59),
    AgeBand.SIXTIES: (60, 69),
    AgeBand.OVER_70: (70, 200),
}


class ParticipantSort(models.TextChoices):
    NAME = "name", _("Navn")
    ARRIVAL = "arrival", _("Senest kommet")
    STAGE = "stage", _("Trin på vejen")


class TaskFilter(models.TextChoices):
    """Which open tasks a list shows; closed ones have a list of their own."""

    OVERDUE = "overdue", _("Over tiden")
    TODAY = "today", _("I dag og over tiden")


# The filter of partners that finds all whose partnership may break, whatever the reason.
ANY_WEAKNESS = "any"


class SinceContact(models.TextChoices):
    """For how long nobody has been in touch with a partner."""

    MONTH = "1", _("Ingen kontakt i 4 uger")
    QUARTER = "3", _("Ingen kontakt i 3 måneder")
    HALF_YEAR = "6", _("Ingen kontakt i 6 måneder")
    EVER = "ever", _("Aldrig noteret kontakt")

    @property
    def weeks(self) -> int:
        """How many weeks that is; 0 for ever."""
        return {SinceContact.MONTH: 4, SinceContact.QUARTER: 13, SinceContact.HALF_YEAR: 26}.get(self, 0)


class Urgency(models.TextChoices):
    """How close a task's day is, in the kinds of the design system's badges."""

    OVERDUE = "error", _("Over tiden")
    TODAY = "warning", _("I dag")
    SOON = "info", _("Snart")
    LATER = "neutral", _("Senere")


class OwnAct(models.TextChoices):
    """What a participant does on their own page, each with one button."""

    APOLOGISE = "apologise", _("Jeg kan ikke komme")
    COME_AFTER_ALL = "come_after_all", _("Jeg kan komme alligevel")
    WITHDRAW = "withdraw", _("Træk dit ja tilbage")
    AGREE = "agree", _("Sig ja")
    CHANGE_CONTACT = "change_contact", _("Gem")
    STOP_MESSAGES = "stop_messages", _("Stop beskeder")
    RESUME_MESSAGES = "resume_messages", _("Få beskeder igen")
