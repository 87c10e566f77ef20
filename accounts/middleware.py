"""Default deny: a view that says nothing about who may open it is opened by nobody."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

GUARD_ATTRIBUTES = ("permission", "public_reason", "link_purpose")

# Views of libraries carry no guard of ours; each stands here with the reason why it is open.
OPEN_LIBRARY_VIEWS: dict[str, str] = {
    "account_login": "signing in",
    "account_logout": "signing out",
    "account_reset_password": "a forgotten password, answered alike for known and unknown addresses",
    "account_reset_password_done": "the answer to it",
    "account_reset_password_from_key": "the link in that mail",
    "account_reset_password_from_key_done": "the answer to it",
    "account_change_password": "allauth itself asks for a signed-in user",
}


def guard_of(view: Callable[..., Any], view_name: str) -> str | None:
    """Return what guards `view` in words, None when nothing does."""
    for attribute in GUARD_ATTRIBUTES:
        value = getattr(view, attribute, None)
        if value is not None:
            return f"{attribute}: {value}"
    reason = OPEN_LIBRARY_VIEWS.get(view_name)
    return f"library: {reason}" if reason else None


class AccessMiddleware:
    """Refuse each view that no guard stands above."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if guard_of(view, name) is None:
            logger.error("No guard above the view %s: refused.", name)
            raise PermissionDenied
