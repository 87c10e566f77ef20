"""What the staff layout shows of the signed-in member."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import current_membership, memberships_of
from accounts.permissions import Permission, role_has

# The staff's main menu: URL name, label, and the right that shows it.
NAVIGATION = (
    ("recruitment:dashboard", _("Overblik"), Permission.SEE_DASHBOARD),
    ("recruitment:task_list", _("Opgaver"), Permission.SEE_DASHBOARD),
    ("recruitment:participant_list", _("Deltagere"), Permission.SEE_PARTICIPANTS),
    ("referrals:arrival_list", _("Henvisninger"), Permission.SEE_PARTICIPANTS),
    ("recruitment:cohort_list", _("Hold"), Permission.MANAGE_COHORTS),
    ("evaluation:measure_list", _("Målinger"), Permission.MANAGE_MEASURES),
    ("recruitment:partner_list", _("Samarbejde"), Permission.MANAGE_PARTNERS),
    ("messaging:message_list", _("Beskeder"), Permission.SEE_MESSAGES),
    ("recruitment:statistics", _("Statistik"), Permission.SEE_STATISTICS),
    ("recruitment:settings", _("Indstillinger"), Permission.MANAGE_SETTINGS),
)


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the main menu; `current` when the page shown lies below its address."""

    url: str
    label: str
    current: bool


def membership(request: HttpRequest) -> dict[str, Any]:
    """Return the member, the other memberships to switch to, and the menu their role allows."""
    context: dict[str, Any] = {"DEMO": settings.DEMO}
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return context
    current = current_membership(request)
    context |= {"membership": current, "memberships": memberships_of(request), "navigation": []}
    if current is not None:
        urls = [
            (reverse(name), str(label))
            for name, label, permission in NAVIGATION
            if role_has(current.role, permission)
        ]
        context["navigation"] = [
            NavigationItem(url, label, request.path.startswith(url)) for url, label in urls
        ]
    return context
