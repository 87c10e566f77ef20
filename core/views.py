"""The pages that belong to no package: health, the accessibility statement, and answers to faults."""

import sys

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from core.access import public
from core.addresses import own_path
from core.health import read_health
from core.middleware import DATABASE_FAULTS, unavailable_page
from core.resend import resend_page, standalone_page

# How Django's reasons begin when the form came from another site, or nobody can tell from where.
_FOREIGN = ("Origin checking failed", "Referer checking failed")


@public("The law asks for a statement that everybody can read.")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show what is accessible, what is not, and whom to tell."""
    return render(request, "core/accessibility.html")


@public("The address that the law gives the statement.")
@require_safe
def was(request: HttpRequest) -> HttpResponse:
    """Lead from /was to the statement."""
    return redirect("core:accessibility")


@public("Everybody chooses the language they read in.")
@csrf_exempt  # so that a page that only tells needs no cookie; all another site could change is the language
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Lead back to the page whose button was pressed; LanguageMiddleware keeps the choice."""
    back = request.POST.get("next") or request.headers.get("Referer", "")
    return HttpResponseRedirect(own_path(back, request) or "/")


@public("Whoever watches over the service asks without signing in; no address or name is told.")
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say of database, Redis, worker and beat "ok" or the fault; 503 unless all are ok."""
    health = read_health(now=timezone.now())
    return JsonResponse(health.as_dict(), status=200 if health.is_ok else 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose page had grown too old, or that came from another site; what was typed is kept."""
    return resend_page(request, reason="foreign" if reason.startswith(_FOREIGN) else "csrf", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault that no view caught: 503 when it is the database's, else 500."""
    if isinstance(sys.exc_info()[1], DATABASE_FAULTS):
        return unavailable_page(request)
    return standalone_page(request, "500.html", status=500)
