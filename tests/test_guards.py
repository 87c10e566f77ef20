"""Every view is guarded, or open with a reason; a view that says nothing is refused."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from accounts.middleware import AccessMiddleware, guard_of
from tests.urlconf import routes

# The libraries' pages that we do not offer: reachable by address, and answered 403 by the middleware.
REFUSED_LIBRARY_VIEWS = {
    "account_signup",
    "account_reauthenticate",
    "account_set_password",
    "account_inactive",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_request_login_code",
}


def test_guard_stands_above_every_view_of_ours():
    unguarded = [
        route.name
        for route in routes()
        if guard_of(route.view, route.name) is None and not route.name.startswith("account_")
    ]
    assert unguarded == []


def test_guard_of_a_library_view_is_listed_or_the_view_is_refused():
    library = {route.name for route in routes() if route.name.startswith("account_")}
    refused = {name for name in library if guard_of(lambda: None, name) is None}
    assert refused <= REFUSED_LIBRARY_VIEWS


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/konto/signup/", "/konto/email/"])
def test_guard_refuses_pages_that_we_do_not_offer(client, address):
    assert client.get(address).status_code in {403, 404}


def test_guard_reasons_are_sentences():
    for route in routes():
        reason = getattr(route.view, "public_reason", None)
        if reason is not None:
            assert len(reason.split()) >= 3, f"{route.name}: {reason!r} is no reason"


def test_guard_refuses_a_view_that_says_nothing(rf: RequestFactory):
    """The control: without the middleware the same view answers."""

    def says_nothing(request):
        return HttpResponse("open")

    pattern = path("x/", says_nothing, name="says_nothing")
    request = rf.get("/x/")
    request.resolver_match = pattern.resolve("x/")
    middleware = AccessMiddleware(says_nothing)

    assert middleware(request).content == b"open"
    with pytest.raises(PermissionDenied):
        middleware.process_view(request, says_nothing, (), {})
