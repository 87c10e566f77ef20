"""The short address that stands on posters: it counts a scan, without who, and leads to a form."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.guards import public_view
from outreach.enums import LinkTarget
from outreach.models import TrackedLink
from outreach.queries import find_tracked_link
from outreach.services import record_scan
from referrals.forms.kinds import PROFESSIONAL_KINDS
from referrals.origins import PARAMETER

# Programs that open an address to show, check or index it. What calls itself nothing is no browser either.
ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|externalhit|scanner|monitor|curl|wget|python|headlesschrome", re.I
)
PAGES = {
    LinkTarget.ABOUT: "referrals:about",
    LinkTarget.SIGN_UP: "referrals:sign_up",
    LinkTarget.INTERESTED: "referrals:interested",
    LinkTarget.REFER: "referrals:refer",
}


@public_view("Posters are scanned by anybody, and lead to pages that are public themselves.")
@never_cache
@require_safe
def tracked_link(request: HttpRequest, code: str) -> HttpResponse:
    """Count the scan and lead on, with the code in the address.

    A poster hangs longer than anybody remembers: a retired code leads to the page about its programme, an
    unknown one to the front page.
    """
    link = find_tracked_link(code)
    if link is None:
        return redirect("referrals:start")
    if _is_a_person(request):
        record_scan(link=link, on=timezone.localdate())
    return redirect(f"{target_path(link)}?{PARAMETER}={link.code}")


def target_path(link: TrackedLink) -> str:
    """Return the path of the page that the link leads to."""
    target = LinkTarget.ABOUT if link.retired_at else LinkTarget(link.target)
    slug = link.programme.slug
    if target in PAGES:
        return reverse(PAGES[target], args=[slug])
    form = next((spec for spec in PROFESSIONAL_KINDS if spec.organisation_kind == target.value), None)
    if form is None:
        return reverse(PAGES[LinkTarget.REFER], args=[slug])
    return reverse("referrals:refer_form", args=[slug, form.path])


def _is_a_person(request: HttpRequest) -> bool:
    """Return whether somebody opens the page now, as far as a browser says."""
    agent = request.headers.get("User-Agent", "")
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    fetched_ahead = any("prefetch" in purpose or "preview" in purpose for purpose in purposes)
    return request.method == "GET" and bool(agent) and not fetched_ahead and not ROBOT.search(agent)
