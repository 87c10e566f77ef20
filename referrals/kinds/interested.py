"""To somebody who asked to hear of it: there is a new cohort with room. Municipality and day, no more."""

import datetime as dt

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.utils.timezone import localdate

from core.phones import format_phone
from courses.enums import SEAT_TAKING
from courses.models import Cohort
from messaging.enums import Channel
from messaging.kinds import Kind, Rendered, Rule, render_message, sms_message
from messaging.models import OutboundMessage
from outreach.interest_texts import agreed_since
from outreach.models import InterestedPerson
from referrals.enums import MessageKind
from referrals.services.interest import stop_url

FOLDER = "referrals/messages/interested_invitation"


def _person_where(condition: Q) -> Q:
    # The base manager: the condition is part of a message's own query, which keeps to the programme.
    return Q(Exists(InterestedPerson._base_manager.filter(condition, pk=OuterRef("interested_id"))))


def _has_address(now: dt.datetime) -> Q:
    by_mail, by_sms = _person_where(~Q(email_hash="")), _person_where(~Q(phone_hash=""))
    return Q(by_mail, channel=Channel.EMAIL) | Q(by_sms, channel=Channel.SMS)


def _cohort_has_room(now: dt.datetime) -> Q:
    cohorts = Cohort._base_manager.annotate(
        taken=Count("enrolments", filter=Q(enrolments__state__in=SEAT_TAKING))
    )
    ahead = cohorts.filter(taken__lt=F("capacity"), starts_on__gt=localdate(now), cancelled_at=None)
    return Q(Exists(ahead.filter(pk=Cast(OuterRef("subject_ids__cohort"), BigIntegerField()))))


def _person_of(message: OutboundMessage) -> InterestedPerson:
    """Return who it goes to.

    :raises TypeError: when it goes to somebody else.
    """
    if message.interested is None:
        raise TypeError("A message of this kind goes to an interested person.")
    return message.interested


def render_invitation(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the mail: whose it is, when it begins, whom to ring, and how to hear no more."""
    person, programme = _person_of(message), message.programme
    stop = stop_url(person=person, now=now)
    return render_message(
        FOLDER,
        {"programme": programme, "day": _day(message), "stop_url": stop},
        address=person.email,
        reply_to=programme.contact_email,
        unsubscribe_url=stop,
        language=person.language,
    )


def render_invitation_sms(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the same as a text message."""
    person, programme = _person_of(message), message.programme
    return sms_message(
        f"{FOLDER}/sms.txt",
        {
            "municipality": programme.municipality,
            "phone": format_phone(programme.contact_phone),
            "day": _day(message),
            "stop_url": stop_url(person=person, now=now),
        },
        phone=person.phone,
        language=person.language,
    )


def _day(message: OutboundMessage) -> dt.date:
    day: dt.date = Cohort.objects.get(pk=message.subject_ids["cohort"]).starts_on
    return day


INTERESTED_INVITATION = Kind.by_rules(
    Rule(
        "interest_not_stopped",
        lambda now: _person_where(Q(stopped_at=None)),
        "Personen har sagt nej tak til at blive kontaktet.",
    ),
    Rule(
        "interest_stands",
        lambda now: _person_where(
            Q(agreed_at__gt=agreed_since(now), turned_at=None, forgotten_at=None, held_reasons="")
        ),
        "Personens ja gælder ikke længere, eller personen er allerede med.",
    ),
    Rule("interest_address", _has_address, "Personen har hverken telefon eller e-mail."),
    Rule("cohort_has_room", _cohort_has_room, "Holdet er fyldt, begyndt eller aflyst."),
    name=MessageKind.INTERESTED_INVITATION.value,
    label=MessageKind.INTERESTED_INVITATION.label,
    render=render_invitation,
    render_sms=render_invitation_sms,
    sms_first=True,
    respects_sending_hours=True,
    keeps_quiet_periods=False,  # whoever begins in August hears of it in July
)
