"""Encryption of personal text and keyed look-up hashes.

AES-256-GCM by pyca `cryptography`. A stored value is

    version (1 byte) · length of key id (1 byte) · key id · nonce (12 bytes) · ciphertext and tag

and is bound to its place by associated data (`app.Model.field`), so that a value copied to another
column does not open. Keys stand in `settings.FIELD_KEYS` (id → base64 of 32 bytes); new values are
written with `settings.FIELD_KEY_CURRENT`, old ones stay readable until their key is taken away.
"""

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = 1
NONCE_BYTES = 12  # the size GCM is specified for, NIST SP 800-38D §8.2


class DecryptionFailed(Exception):
    """A stored value was altered, moved from its column, or written with a key we do not have."""


@lru_cache(maxsize=16)
def _cipher(key_base64: str) -> AESGCM:
    try:
        key = base64.b64decode(key_base64, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured("FIELD_KEYS must hold base64 of 32 bytes each.") from error
    if len(key) != 32:
        raise ImproperlyConfigured("FIELD_KEYS must hold base64 of 32 bytes each.")
    return AESGCM(key)


def encrypt(value: str, context: str) -> bytes:
    """Return `value` encrypted with the current key and bound to `context`; "" is a value too."""
    key_id = settings.FIELD_KEY_CURRENT
    header = bytes([VERSION, len(key_id)]) + key_id.encode()
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(settings.FIELD_KEYS[key_id]).encrypt(nonce, value.encode(), header + context.encode())
    return header + nonce + sealed


def decrypt(token: bytes, context: str) -> str:
    """Return the text that `encrypt` was given with the same `context`.

    :raises DecryptionFailed: when anything about the value, its key or its context differs.
    """
    if len(token) < 2 or token[0] != VERSION:
        raise DecryptionFailed(f"A value of {context} has no known format.")
    header_end = 2 + token[1]
    header = token[:header_end]
    nonce = token[header_end : header_end + NONCE_BYTES]
    key_id = header[2:].decode("ascii", errors="replace")
    key = settings.FIELD_KEYS.get(key_id)
    if key is None:
        raise DecryptionFailed(f"A value of {context} was written with the unknown key {key_id!r}.")
    try:
        opened = _cipher(key).decrypt(nonce, token[header_end + NONCE_BYTES :], header + context.encode())
    except (InvalidTag, ValueError) as error:
        raise DecryptionFailed(f"A value of {context} does not open with its key.") from error
    return opened.decode()


def keyed_hash(value: str, purpose: str) -> str:
    """Return 64 hex digits that are equal for equal `value` and `purpose`, and say nothing without the key.

    HMAC-SHA-256 with `settings.LOOKUP_KEY`; `purpose` keeps the hashes of two columns apart.
    """
    message = purpose.encode() + b"\x00" + value.encode()
    return hmac.new(settings.LOOKUP_KEY.encode(), message, hashlib.sha256).hexdigest()
