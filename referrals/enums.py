"""Kinds of arrival and ways in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferralKind(models.TextChoices):
    """Who sent the person."""

    JOBCENTRE = "jobcentre", _("Jobcenter")
    GP = "gp", _("Praktiserende læge")
    OTHER_PROFESSIONAL = "other_professional", _("Anden fagperson")
    SELF = "self", _("Personen selv")
    COORDINATOR = "coordinator", _("Oprettet af koordinatoren")


class Intake(models.TextChoices):
    """How the arrival reached us."""

    WEB = "web", _("Formular")
    PHONE = "phone", _("Telefon")
    PAPER = "paper", _("Papir")
    MEETING = "meeting", _("Møde")
    XREF15 = "xref15", _("Henvisning fra lægesystemet (XREF15)")


class HeardAbout(models.TextChoices):
    """Where the person or referrer heard of the programme."""

    COLLEAGUE = "colleague", _("En kollega")
    VISIT = "visit", _("Besøg eller møde med koordinatoren")
    JOBCENTRE = "jobcentre", _("Jobcenteret")
    DOCTOR = "doctor", _("Lægen")
    FRIEND = "friend", _("En, jeg kender")
    PARTICIPANT = "participant", _("En, der selv har været med")
    POSTER = "poster", _("Plakat eller folder")
    WEB = "web", _("Nettet eller sociale medier")
    PAPER = "paper", _("Avisen")
    OTHER = "other", _("Et andet sted")
