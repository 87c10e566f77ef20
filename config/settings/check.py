"""For tools that read the code and open no connection: type checking, migration and deployment checks."""

import os

for _name, _value in {
    "SECRET_KEY": "check-only-9f2c1d7be04a5c3386f1e2b7a1d4c6e8f0a2b4c6d8e0f1a3b5c7d9",
    "FIELD_KEYS": "check:Y2hlY2sta2V5LWNoZWNrLWtleS1jaGVjay1rZXktMTI=",
    "FIELD_KEY_CURRENT": "check",
    "LOOKUP_KEY": "check",
    "SITE_URL": "https://check.example",
    "ALLOWED_HOSTS": "check.example",
    "DATABASE_URL": "postgresql://check@127.0.0.1:1/check",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_HOST": "127.0.0.1",
    "DEFAULT_FROM_EMAIL": "check@check.example",
}.items():
    os.environ.setdefault(_name, _value)

from config.settings.production import *  # noqa: E402, F403
