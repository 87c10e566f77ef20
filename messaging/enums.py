"""States and channels of a message."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    """planned → claimed → sent | failed | uncertain; planned → cancelled; sent → returned."""

    PLANNED = "planned", _("Klar til at blive sendt")
    CLAIMED = "claimed", _("Ved at blive sendt")
    SENT = "sent", _("Sendt")
    FAILED = "failed", _("Kunne ikke sendes")
    UNCERTAIN = "uncertain", _("Måske sendt")
    CANCELLED = "cancelled", _("Ikke sendt")
    RETURNED = "returned", _("Kom retur")


# These want a person: to mend what is wrong, or to find out whether it arrived.
UNSETTLED = (MessageState.FAILED, MessageState.UNCERTAIN)


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Sms")
