"""Rules for what is written to a participant: asked inside the statement that claims the message."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from messaging.kinds import Rule
from participants.models import Participant

# The base manager: the condition is part of a message's own query, which keeps to the programme.


def _wants(now: dt.datetime) -> Q:
    wanting = Participant._base_manager.filter(messages_stopped_at=None)
    return Q(Exists(wanting.filter(pk=OuterRef("participant_id"))))


def _has_address(now: dt.datetime) -> Q:
    with_address = Participant._base_manager.exclude(email_hash="")
    return Q(Exists(with_address.filter(pk=OuterRef("participant_id"))))


WANTS_MESSAGES = Rule("messages_wanted", _wants, "Deltageren ønsker ikke beskeder.")
HAS_ADDRESS = Rule("participant_address", _has_address, "Deltageren har ingen e-mailadresse.")
