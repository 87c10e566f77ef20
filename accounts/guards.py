"""The line above every view: who may open it. A view without one is refused by AccessMiddleware."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_scopes import scope

from accounts.access import current_membership
from accounts.models import Programme
from accounts.permissions import Permission, role_has
from core.access import public as public_view
from core.resend import resend_page

__all__ = ["public_programme_view", "public_view", "require_permission"]

View = Callable[..., HttpResponse]


def require_permission(permission: Permission) -> Callable[[View], View]:
    """Let in members whose role has `permission`, inside the scope of their programme.

    Sets `request.membership` and `request.programme`. Anonymous: to sign-in, and what a form held is
    kept on a page that sends it again. Signed in without the right: 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            membership = current_membership(request)
            if membership is None or not role_has(membership.role, permission):
                raise PermissionDenied
            request.membership = membership  # type: ignore[attr-defined]
            request.programme = membership.programme  # type: ignore[attr-defined]
            with scope(programme=membership.programme):
                return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return resend_page(request, reason="signed_out", status=403)
    return redirect_to_login(request.get_full_path())


def public_programme_view(reason: str) -> Callable[[View], View]:
    """Open a page of one programme to everybody, for `reason`, inside that programme's scope.

    The URL's `programme` (a slug) reaches the view as a `Programme`; without it the only programme
    is meant. Where there are none or several, a bare path leads to the front page, which lists them:
    it may stand on posters from the time when there was one.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(
            request: HttpRequest, *args: Any, programme: str | None = None, **kwargs: Any
        ) -> HttpResponse:
            found = _programme(programme)
            if found is None and programme is None and request.method in ("GET", "HEAD"):
                return redirect("/")
            if found is None:
                raise Http404
            with scope(programme=found):
                return view(request, *args, programme=found, **kwargs)

        return public_view(reason)(opened)

    return decorate


def _programme(slug: str | None) -> Programme | None:
    programmes = Programme.objects.filter(slug=slug) if slug else Programme.objects.all()
    found = list(programmes[:2])
    return found[0] if len(found) == 1 else None
