"""Which membership a request acts under."""

from django.http import HttpRequest

from accounts.models import Membership, Programme, User


class StaffRequest(HttpRequest):
    """What a view behind `require_permission` is given."""

    user: User
    membership: Membership
    programme: Programme


SESSION_KEY = "programme_id"


def memberships_of(request: HttpRequest) -> list[Membership]:
    """Return the signed-in user's memberships by programme name; one query a request, [] when anonymous."""
    cached: list[Membership] | None = getattr(request, "_memberships", None)
    if cached is None:
        user = getattr(request, "user", None)
        cached = []
        if user is not None and user.is_authenticated:
            cached = list(
                Membership.objects.filter(user=user).select_related("programme").order_by("programme__name")
            )
        request._memberships = cached  # type: ignore[attr-defined]
    return cached


def current_membership(request: HttpRequest) -> Membership | None:
    """Return the membership chosen in the header, else the first; None when the user has none."""
    memberships = memberships_of(request)
    chosen = request.session.get(SESSION_KEY) if memberships else None
    for membership in memberships:
        if membership.programme_id == chosen:
            return membership
    return memberships[0] if memberships else None
