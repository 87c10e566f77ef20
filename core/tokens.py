"""Links sent to people: issued once in clear, stored as a keyed hash, opened by reading, used by a button.

A token is 26 lower-case base32 characters, 130 bits. Its hash is keyed with `settings.LOOKUP_KEY` and
carries the purpose, so that stored rows open nothing and a link for one purpose is unknown to another.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from core.crypto import keyed_hash
from core.models import LinkToken

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 26

# What mail programs and hands add to a link: brackets before, a full stop or `?utm_source=…` after.
_TOKEN_IN_TEXT = re.compile(rf"[^{ALPHABET}]*([{ALPHABET}]{{{LENGTH}}})(?:[^{ALPHABET}].*)?", re.DOTALL)


class UnusableReason(StrEnum):
    """Why a link does not work; for the log, never for the page."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USED = "used"
    NO_COOKIE = "no_cookie"


class LinkUnusable(Exception):
    """The link opens nothing (any more). `reason` is safe to log: it holds no part of the token."""

    def __init__(self, reason: UnusableReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def issue_token(
    *,
    purpose: str,
    programme_id: int,
    subject_id: int,
    expires_at: datetime,
    now: datetime,
    single_use: bool = True,
) -> str:
    """Store a new link to `subject_id` and return its token, which cannot be read again.

    Earlier links to the same subject stay usable: revoke them where only the newest may work.
    """
    (raw,) = issue_tokens(
        purpose=purpose,
        programme_id=programme_id,
        subject_ids=[subject_id],
        expires_at=expires_at,
        now=now,
        single_use=single_use,
    )
    return raw


def issue_tokens(
    *,
    purpose: str,
    programme_id: int,
    subject_ids: Sequence[int],
    expires_at: datetime,
    now: datetime,
    single_use: bool = True,
) -> list[str]:
    """Store a new link to each of `subject_ids` by one statement; return their tokens in the same order."""
    tokens = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in subject_ids]
    LinkToken.objects.bulk_create(
        LinkToken(
            digest=_digest(raw, purpose),
            purpose=purpose,
            programme_id=programme_id,
            subject_id=subject_id,
            single_use=single_use,
            created_at=now,
            expires_at=expires_at,
        )
        for raw, subject_id in zip(tokens, subject_ids, strict=True)
    )
    return tokens


def clean_token(raw: str) -> str:
    """Return the token in `raw`; upper case, punctuation around it and anything behind it are tolerated.

    :raises LinkUnusable: when there is none.
    """
    found = _TOKEN_IN_TEXT.fullmatch(raw.strip().lower())
    if not found:
        raise LinkUnusable(UnusableReason.UNKNOWN)
    return found[1]


def open_token(raw: str, *, purpose: str, now: datetime) -> LinkToken:
    """Return the link that `raw` stands for, its programme loaded; nothing is written.

    :raises LinkUnusable: when it is unknown, made for another purpose, expired, revoked or used up.
    """
    digest = _digest(clean_token(raw), purpose)
    token = LinkToken.objects.select_related("programme").filter(digest=digest, purpose=purpose).first()
    if token is None:
        raise LinkUnusable(UnusableReason.UNKNOWN)
    if reason := _closed(token, now):
        raise LinkUnusable(reason)
    return token


def consume_token(token: LinkToken, *, now: datetime) -> None:
    """Mark `token` as used; of any number at once, exactly one gets through for a single-use link.

    Call it inside the transaction that stores the answer, so that the two stand or fall together. A
    link that may be used again only remembers when it was used last.

    :raises LinkUnusable: when another request was faster, or the link expired or was revoked meanwhile.
    """
    free = Q(single_use=False) | Q(used_at__isnull=True)
    won = LinkToken.objects.filter(free, pk=token.pk, revoked_at__isnull=True, expires_at__gt=now).update(
        used_at=now
    )
    if won:
        token.used_at = now
        return
    current = LinkToken.objects.filter(pk=token.pk).first()
    raise LinkUnusable((current and _closed(current, now)) or UnusableReason.UNKNOWN)


def revoke_tokens(*, purpose: str, subject_id: int, now: datetime) -> int:
    """Make every link of this purpose to `subject_id` unusable and return how many there were."""
    links = LinkToken.objects.filter(purpose=purpose, subject_id=subject_id, revoked_at__isnull=True)
    return links.update(revoked_at=now)


def _digest(raw: str, purpose: str) -> str:
    return keyed_hash(raw, f"link:{purpose}")


def _closed(token: LinkToken, now: datetime) -> UnusableReason | None:
    if token.revoked_at is not None:
        return UnusableReason.REVOKED
    if token.single_use and token.used_at is not None:
        return UnusableReason.USED
    if token.expires_at <= now:
        return UnusableReason.EXPIRED
    return None
