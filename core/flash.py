"""One-time messages to the person at the screen, kept by their own browser and readable by us alone.

They name people ("Anna Sø har fået plads"), so they stand neither in the table of sessions, where a dump
of the database would show them, nor in clear in a cookie.
"""

import base64
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.signing import BadSignature

from core.crypto import DecryptionFailed, decrypt, encrypt

CONTEXT = "core.flash"


class _Sealer:
    """Stands where Django's signer does; what is sealed cannot be altered unseen, nor read."""

    def sign_object(self, obj: Any, serializer: Any, compress: bool = False) -> str:
        """Return `obj` as text for a cookie."""
        sealed = encrypt(serializer().dumps(obj).decode("latin-1"), CONTEXT)
        return base64.urlsafe_b64encode(sealed).decode("ascii")

    def unsign_object(self, sealed: str, serializer: Any) -> Any:
        """Return what `sign_object` was given.

        :raises BadSignature: when the text is not one of ours, or was sealed with a key that is gone.
        """
        try:
            opened = decrypt(base64.b64decode(sealed, altchars=b"-_", validate=True), CONTEXT)
        except (ValueError, DecryptionFailed) as error:
            raise BadSignature from error
        return serializer().loads(opened.encode("latin-1"))


class SealedCookieStorage(CookieStorage):
    """Django's messages in a cookie, encrypted; an altered cookie holds no messages and is taken away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cookie_name = f"{settings.COOKIE_PREFIX}flash"
        self.signer = _Sealer()
