"""A page that keeps what was typed when a form could not be taken, and sends it again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Never shown back to the browser: the token is stale, and a secret does not belong in a page.
NOT_KEPT = ("csrfmiddlewaretoken",)


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the posted (name, value) pairs, several per name where sent so, without secrets."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_KEPT and "password" not in name
        for value in values
    ]


def resend_page(request: HttpRequest, *, reason: str, status: int) -> HttpResponse:
    """Answer with `core/resend.html`: why ("signed_out", "csrf"), what was typed, and a button to send it.

    Needs no database.
    """
    context = {"reason": reason, "typed": typed_fields(request), "path": request.get_full_path()}
    return render(request, "core/resend.html", context, status=status)
