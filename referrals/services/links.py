"""The link to a referrer's own page, as it stands in messages."""

import datetime as dt

from django.conf import settings
from django.urls import reverse

from core.tokens import issue_token
from outreach.models import Referrer

REFERRER_PAGE = "referrer-page"
# A little over a year: the link in a message from last season still opens the page.
REFERRER_PAGE_DAYS = 400


def referrer_page_url(*, referrer: Referrer, now: dt.datetime) -> str:
    """Return a new full address of the referrer's own page, usable many times until it expires.

    Writes the token's hash: call it where the message is rendered, inside the claim's transaction.
    """
    token = issue_token(
        purpose=REFERRER_PAGE,
        programme_id=referrer.programme_id,
        subject_id=referrer.pk,
        expires_at=now + dt.timedelta(days=REFERRER_PAGE_DAYS),
        now=now,
        single_use=False,
    )
    return f"{settings.SITE_URL}{reverse('referrals:referrer_page_link', args=[token])}"
