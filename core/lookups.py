"""Keyed hashes by which a phone number or an e-mail address is found again exactly."""

from core.crypto import keyed_hash


def phone_hash(phone: str) -> str:
    """Return the look-up of an E.164 number, "" for none."""
    return keyed_hash(phone, "phone") if phone else ""


def email_hash(email: str) -> str:
    """Return the look-up of an e-mail address in any case, "" for none."""
    return keyed_hash(email.strip().lower(), "email") if email.strip() else ""
