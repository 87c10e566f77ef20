"""Addresses of PostgreSQL and Redis, as Django and Celery want them."""

from collections.abc import Mapping
from typing import Any

import dj_database_url


def database_from_url(url: str, options: Mapping[str, object]) -> dict[str, Any]:
    """Return Django's DATABASES entry for `url` with our time-outs; only PostgreSQL will do.

    :raises ValueError: when the URL names another database.
    """
    if not url.startswith(("postgres://", "postgresql://")):
        raise ValueError("DATABASE_URL must be a postgresql:// address: the app leans on PostgreSQL's locks.")
    parsed: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    parsed["OPTIONS"] = {**(parsed.get("OPTIONS") or {}), **options}
    return parsed


def broker_from_url(url: str) -> str:
    """Return Celery's broker address for `url`: kombu spells a socket `redis+socket://`."""
    return "redis+socket://" + url.removeprefix("unix://") if url.startswith("unix://") else url
