"""The links to a referrer's own pages, as they stand in messages."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from core.tokens import issue_tokens
from outreach.models import Referrer

REFERRER_PAGE = "referrer-page"
# A little over a year: the link in a message from last season still opens the page.
REFERRER_PAGE_DAYS = 400
LINKED_PAGES = ("referrals:referrer_page_link", "referrals:not_relevant_link")


@dataclass(frozen=True)
class ReferrerLinks:
    """Full addresses by one token: the own page, and where one says that reminders are not for oneself."""

    page: str
    not_relevant: str


def referrer_links(*, referrer: Referrer, now: dt.datetime) -> ReferrerLinks:
    """Return new links for the referrer, usable many times until they expire.

    Writes the token's hash: call it where the message is rendered, inside the claim's transaction.
    """
    return links_of_each(referrers=[referrer], now=now)[0]


def links_of_each(*, referrers: Sequence[Referrer], now: dt.datetime) -> list[ReferrerLinks]:
    """Return `referrer_links` for each of the referrers, all of one programme, in their order."""
    tokens = issue_tokens(
        purpose=REFERRER_PAGE,
        programme_id=referrers[0].programme_id,
        subject_ids=[referrer.pk for referrer in referrers],
        expires_at=now + dt.timedelta(days=REFERRER_PAGE_DAYS),
        now=now,
        single_use=False,
    )
    return [ReferrerLinks(*(_address(name, token) for name in LINKED_PAGES)) for token in tokens]


def _address(name: str, token: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[token])}"


def referrer_page_url(*, referrer: Referrer, now: dt.datetime) -> str:
    """Return a new full address of the referrer's own page; see `referrer_links`."""
    return referrer_links(referrer=referrer, now=now).page
