"""The test suite: real PostgreSQL and Redis, a data folder of its own, fast password hashing."""

from config.env import require
from config.servers import broker_from_url, database_from_url
from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, DATABASE_OPTIONS

DEBUG = False
DEMO = True
SECRET_KEY = "tests only"  # noqa: S105
FIELD_KEYS = {
    "old": "b2xkLWtleS1vbGQta2V5LW9sZC1rZXktb2xkLWtleTE=",
    "test": "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdDE=",
}
FIELD_KEY_CURRENT = "test"
LOOKUP_KEY = "tests only: keyed hashes"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"
COOKIE_PREFIX = ""

_hint = "Run the tests with `make test` or `pytest`; tests/servers.py starts the servers."
DATABASES = {"default": database_from_url(require("DATABASE_URL", _hint), DATABASE_OPTIONS)}
REDIS_URL = require("REDIS_URL", _hint)
CELERY_BROKER_URL = broker_from_url(REDIS_URL)

DATA_DIR = BASE_DIR / ".data-test"
MAIL_FOLDER = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = "kultur@test.example"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
