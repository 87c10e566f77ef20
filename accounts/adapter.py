"""How allauth behaves here: accounts are made by an administrator, never by a visitor."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import current_membership
from accounts.permissions import ROLE_HOME, Role
from core.client_address import client_address

UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - no address to listen on: whose it is cannot be told


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed; after sign-in each role lands where its day starts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "E-mail og adgangskode passer ikke sammen. Prøv igen, eller vælg en ny adgangskode."
        ),
        "enter_current_password": _("Det er ikke din nuværende adgangskode. Prøv igen."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        membership = current_membership(request)
        return reverse(ROLE_HOME[Role(membership.role)]) if membership else reverse("accounts:no_programme")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link for a mail; its host is ours, whatever host the request named."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.SITE_URL}{path}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that failed sign-ins are counted by: behind a proxy, not the proxy's own."""
        return client_address(request) or UNKNOWN_ADDRESS
