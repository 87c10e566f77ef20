"""Occasions, modes and bands of a measure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Occasion(models.TextChoices):
    BEFORE = "before", _("Før forløbet")
    AFTER = "after", _("Efter forløbet")
    LATER = "later", _("Senere")


class Mode(models.TextChoices):
    OWN_PHONE = "own_phone", _("På egen telefon")
    PAPER = "paper", _("På papir, skrevet ind")
    INTERVIEW = "interview", _("Spurgt i en samtale")


class SelfRatedHealth(models.IntegerChoices):
    """Ordinal, best first; reported as a distribution, never as a mean."""

    EXCELLENT = 1, _("Fremragende")
    VERY_GOOD = 2, _("Vældig godt")
    GOOD = 3, _("Godt")
    FAIR = 4, _("Mindre godt")
    POOR = 5, _("Dårligt")


class Band(models.TextChoices):
    """Where a percentage score lies; a word for the coordinator, never a verdict on a citizen."""

    HIGH_RISK = "high_risk", _("stor risiko")
    RISK = "risk", _("risiko")
    NOT_IMMEDIATE = "not_immediate", _("ikke umiddelbart risiko")


class MissingReasonKind(models.TextChoices):
    NOT_BOOKED = "not_booked", _("Ikke aftalt eller ikke mødt op")
    UNANSWERED = "unanswered", _("Spørgsmål ikke besvaret")
    PAUSE = "pause", _("Pause")
    STOPPED = "stopped", _("Stoppet")
    DOES_NOT_WISH = "does_not_wish", _("Ønsker det ikke")
    OTHER = "other", _("Andet")
