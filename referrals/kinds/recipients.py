"""Whom a message goes to: a message has one recipient, and its kind knows which of the two."""

from messaging.models import OutboundMessage
from outreach.models import Referrer
from participants.models import Participant


def referrer_of(message: OutboundMessage) -> Referrer:
    """Return the referrer the message goes to.

    :raises TypeError: when it goes to a participant.
    """
    if message.referrer is None:
        raise TypeError("A message of this kind goes to a referrer.")
    message.referrer.programme = message.programme  # the same one, and already read
    return message.referrer


def participant_of(message: OutboundMessage) -> Participant:
    """Return the participant the message goes to.

    :raises TypeError: when it goes to a referrer.
    """
    if message.participant is None:
        raise TypeError("A message of this kind goes to a participant.")
    return message.participant
