"""`make run`: the embedded servers, demonstration data, mail into a folder. Never for real people."""

import os

from config.env import require
from config.servers import broker_from_url, database_from_url
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, DATABASE_OPTIONS

DEBUG = os.environ.get("DEBUG", "") == "1"
DEMO = True
SECRET_KEY = "demonstration only, production refuses to start without its own"  # noqa: S105
FIELD_KEYS = {"demo": "ZGVtb25zdHJhdGlvbi1vbmx5LTMyLWJ5dGVzLWtleSE="}
FIELD_KEY_CURRENT = "demo"
LOOKUP_KEY = "demonstration only: keyed hashes"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000")
COOKIE_PREFIX = ""  # the __Host- prefix wants https

_hint = "Start the app with `make run`, or with `python manage.py`, which starts the embedded servers."
DATABASES = {"default": database_from_url(require("DATABASE_URL", _hint), DATABASE_OPTIONS)}
REDIS_URL = require("REDIS_URL", _hint)
CELERY_BROKER_URL = broker_from_url(REDIS_URL)

DATA_DIR = BASE_DIR / ".data"
MESSAGE_CHANNELS = {
    "email": "messaging.channels.FolderChannel",
    "sms": "messaging.channels.SmsFolderChannel",
}
MAIL_FOLDER = DATA_DIR / "mail"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # links for choosing a password
EMAIL_FILE_PATH = MAIL_FOLDER
DEFAULT_FROM_EMAIL = "kultur@demo.example"
