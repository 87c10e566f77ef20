"""What any signed-in member may do with their own access."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SESSION_KEY, current_membership, memberships_of
from accounts.guards import public_view
from accounts.permissions import ROLE_HOME, Role


@public_view("chooses among the signed-in user's own memberships and shows nothing else", in_danish=True)
@require_POST
def switch_programme(request: HttpRequest) -> HttpResponse:
    """Act under another of one's own memberships; a foreign one is passed over."""
    wanted = request.POST.get("membership", "")
    for membership in memberships_of(request):
        if str(membership.pk) == wanted:
            request.session[SESSION_KEY] = membership.programme_id
    current = current_membership(request)
    return redirect(reverse(ROLE_HOME[Role(current.role)]) if current else reverse("accounts:no_programme"))


@public_view("says that the account belongs to no programme; names none", in_danish=True)
@require_GET
def no_programme(request: HttpRequest) -> HttpResponse:
    """Tell a user without a membership whom to ask."""
    return render(request, "accounts/no_programme.html")
