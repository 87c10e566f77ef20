"""Views behind a link that was sent to somebody.

The first GET moves the token from the address into a cookie and redirects to a bare path, so that the
token stays out of histories, screenshots and referrer headers. Only the view's POST may use it up,
by `core.tokens.consume_token` in the transaction of the answer: mail scanners that follow links
change nothing.
"""

import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from core.resend import standalone_page
from core.tokens import LinkUnusable, UnusableReason, clean_token, open_token

logger = logging.getLogger(__name__)

COOKIE_SECONDS = 60 * 60
_METHODS = ["GET", "HEAD", "OPTIONS", "POST"]

View = Callable[..., HttpResponseBase]


def cookie_name(purpose: str) -> str:
    """Return the name of the cookie that holds a token for `purpose`."""
    return f"{settings.COOKIE_PREFIX}link-{purpose}"


def link_view(
    *, purpose: str, bare_url_name: str, used_url_name: str | None = None, renew_url_name: str | None = None
) -> Callable[[View], View]:
    """Give the view `link: LinkToken` and run it in the scope of the link's programme.

    The view stands at two paths: one with `<str:token>` and, named `bare_url_name`, one without. Every
    unusable link gets the same page with status 404, whatever is wrong with it; a link that was used
    up leads to `used_url_name` where given (a double click ends at the receipt). `renew_url_name` is where
    one may ask for a new link; the page offers it whatever was wrong.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]*", purpose):
        raise ValueError("A purpose is part of a cookie's name: lower-case letters, digits and hyphens.")

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(
            request: HttpRequest, *args: Any, token: str | None = None, **kwargs: Any
        ) -> HttpResponseBase:
            if request.method == "OPTIONS" or request.method not in _METHODS:
                return _methods_only(request)
            try:
                if token is not None:
                    return _into_cookie(request, token, purpose, bare_url_name, kwargs)
                link = open_token(_from_cookie(request, purpose), purpose=purpose, now=timezone.now())
                with scope(programme=link.programme):
                    return _kept_private(view(request, *args, link=link, **kwargs))
            except LinkUnusable as refusal:
                if refusal.reason == UnusableReason.USED and used_url_name:
                    return _kept_private(redirect(used_url_name))
                logger.info("A link for %s is unusable: %s.", purpose, refusal.reason)
                return _unusable_page(request, refusal.reason, renew_url_name, in_address=token is not None)

        opened.link_purpose = purpose  # type: ignore[attr-defined]
        return opened

    return decorate


def _methods_only(request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(headers={"Allow": ", ".join(_METHODS)})
    return HttpResponseNotAllowed(_METHODS)


def _into_cookie(
    request: HttpRequest, token: str, purpose: str, bare_url_name: str, kwargs: dict[str, Any]
) -> HttpResponse:
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"])
    open_token(token, purpose=purpose, now=timezone.now())
    response = redirect(bare_url_name, **kwargs)
    response.set_cookie(
        cookie_name(purpose),
        clean_token(token),
        max_age=COOKIE_SECONDS,
        secure=bool(settings.COOKIE_PREFIX) or request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    _kept_private(response)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _from_cookie(request: HttpRequest, purpose: str) -> str:
    raw = request.COOKIES.get(cookie_name(purpose))
    if raw is None:
        raise LinkUnusable(UnusableReason.NO_COOKIE)
    return raw


def _unusable_page(
    request: HttpRequest, reason: UnusableReason, renew_url_name: str | None, *, in_address: bool
) -> HttpResponse:
    """Answer 404. After an hour at one page the cookie is gone: then what was typed waits here for it."""
    renew_url = reverse(renew_url_name) if renew_url_name else ""
    context: dict[str, Any] = {"no_cookie": reason == UnusableReason.NO_COOKIE, "renew_url": renew_url}
    if not context["no_cookie"]:
        context["typed"] = []
    response = standalone_page(request, "core/link_unusable.html", context, status=404)
    if in_address:
        response.headers["Referrer-Policy"] = "no-referrer"
    # Django would log the path of a 404, and this path may hold a token.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _kept_private(response: HttpResponseBase) -> HttpResponseBase:
    """Keep the page out of caches and its path from other sites.

    Not `no-referrer` here: under it browsers post forms with `Origin: null`, which Django's CSRF check
    refuses. The bare path holds nothing to hide.
    """
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
