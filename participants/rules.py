"""Rules for what is written to a participant: asked inside the statement that claims the message."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from messaging.enums import Channel
from messaging.kinds import Rule
from participants.models import Participant

# The base manager: the condition is part of a message's own query, which keeps to the programme.


def _wants(now: dt.datetime) -> Q:
    wanting = Participant._base_manager.filter(messages_stopped_at=None)
    return Q(Exists(wanting.filter(pk=OuterRef("participant_id"))))


def _has_address(now: dt.datetime) -> Q:
    recipient = Participant._base_manager.filter(pk=OuterRef("participant_id"))
    by_mail, by_sms = recipient.exclude(email_hash=""), recipient.exclude(phone_hash="")
    return Q(Exists(by_mail), channel=Channel.EMAIL) | Q(Exists(by_sms), channel=Channel.SMS)


WANTS_MESSAGES = Rule("messages_wanted", _wants, "Deltageren ønsker ikke beskeder.")
HAS_ADDRESS = Rule("participant_address", _has_address, "Deltageren har ingen e-mailadresse.")
