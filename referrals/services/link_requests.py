"""A referrer asks for the link to their own page by typing an e-mail address.

Whoever asks learns nothing: the request is kept and a worker looks it up, so that the page does the same
work, and takes the same time, for an address that is known and for one that is not.
"""

import datetime as dt

from django.db import transaction
from django_scopes import scope, scopes_disabled

from accounts.models import Programme
from core.limits import hit
from core.lookups import email_hash
from messaging.doorbell import ring
from messaging.models import OutboundMessage
from messaging.services import plan_message
from outreach.models import Referrer
from referrals.enums import MessageKind
from referrals.models import LinkRequest

# A whole jobcentre sits behind one address of the internet.
ADDRESS_LIMIT = 60
# Whoever has lost the mail five times today rings; whoever types another's address fills no mailbox.
EMAIL_LIMIT = 5
# Pressed again because the mail is not there yet: the first one is on its way.
NOT_AGAIN_WITHIN = dt.timedelta(minutes=10)


class TooManyLinkRequests(Exception):
    """So many links were asked for from one address of the internet that it is nobody's own doing."""


def request_referrer_link(*, programme: Programme, email: str, address: str, now: dt.datetime) -> None:
    """Keep that somebody asked for the link of `email`, whether anybody is known by it or not.

    `address` is that of the internet, "" where unknown. Beyond `EMAIL_LIMIT` a day the same address is
    not looked up again. Call it outside a transaction.

    :raises TooManyLinkRequests: beyond `ADDRESS_LIMIT` an hour.
    """
    asked_from = f"referrer link from {address}"
    if address and not hit(key=asked_from, limit=ADDRESS_LIMIT, window=dt.timedelta(hours=1), now=now):
        raise TooManyLinkRequests
    asked_for = f"referrer link of {programme.pk} {email_hash(email)}"
    if not hit(key=asked_for, limit=EMAIL_LIMIT, window=dt.timedelta(days=1), now=now):
        return
    with transaction.atomic():
        kept = LinkRequest.objects.create(programme=programme, email_hash=email_hash(email), requested_at=now)
        ring("referrals.answer_link_request", kept.pk)


@transaction.atomic
def answer_link_request(*, request_id: int, now: dt.datetime) -> OutboundMessage | None:
    """Plan the mail with the link if the address is a referrer's who is still there; forget the request.

    Safe to run twice and at once. None when nothing is sent: nobody is known by the address, they have
    left, or a link was planned for them within `NOT_AGAIN_WITHIN`.
    """
    with scopes_disabled():
        asked = LinkRequest.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        request = asked.select_related("programme").filter(pk=request_id).first()
    if request is None:
        return None
    with scope(programme=request.programme):
        referrer = (
            Referrer.objects.select_for_update(no_key=True)
            .filter(email_hash=request.email_hash, left_on=None)
            .first()
        )
        message = _plan_link(referrer, request, now) if referrer is not None else None
        LinkRequest.objects.filter(pk=request.pk).delete()
    return message


def _plan_link(referrer: Referrer, request: LinkRequest, now: dt.datetime) -> OutboundMessage | None:
    just_planned = OutboundMessage.objects.filter(
        referrer=referrer, kind=MessageKind.REFERRER_LINK, planned_at__gt=now - NOT_AGAIN_WITHIN
    )
    if just_planned.exists():
        return None
    return plan_message(
        programme=request.programme,
        kind=MessageKind.REFERRER_LINK.value,
        unique_key=f"{MessageKind.REFERRER_LINK.value}:{request.pk}",
        referrer=referrer,
        now=now,
    )


def waiting_link_requests() -> list[int]:
    """Return the keys of the requests that nobody has answered, of all programmes, oldest first."""
    with scopes_disabled():
        return list(LinkRequest.objects.order_by("pk").values_list("pk", flat=True))
