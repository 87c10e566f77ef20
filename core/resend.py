"""Pages that keep what was typed when a form could not be taken, and send it again.

They are drawn without database, session or context processors, for these may be what is missing.
"""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

# A secret does not belong in a page, and the old token is what was wrong.
_NOT_KEPT = re.compile(r"password|otp|^code$|^csrfmiddlewaretoken$", re.IGNORECASE)


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the posted (name, value) pairs without secrets, several per name where sent so."""
    if request.method != "POST":
        return []
    try:
        posted = list(request.POST.lists())
    except (SuspiciousOperation, UnreadablePostError):
        return []
    return [(name, str(value)) for name, values in posted if not _NOT_KEPT.search(name) for value in values]


def _from_elsewhere(request: HttpRequest) -> bool:
    """Say whether a browser names another site as the form's origin; every browser names one."""
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    own = f"{request.scheme}://{request.get_host()}"
    return origin != own and origin not in settings.CSRF_TRUSTED_ORIGINS


def standalone_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int
) -> HttpResponse:
    """Answer with `template` drawn from `context` alone, a fresh CSRF token and what was typed.

    The template gets `typed` (name and value pairs), `path` and `may_send` for `core/_send_again.html`:
    a form that another site posted is given back, without a button that would do what that site wanted.
    """
    given = {
        "typed": typed_fields(request),
        "may_send": not _from_elsewhere(request),
        "path": request.get_full_path(),
        "csrf_token": get_token(request),
        **(context or {}),
    }
    response = HttpResponse(render_to_string(template, given), status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def resend_page(request: HttpRequest, *, reason: str, status: int) -> HttpResponse:
    """Answer with `core/resend.html`: why ("signed_out", "csrf", "foreign"), and what was typed.

    Needs no database.
    """
    return standalone_page(request, "core/resend.html", {"reason": reason}, status=status)
