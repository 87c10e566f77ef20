"""Settings from the environment: a missing variable stops the start and says what to set."""

import os

from django.core.exceptions import ImproperlyConfigured


def require(name: str, hint: str) -> str:
    """Return the variable `name`.

    :raises ImproperlyConfigured: when it is unset or empty; the message ends with `hint`.
    """
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"The environment variable {name} is not set. {hint}")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return the variable `name` as a truth value: 1, true, yes and on are true in any case."""
    value = os.environ.get(name, "")
    if not value:
        return default
    return value.strip().lower() in {"1", "true", "yes", "on"}
