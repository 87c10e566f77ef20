"""How messages leave in production, told by the environment: all of a way is set, or none of it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.env import require
from messaging.mailbox import Mailbox

# Providers that we have tried, with django-anymail's names for each. MailerSend is European and signs.
PROVIDERS: Mapping[str, tuple[str, str]] = {
    "mailersend": (
        "anymail.backends.mailersend.EmailBackend",
        "anymail.webhooks.mailersend.MailerSendTrackingWebhookView",
    )
}
SHORTEST_SECRET = 32  # RFC 7518 §3.2: a key for HS256 has 256 bits at least


@dataclass(frozen=True)
class MailProvider:
    """django-anymail's backend and webhook for the provider, and its settings; empty for plain SMTP."""

    backend: str = ""
    webhook: str = ""
    anymail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SmsGateway:
    """Where GatewayAPI is, and the secrets between us; empty where no text messages are sent."""

    url: str = ""
    token: str = ""
    webhook_secret: str = ""


def mail_provider() -> MailProvider:
    """Return the provider that MAIL_PROVIDER names; without it mail goes by SMTP.

    :raises ImproperlyConfigured: for one we do not know, or without its token and signing secret.
    """
    name = os.environ.get("MAIL_PROVIDER", "")
    if not name:
        return MailProvider()
    if name not in PROVIDERS:
        raise ImproperlyConfigured(f"MAIL_PROVIDER={name} is not known. It may be: {', '.join(PROVIDERS)}.")
    backend, webhook = PROVIDERS[name]
    token = require("MAIL_PROVIDER_TOKEN", "The provider's API token.")
    secret = require("MAIL_PROVIDER_SECRET", "The signing secret of the webhook for /modtaget/mail/.")
    prefix = name.upper()
    return MailProvider(backend, webhook, {f"{prefix}_API_TOKEN": token, f"{prefix}_SIGNING_SECRET": secret})


def sms_gateway() -> SmsGateway:
    """Return how text messages leave; empty when none of its variables is set.

    :raises ImproperlyConfigured: when only one of the two is set, or the secret is short.
    """
    if not (os.environ.get("SMS_API_TOKEN") or os.environ.get("SMS_WEBHOOK_SECRET")):
        return SmsGateway()
    token = require("SMS_API_TOKEN", "GatewayAPI's API token.")
    secret = require("SMS_WEBHOOK_SECRET", "The authentication token of the webhook for /modtaget/sms/.")
    if len(secret) < SHORTEST_SECRET:
        raise ImproperlyConfigured(f"SMS_WEBHOOK_SECRET is too short: {SHORTEST_SECRET} characters or more.")
    return SmsGateway(os.environ.get("SMS_API_URL", "https://gatewayapi.eu"), token, secret)


def bounce_mailbox() -> Mailbox | None:
    """Return the mailbox of BOUNCE_ADDRESS; None when none of its variables is set.

    :raises ImproperlyConfigured: when only some of them are.
    """
    names = ("BOUNCE_ADDRESS", "IMAP_HOST", "IMAP_USER", "IMAP_PASSWORD")
    if not any(os.environ.get(name) for name in names):
        return None
    hint = "A mailbox for mail that comes back wants BOUNCE_ADDRESS, IMAP_HOST, IMAP_USER and IMAP_PASSWORD."
    _address, host, user, password = (require(name, hint) for name in names)
    return Mailbox(host, int(os.environ.get("IMAP_PORT", "993")), user, password)
