"""What every request passes: an honest page when the database is away, and no copies of private pages."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

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


class PrivatePageMiddleware:
    """Let no cache keep a page; a view that sets Cache-Control itself has thought about it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
