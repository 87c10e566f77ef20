"""Real people. Every secret comes from the environment; a missing one stops the start with a hint."""

import os

from config.env import require
from config.outgoing import bounce_mailbox, mail_provider, sms_gateway
from config.servers import broker_from_url, database_from_url
from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASE_OPTIONS

DEBUG = False
DEMO = False

_new_key = "Make one: python -c 'import base64,os; print(base64.b64encode(os.urandom(32)).decode())'"
SECRET_KEY = require("SECRET_KEY", "A long random text that signs sessions and forms.")
FIELD_KEYS = dict(
    pair.split(":", 1)
    for pair in require("FIELD_KEYS", f"Comma-separated id:base64 pairs of 32 bytes. {_new_key}").split(",")
)
FIELD_KEY_CURRENT = require("FIELD_KEY_CURRENT", "The id in FIELD_KEYS that new values are written with.")
LOOKUP_KEY = require("LOOKUP_KEY", f"The key of the phone and e-mail look-ups. {_new_key}")
SITE_URL = require("SITE_URL", "The address people see, such as https://kultur.kommune.dk").rstrip("/")
ALLOWED_HOSTS = require("ALLOWED_HOSTS", "Comma-separated host names, such as kultur.kommune.dk").split(",")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

DATABASES = {
    "default": database_from_url(
        require("DATABASE_URL", "postgresql://user:password@host/name, PostgreSQL 15 or newer."),
        DATABASE_OPTIONS,
    )
}
REDIS_URL = require("REDIS_URL", "redis://host:6379/0 or rediss://…, Redis or Valkey.")
CELERY_BROKER_URL = broker_from_url(REDIS_URL)

_provider = mail_provider()
MAIL_PROVIDER_BACKEND = _provider.backend
MAIL_PROVIDER_WEBHOOK = _provider.webhook
ANYMAIL = _provider.anymail
MESSAGE_CHANNELS = {"email": "messaging.channels.SmtpChannel"}
EMAIL_HOST = ""
if MAIL_PROVIDER_BACKEND:
    MESSAGE_CHANNELS["email"] = "messaging.channels.provider.ProviderChannel"
    EMAIL_BACKEND = MAIL_PROVIDER_BACKEND  # links for choosing a password
else:
    EMAIL_HOST = require("EMAIL_HOST", "The SMTP server that sends the programme's mail.")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "1") == "1"
DEFAULT_FROM_EMAIL = require("DEFAULT_FROM_EMAIL", "The sender of every mail, such as kultur@kommune.dk")
BOUNCE_ADDRESS = os.environ.get("BOUNCE_ADDRESS", "")
BOUNCE_MAILBOX = bounce_mailbox()

_sms = sms_gateway()
SMS_API_URL, SMS_API_TOKEN, SMS_WEBHOOK_SECRET = _sms.url, _sms.token, _sms.webhook_secret
if SMS_API_TOKEN:
    MESSAGE_CHANNELS["sms"] = "messaging.channels.gatewayapi.GatewayApiChannel"

COOKIE_PREFIX = "__Host-"
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_NAME = "__Host-language"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "1"))

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
