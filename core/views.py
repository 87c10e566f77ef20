"""The pages that belong to no package: the accessibility statement and the page for an outdated form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.access import public
from core.kept import typed_texts
from core.resend import resend_page

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


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose page had grown too old: what was typed is kept and can be sent again.

    A form sent from another site gets the texts back, but no button that would send it for that site.
    """
    if reason.startswith(_FOREIGN):
        return render(request, "core/csrf_failure.html", {"kept": typed_texts(request.POST)}, status=403)
    return resend_page(request, reason="csrf", status=403)
