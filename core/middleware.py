"""What every request passes: its language, an honest page without a database, no copies of private pages."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from core.languages import chosen_language, keep_language
from core.resend import standalone_page

logger = logging.getLogger(__name__)

DATABASE_FAULTS = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = 30

GetResponse = Callable[[HttpRequest], HttpResponse]


def unavailable_page(request: HttpRequest) -> HttpResponse:
    """Answer 503: nothing was stored, and what was typed can be sent again from this page."""
    response = standalone_page(request, "core/unavailable.html", status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


class FaultPageMiddleware:
    """Answer with the 503 page where the database fails a view.

    Where it fails a middleware instead, Django asks `handler500`, and `core.views.server_error`
    answers with the same page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DATABASE_FAULTS):
            return None
        logger.error("The database failed a request.", exc_info=exception)
        return unavailable_page(request)


class LanguageMiddleware:
    """Answer public pages in the visitor's language and everything else in Danish.

    The visitor's is the one chosen by a button (which this keeps in the cookie), else the cookie's, else
    what the browser prefers. It stands before whatever may answer by itself, so that faults have a
    language too, and it leaves the thread as it found it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            response = self.get_response(request)
            if code := getattr(request, "language_chosen", None):
                keep_language(response, code)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                patch_vary_headers(response, ("Accept-Language", "Cookie"))
                response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        public = hasattr(view, "public_reason") or hasattr(view, "link_purpose")
        if not public or getattr(view, "in_danish", False):
            translation.activate(settings.LANGUAGE_CODE)
        elif code := chosen_language(request):
            translation.activate(code)
            request.language_chosen = code  # type: ignore[attr-defined]


class PrivatePageMiddleware:
    """Let no cache keep a page; a view that sets Cache-Control itself has thought about it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
