"""What every package leans on: links sent to people, counts for limits, signs of life."""

from django.db import models
from django.db.models import F, Q

from core.constraints import known_values


class LinkToken(models.Model):
    """A link that was sent to somebody; the token itself is never stored, only its keyed hash.

    It has a programme but is not scoped to one: a link is opened before any programme is known, and
    the scope follows from it. Only `core.tokens` reads or writes these rows.
    """

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=40)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.CASCADE, related_name="+")
    subject_id = models.BigIntegerField()
    single_use = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject_id"], name="core_linktoken_subject")]
        constraints = [
            # A raw token in this column would be refused: 26 letters are not 64 hex digits.
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="core_linktoken_digest"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="core_linktoken_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class RateHit(models.Model):
    """How often something was tried in one window of time; what was tried stands as a keyed hash."""

    key_hash = models.CharField(max_length=64)
    window_start = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_hash", "window_start"], name="core_ratehit_window")
        ]

    def __str__(self) -> str:
        return f"{self.window_start:%Y-%m-%d %H:%M} {self.count}"


class Heartbeat(models.Model):
    """When a background process last showed that it lives."""

    class Process(models.TextChoices):
        WORKER = "worker", "worker"
        BEAT = "beat", "beat"

    process = models.CharField(max_length=10, choices=Process, primary_key=True)
    beaten_at = models.DateTimeField()

    class Meta:
        constraints = known_values("core", "heartbeat", process=["worker", "beat"])

    def __str__(self) -> str:
        return f"{self.process} {self.beaten_at:%Y-%m-%d %H:%M:%S}"
