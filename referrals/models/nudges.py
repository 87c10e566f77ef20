"""Reminders to referrers: the rules, each occasion on which a rule had somebody due, and each reminder."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from core.fields import EncryptedTextField
from core.scopes import scoped_manager
from messaging.enums import MessageState
from outreach.enums import OrganisationKind
from referrals.enums import Audience, DrawnHalf, NudgeMode, NudgeState, Trigger

SUBJECT_LENGTH, BODY_LENGTH = 120, 2000
# Nothing has come of a message in these states yet.
UNDER_WAY = (MessageState.PLANNED, MessageState.CLAIMED)


class NudgeRule(ProgrammeOwned):
    """When whom is reminded of what: one row for each trigger of a programme.

    A text that is empty is the standard one of its language (nudge_texts.py).
    """

    trigger = models.CharField("anledning", max_length=20, choices=Trigger.choices, editable=False)
    is_on = models.BooleanField("slået til", default=False)
    mode = models.CharField("sendes", max_length=10, choices=NudgeMode.choices, default=NudgeMode.APPROVE)
    audience = models.CharField("til", max_length=15, choices=Audience.choices, default=Audience.ALL)
    organisation_kind = models.CharField(
        "slags organisation", max_length=20, choices=OrganisationKind.choices, default="", blank=True
    )
    wait_days = models.PositiveSmallIntegerField("dage", validators=[MaxValueValidator(364)])
    cap_days = models.PositiveSmallIntegerField(
        "dage før samme regel igen", validators=[MinValueValidator(14), MaxValueValidator(364)]
    )
    is_measured = models.BooleanField("mål virkningen", default=False)
    subject_da = models.CharField(max_length=SUBJECT_LENGTH, default="", blank=True)
    body_da = models.TextField(default="", blank=True)
    subject_en = models.CharField(max_length=SUBJECT_LENGTH, default="", blank=True)
    body_en = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField(editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "regel for påmindelser"
        verbose_name_plural = "regler for påmindelser"
        constraints = [
            *same_programme("referrals", "nudgerule"),
            *known_values(
                "referrals",
                "nudgerule",
                trigger=Trigger.values,
                mode=NudgeMode.values,
                audience=Audience.values,
                organisation_kind=["", *OrganisationKind.values],
            ),
            models.UniqueConstraint(fields=["programme", "trigger"], name="referrals_nudgerule_one"),
        ]

    def __str__(self) -> str:
        return str(self.get_trigger_display())


class NudgeRound(ProgrammeOwned):
    """One occasion of a rule: a cohort, a visit, a month. Its seed decides who is reminded later."""

    rule = models.ForeignKey(NudgeRule, models.CASCADE, related_name="rounds")
    occasion = models.CharField(max_length=60)
    cohort = models.ForeignKey(
        "courses.Cohort", models.SET_NULL, null=True, blank=True, related_name="nudge_rounds"
    )
    activity = models.ForeignKey(
        "outreach.Activity", models.SET_NULL, null=True, blank=True, related_name="nudge_rounds"
    )
    seed = models.BigIntegerField()
    is_measured = models.BooleanField()
    opened_at = models.DateTimeField()

    class Meta:
        verbose_name = "runde af påmindelser"
        verbose_name_plural = "runder af påmindelser"
        constraints = [
            *same_programme("referrals", "nudgeround", "rule", "cohort", "activity"),
            models.UniqueConstraint(fields=["rule", "occasion"], name="referrals_nudgeround_once"),
        ]

    def __str__(self) -> str:
        return self.occasion


class NudgeQuerySet(models.QuerySet["Nudge"]):
    def open(self) -> "NudgeQuerySet":
        """Those of which something may still come: waiting, proposed, or on their way."""
        return self.filter(
            models.Q(state__in=[NudgeState.WAITING, NudgeState.PROPOSED])
            | models.Q(state=NudgeState.PLANNED, message__state__in=UNDER_WAY)
        )

    def proposed(self) -> "NudgeQuerySet":
        return self.filter(state=NudgeState.PROPOSED)


class Nudge(ProgrammeOwned):
    """One reminder to one referrer, once for a round; what became of it stands here and on its message."""

    round = models.ForeignKey(NudgeRound, models.CASCADE, related_name="nudges")
    referrer = models.ForeignKey("outreach.Referrer", models.CASCADE, related_name="nudges")
    half = models.CharField(max_length=5, choices=DrawnHalf.choices, default="", blank=True)
    drawn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=NudgeState.choices, default=NudgeState.WAITING)
    proposed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    dropped_because = models.CharField(max_length=300, default="", blank=True)
    # Words for this one person alone; empty where the rule's are used.
    subject = EncryptedTextField(default="", blank=True)
    body = EncryptedTextField(default="", blank=True)
    message = models.OneToOneField(
        "messaging.OutboundMessage", models.SET_NULL, null=True, blank=True, related_name="nudge"
    )

    objects: ClassVar[Any] = scoped_manager(NudgeQuerySet)

    class Meta:
        verbose_name = "påmindelse"
        verbose_name_plural = "påmindelser"
        constraints = [
            *same_programme("referrals", "nudge", "round", "referrer", "message"),
            *known_values("referrals", "nudge", state=NudgeState.values, half=["", *DrawnHalf.values]),
            models.UniqueConstraint(fields=["round", "referrer"], name="referrals_nudge_once"),
            models.CheckConstraint(
                condition=models.Q(state=NudgeState.DROPPED) ^ models.Q(dropped_because=""),
                name="referrals_nudge_reason_when_dropped",
            ),
        ]
        indexes = [
            models.Index(fields=["referrer", "-due_at"], name="nudge_by_referrer"),
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(state=NudgeState.WAITING),
                name="nudge_waiting",
            ),
            models.Index(
                fields=["programme", "proposed_at", "id"],
                condition=models.Q(state=NudgeState.PROPOSED),
                name="nudge_proposed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())
