"""The outbox: every message the programme sends, from plan to outcome."""

import datetime as dt
import operator
from functools import reduce
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from core.fields import EncryptedTextField
from core.scopes import scoped_manager
from messaging.enums import UNSETTLED, Channel, MessageState

# A send ends within half a minute; a claim older than this has lost its sender.
LEASE = dt.timedelta(minutes=10)
# Who stood in line cannot have been sent, so there is nothing to wait for but the end of a batch.
LEASE_IN_LINE = dt.timedelta(minutes=1)


class OutboundMessageQuerySet(models.QuerySet["OutboundMessage"]):
    def due(self, now: Any) -> "OutboundMessageQuerySet":
        """Those planned whose time has come."""
        return self.filter(state=MessageState.PLANNED, send_after__lte=now)

    def abandoned(self, now: Any) -> "OutboundMessageQuerySet":
        """Those claimed so long ago that their sender has ended, unless it still holds the lock."""
        waits = models.Q(in_line=True, claimed_at__lt=now - LEASE_IN_LINE)
        return self.filter(models.Q(claimed_at__lt=now - LEASE) | waits, state=MessageState.CLAIMED)

    def unsettled(self) -> "OutboundMessageQuerySet":
        """Those that want a decision: they failed, or nobody knows whether they left."""
        return self.filter(state__in=UNSETTLED)

    def newest_first(self) -> "OutboundMessageQuerySet":
        return self.order_by("-planned_at", "-pk")


# Whom a message may go to: somebody on the way in, a professional, somebody who has shown interest, and a
# colleague of the programme's own.
RECIPIENTS = ("participant", "referrer", "interested", "user")


def _exactly_one(*names: str) -> models.Q:
    only = ({f"{name}__isnull": name != one for name in names} for one in names)
    return reduce(operator.or_, (models.Q(**each) for each in only))


class OutboundMessage(ProgrammeOwned):
    """One message to one recipient, sent at most once.

    Address and text are made when it is sent; what was sent is kept encrypted until retention ends.
    """

    kind = models.CharField(_("slags"), max_length=40)
    channel = models.CharField(_("kanal"), max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    unique_key = models.CharField(max_length=120)
    participant = models.ForeignKey(
        "participants.Participant", models.CASCADE, null=True, blank=True, related_name="messages"
    )
    referrer = models.ForeignKey(
        "outreach.Referrer", models.CASCADE, null=True, blank=True, related_name="messages"
    )
    interested = models.ForeignKey(
        "outreach.InterestedPerson", models.CASCADE, null=True, blank=True, related_name="messages"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="messages"
    )
    # Ids alone (of a referral, an invitation): what the text needs is read when it is sent.
    subject_ids = models.JSONField(default=dict, blank=True)
    state = models.CharField(
        _("tilstand"), max_length=10, choices=MessageState.choices, default=MessageState.PLANNED
    )
    planned_at = models.DateTimeField()
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    # Claimed together with others, and certainly not handed over yet.
    in_line = models.BooleanField(default=False, db_default=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=120, default="", blank=True)
    # What a receipt of a provider, or a mail that came back, has said since.
    delivered_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(_("fejl"), max_length=300, default="", blank=True)
    cancelled_because = models.CharField(max_length=300, default="", blank=True)
    address = EncryptedTextField(null=True, blank=True)
    subject = EncryptedTextField(null=True, blank=True)
    body = EncryptedTextField(null=True, blank=True)

    objects: ClassVar[Any] = scoped_manager(OutboundMessageQuerySet)

    class Meta:
        verbose_name = _("besked")
        verbose_name_plural = _("beskeder")
        constraints = [
            *same_programme("messaging", "outboundmessage", "participant", "referrer", "interested"),
            *known_values("messaging", "outboundmessage", state=MessageState.values, channel=Channel.values),
            models.UniqueConstraint(
                fields=["programme", "unique_key"], name="messaging_outboundmessage_once"
            ),
            models.CheckConstraint(
                condition=_exactly_one(*RECIPIENTS),
                name="messaging_outboundmessage_one_recipient",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MessageState.SENT) | models.Q(sent_at__isnull=False),
                name="messaging_outboundmessage_sent_at_when_sent",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MessageState.RETURNED) | models.Q(returned_at__isnull=False),
                name="messaging_outboundmessage_returned_at_when_returned",
            ),
            models.CheckConstraint(
                condition=models.Q(in_line=False) | models.Q(state=MessageState.CLAIMED),
                name="messaging_outboundmessage_in_line_while_claimed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MessageState.CLAIMED) | models.Q(claimed_at__isnull=False),
                name="messaging_outboundmessage_claimed_at_when_claimed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_after", "id"],
                condition=models.Q(state=MessageState.PLANNED),
                name="message_due",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=models.Q(state=MessageState.CLAIMED),
                name="message_claimed",
            ),
            models.Index(fields=["programme", "-planned_at", "-id"], name="message_newest"),
            models.Index(
                fields=["message_id"], opclasses=["varchar_pattern_ops"], name="message_by_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_state_display()}"

    @property
    def recipient(self) -> models.Model:
        """Whoever of `RECIPIENTS` it goes to."""
        found = self.participant or self.referrer or self.interested or self.user
        assert found is not None, "the database knows exactly one"  # noqa: S101
        return found


class DeadAddress(ProgrammeOwned):
    """An address from which a message came back: the programme writes to it no more.

    Known by its keyed hash, so a person whose address is corrected can be written to at once. Gone when
    somebody tries a returned message again.
    """

    channel = models.CharField(_("kanal"), max_length=10, choices=Channel.choices)
    address_hash = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("adresse, der ikke virker")
        verbose_name_plural = _("adresser, der ikke virker")
        constraints = [
            *same_programme("messaging", "deadaddress"),
            *known_values("messaging", "deadaddress", channel=Channel.values),
            models.UniqueConstraint(
                fields=["programme", "channel", "address_hash"], name="messaging_deadaddress_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_channel_display())
