"""Stages, outcomes and the other closed lists about a participant."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where a participant stands on the path; the moves stand in transitions.py."""

    RECEIVED = "received", _("Modtaget")
    CONTACTING = "contacting", _("Vi ringer")
    CONVERSATION = "conversation", _("Samtale")
    READY = "ready", _("Klar til hold")
    PLACED = "placed", _("Har plads")
    ACTIVE = "active", _("I gang")
    PAUSED = "paused", _("Pause")
    COMPLETED = "completed", _("Gennemført")
    BRIDGING = "bridging", _("Bro videre")
    CLOSED = "closed", _("Afsluttet")


class Outcome(models.TextChoices):
    """How a path ended; a closed participant has exactly one."""

    BRIDGED = "bridged", _("Gået videre i foreningslivet")
    COMPLETED = "completed", _("Gennemført uden bro")
    DECLINED = "declined", _("Takkede nej")
    UNREACHABLE = "unreachable", _("Kunne ikke træffes")
    REDIRECTED = "redirected", _("Hjulpet videre til andet tilbud")
    STOPPED_ILLNESS = "stopped_illness", _("Stoppet på grund af sygdom")
    STOPPED_WORK = "stopped_work", _("Stoppet på grund af job eller uddannelse")
    STOPPED_OTHER = "stopped_other", _("Stoppet af anden grund")
    MISTAKE = "mistake", _("Oprettet ved en fejl")
    MERGED = "merged", _("Samlet med en anden")


# What a coordinator may choose; a merge gives its own.
CHOSEN_OUTCOMES = [(outcome.value, outcome.label) for outcome in Outcome if outcome != Outcome.MERGED]


class ContactMethod(models.TextChoices):
    PHONE = "phone", _("Telefon")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    MEETING = "meeting", _("Møde")


class ContactOutcome(models.TextChoices):
    REACHED = "reached", _("Fik fat i personen")
    NO_ANSWER = "no_answer", _("Intet svar")
    LEFT_MESSAGE = "left_message", _("Lagde besked")
    CALL_BACK = "call_back", _("Aftalt at ringe igen")
    WRONG_NUMBER = "wrong_number", _("Forkert nummer")


class AgreementKind(models.TextChoices):
    """What the citizen agreed to; it is not the legal basis, which is the public task."""

    REFERRED = "referred", _("At blive henvist")
    FEEDBACK = "feedback", _("At henviseren hører, hvordan det går")
    LATER_CONTACT = "later_contact", _("At vi må skrive om senere hold")


class AgreementMethod(models.TextChoices):
    FORM = "form", _("På formularen")
    REFERRER = "referrer", _("Sagt til henviseren")
    PHONE = "phone", _("I telefonen")
    MEETING = "meeting", _("På et møde")
    PAPER = "paper", _("På papir")
    OWN_PAGE = "own_page", _("På sin egen side")
