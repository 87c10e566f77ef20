"""How allauth behaves here: accounts are made by an administrator, never by a visitor."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from accounts.access import current_membership
from accounts.permissions import ROLE_HOME, Role


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed; after sign-in each role lands where its day starts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        membership = current_membership(request)
        return reverse(ROLE_HOME[Role(membership.role)]) if membership else reverse("accounts:no_programme")
