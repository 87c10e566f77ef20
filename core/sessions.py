"""Sessions in the database whose content only we can read.

While somebody chooses a new password, the key of their link waits in the session; it, and whatever else
comes to stand there, is worth nothing to whoever reads the table.
"""

import base64
from typing import Any

from django.contrib.sessions.backends import db

from core.crypto import DecryptionFailed, decrypt, encrypt

CONTEXT = "core.sessions"


class SessionStore(db.SessionStore):
    """Django's own, with its content sealed; one that does not open is empty, as an altered one is."""

    def _validate_session_key(self, key: str | None) -> bool:
        # Ours are letters and digits. PostgreSQL could not even look for a key with a NUL byte.
        return bool(super()._validate_session_key(key) and key and key.isascii() and key.isalnum())  # type: ignore[misc]

    def encode(self, session_dict: dict[str, Any]) -> str:
        return base64.b64encode(encrypt(super().encode(session_dict), CONTEXT)).decode("ascii")

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            opened = decrypt(base64.b64decode(session_data, validate=True), CONTEXT)
        except (ValueError, DecryptionFailed):
            return {}
        return super().decode(opened)
