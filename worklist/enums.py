"""Kinds and states of a task."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskKind(models.TextChoices):
    """What needs doing; the package that knows of the need opens the task."""

    CALL = "call", _("Ring")
    FOLLOW_UP_LOW_SCORE = "follow_up_low_score", _("Følg op på lav trivsel")
    PLACE = "place", _("Find plads på et hold")
    BEFORE_MEASURE = "before_measure", _("Førmåling mangler")
    AFTER_MEASURE = "after_measure", _("Eftermåling mangler")
    HELD_ARRIVAL = "held_arrival", _("Se på tilbageholdt henvendelse")
    MESSAGE_FAILED = "message_failed", _("Besked kunne ikke sendes")
    MESSAGE_UNCERTAIN = "message_uncertain", _("Måske sendt")
    ADDRESS_DEAD = "address_dead", _("Adressen virker ikke")
    REFERRER_SUCCESSOR = "referrer_successor", _("Find ud af, hvem der overtager")
    REFERRER_RETURNED = "referrer_returned", _("Er henviseren her stadig?")
    TEND_PARTNER = "tend_partner", _("Pas på et samarbejde")
    AGREEMENT_REVIEW = "agreement_review", _("Gennemgå en samarbejdsaftale")
    PARTNER_STEP = "partner_step", _("Næste skridt med en partner")
    REFERRER_POINTS_ELSEWHERE = "referrer_elsewhere", _("Spørg en anden i stedet")
    ACTIVITY = "activity", _("Opsøgende aktivitet")
    OTHER = "other", _("Andet")


class TaskState(models.TextChoices):
    OPEN = "open", _("Åben")
    DONE = "done", _("Klaret")
    DISMISSED = "dismissed", _("Ikke nødvendig")
