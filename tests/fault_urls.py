"""Every address of the app, and some that fail: what a visitor then sees is a page like the others."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import include, path
from django.utils.html import format_html

from core.access import public
from referrals.views.public import refer_form

handler500 = "core.views.server_error"

FAULTS: dict[str, Exception] = {
    "400": SuspiciousOperation("nonsense"),
    "403": PermissionDenied("not theirs"),
    "500": ZeroDivisionError("ours"),
    "503": OperationalError("away"),
}
FORM = (
    '<!DOCTYPE html><html><body><main><form method="post">'
    '{}<textarea name="reason"></textarea><button type="submit">Send</button></form></main></body></html>'
)
TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'


@public("a test")
def failing(request: HttpRequest, kind: str) -> HttpResponse:
    raise FAULTS[kind]


@public("a test")
def sending(request: HttpRequest, kind: str) -> HttpResponse:
    """Show a form that fails when it is sent; "csrf" is one without a token."""
    if request.method != "POST":
        token = "" if kind == "csrf" else format_html(TOKEN, get_token(request))
        return HttpResponse(format_html(FORM, token))
    raise FAULTS[kind]


@public("a test")
def sending_to_a_form(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Show a form that is answered as one of the programme's, posted without a version."""
    if request.method != "POST":
        return HttpResponse(format_html(FORM, format_html(TOKEN, get_token(request))))
    return refer_form(request, programme=slug, kind=kind)


urlpatterns = [
    path("fejl/<str:kind>/", failing),
    path("fejl/sendt/<str:kind>/", sending),
    path("fejl/sendt/<slug:slug>/<str:kind>/", sending_to_a_form),
    path("", include("config.urls")),
]
