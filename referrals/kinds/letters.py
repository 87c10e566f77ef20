"""Letters to the person: that we have their contact, that they have a seat, and thanks.

Each is neutral: the municipality, a day and a link to the person's own page, where the rest stands.
"""

import datetime as dt
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils.timezone import localdate

from core.phones import format_phone
from messaging.kinds import Kind, Rendered, Rule, render_message, sms_message
from messaging.models import OutboundMessage
from messaging.rules import switched_on
from participants import rules as people
from participants.enums import Stage
from participants.models import Participant
from participants.services import participant_page_url
from referrals.enums import MessageKind
from referrals.kinds.recipients import participant_of
from referrals.letters import ahead, first_meeting, has_seat, is_thanked_for
from referrals.models import Referral


def _letter(folder: str, message: OutboundMessage, now: dt.datetime, **context: Any) -> Rendered:
    """Return the letter in the person's language, with a link to their own page."""
    participant, programme = participant_of(message), message.programme
    return render_message(
        f"referrals/messages/{folder}",
        {"page_url": participant_page_url(participant=participant, now=now), "programme": programme}
        | context,
        address=participant.email,
        reply_to=programme.contact_email,
        language=participant.language,
    )


def _sms(folder: str, message: OutboundMessage, now: dt.datetime, **context: Any) -> Rendered:
    """Return the same in a text message: municipality, time and link."""
    participant = participant_of(message)
    return sms_message(
        f"referrals/messages/{folder}/sms.txt",
        {
            "municipality": message.programme.municipality,
            "phone": format_phone(message.programme.contact_phone),
            "page_url": participant_page_url(participant=participant, now=now),
            **context,
        },
        phone=participant.phone,
        language=participant.language,
    )


def _subject(name: str) -> Any:
    """Return the key of what the message is about, as a condition may compare it."""
    return Cast(OuterRef(f"subject_ids__{name}"), BigIntegerField())


# --- We have your contact --------------------------------------------------------------------------


def render_first_letter(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the first contact in writing: that somebody gave us their name, when we call, and their rights.

    Who it was is not told in a mail; where the information text stands is (GDPR article 14).
    """
    return _letter("first_letter", message, now, call_by=_call_by(message, now))


def render_first_sms(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the same as a text message."""
    return _sms("first_letter", message, now, call_by=_call_by(message, now))


def _call_by(message: OutboundMessage, now: dt.datetime) -> dt.date:
    """Return the day that was promised, or today where it has passed, or the next working day."""
    referral = Referral.objects.select_related("programme").get(pk=message.subject_ids["referral"])
    promised = referral.programme.call_by(localdate(referral.received_at))
    soonest = referral.programme.call_by(localdate(now), 0)
    return max(promised, soonest)


def _not_reached_yet(now: dt.datetime) -> Q:
    waiting = Participant._base_manager.filter(stage__in=[Stage.RECEIVED, Stage.CONTACTING])
    return Q(Exists(waiting.filter(pk=OuterRef("participant_id"))))


FIRST_LETTER = Kind.by_rules(
    people.WANTS_MESSAGES,
    people.HAS_ADDRESS,
    switched_on("mail_contact"),
    Rule("not_reached", _not_reached_yet, "I har allerede talt sammen."),
    name=MessageKind.FIRST_LETTER.value,
    label=MessageKind.FIRST_LETTER.label,
    render=render_first_letter,
    render_sms=render_first_sms,
    respects_sending_hours=False,  # the coordinator pressed the button just now
)


# --- You have a seat -------------------------------------------------------------------------------


def render_seat(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the letter that tells the day of the first meeting; where it is stands on the own page."""
    day, starts_at = first_meeting(message.subject_ids["enrolment"], now)
    return _letter("seat_given", message, now, day=day, starts_at=starts_at)


def render_seat_sms(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the same as a text message."""
    day, starts_at = first_meeting(message.subject_ids["enrolment"], now)
    return _sms("seat_given", message, now, day=day, starts_at=starts_at)


SEAT = Kind.by_rules(
    people.WANTS_MESSAGES,
    people.HAS_ADDRESS,
    switched_on("mail_seat"),
    Rule(
        "has_seat",
        lambda now: Q(Exists(has_seat().filter(pk=_subject("enrolment")))),
        "Deltageren har ikke længere den plads, eller er begyndt.",
    ),
    Rule(
        "meeting_ahead",
        lambda now: Q(Exists(has_seat().filter(ahead(now), pk=_subject("enrolment")))),
        "Det første møde er ikke længere forude.",
    ),
    name=MessageKind.SEAT_GIVEN.value,
    label=MessageKind.SEAT_GIVEN.label,
    render=render_seat,
    render_sms=render_seat_sms,
    respects_sending_hours=True,
    keeps_quiet_periods=False,  # whoever begins in August hears of it in July
)


# --- Thanks ----------------------------------------------------------------------------------------


def render_thanks(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the thanks to somebody who came all the way, and that they may always ring."""
    return _letter("thanks", message, now)


THANKS = Kind.by_rules(
    people.WANTS_MESSAGES,
    people.HAS_ADDRESS,
    switched_on("mail_thanks"),
    Rule(
        "path_completed",
        lambda now: Q(Exists(is_thanked_for().filter(pk=OuterRef("participant_id")))),
        "Forløbet er taget op igen.",
    ),
    name=MessageKind.THANKS.value,
    label=MessageKind.THANKS.label,
    render=render_thanks,
    respects_sending_hours=True,
    keeps_quiet_periods=False,
)

LETTERS = (FIRST_LETTER, SEAT, THANKS)
