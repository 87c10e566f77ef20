"""Headers on every personal page, and an honest page when the database does not answer."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from core.kept import typed_texts


class PrivatePageMiddleware:
    """No page is kept by a cache: each may be about a person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class FaultPageMiddleware:
    """Answer 503, with what was typed, when the database does not answer; never a receipt."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        # Without the request: what the layout shows of the member would ask the database again.
        page = render_to_string("core/unavailable.html", {"kept": typed_texts(request.POST)})
        return HttpResponse(page, status=503)
