"""Ways out: how an envelope leaves the house, and what may go wrong on the way.

Each way is a class behind one small interface (`base.Channel`); settings.MESSAGE_CHANNELS names those in
use. The ways that need a library of their own, `gatewayapi` and `provider`, are loaded only when named.
"""

from messaging.channels.base import (
    Channel,
    DeliveryFault,
    Envelope,
    LastingFault,
    Lookup,
    TemporaryFault,
    UnclearFault,
    open_channel,
)
from messaging.channels.folder import FolderChannel, SmsFolderChannel
from messaging.channels.smtp import SmtpChannel

__all__ = [
    "Channel",
    "DeliveryFault",
    "Envelope",
    "FolderChannel",
    "LastingFault",
    "Lookup",
    "SmsFolderChannel",
    "SmtpChannel",
    "TemporaryFault",
    "UnclearFault",
    "open_channel",
]
