"""WHO-5 and self-rated health: invitations, answers, and why an answer is missing."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from core.fields import EncryptedTextField
from core.scopes import scoped_manager
from evaluation.enums import MissingReasonKind, Mode, Occasion, SelfRatedHealth

WHO5_ITEMS = ("who5_1", "who5_2", "who5_3", "who5_4", "who5_5")


class Invitation(ProgrammeOwned):
    """A person is asked for a measure on one occasion; its link is a `core.LinkToken` on this row."""

    participant = models.ForeignKey(
        "participants.Participant", models.CASCADE, related_name="measure_invitations"
    )
    occasion = models.CharField(_("tidspunkt"), max_length=10, choices=Occasion.choices)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation til skema")
        verbose_name_plural = _("invitationer til skema")
        constraints = [
            *same_programme("evaluation", "invitation", "participant"),
            *known_values("evaluation", "invitation", occasion=Occasion.values),
            models.UniqueConstraint(fields=["participant", "occasion"], name="evaluation_invitation_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_occasion_display())


class ResponseQuerySet(models.QuerySet["Response"]):
    def complete(self) -> "ResponseQuerySet":
        """Those with all five items answered, and so a score."""
        return self.filter(raw_score__isnull=False)


class Response(ProgrammeOwned):
    """One person's answers on one occasion.

    Items are 0–5 or NULL where unanswered; `raw_score` (0–25) stands only when all five are answered,
    and the percentage score is four times that.
    """

    participant = models.ForeignKey(
        "participants.Participant", models.SET_NULL, null=True, related_name="measure_responses"
    )  # empty after anonymisation; the pseudonym still pairs before and after
    pseudonym = models.UUIDField()
    occasion = models.CharField(_("tidspunkt"), max_length=10, choices=Occasion.choices)
    who5_1 = models.PositiveSmallIntegerField(null=True, blank=True)
    who5_2 = models.PositiveSmallIntegerField(null=True, blank=True)
    who5_3 = models.PositiveSmallIntegerField(null=True, blank=True)
    who5_4 = models.PositiveSmallIntegerField(null=True, blank=True)
    who5_5 = models.PositiveSmallIntegerField(null=True, blank=True)
    raw_score = models.GeneratedField(
        expression=models.F("who5_1")
        + models.F("who5_2")
        + models.F("who5_3")
        + models.F("who5_4")
        + models.F("who5_5"),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
    )  # NULL as soon as one item is
    self_rated_health = models.PositiveSmallIntegerField(
        choices=SelfRatedHealth.choices, null=True, blank=True
    )
    comment = EncryptedTextField(_("kommentar om dagen"), default="", blank=True)
    language = models.CharField(max_length=5, default="da")
    text_version = models.CharField(max_length=40)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_on = models.DateField(_("besvaret den"))
    recorded_at = models.DateTimeField()

    objects: ClassVar[Any] = scoped_manager(ResponseQuerySet)

    class Meta:
        verbose_name = _("måling")
        verbose_name_plural = _("målinger")
        constraints = [
            *same_programme("evaluation", "response", "participant"),
            *known_values("evaluation", "response", occasion=Occasion.values, mode=Mode.values),
            models.UniqueConstraint(
                fields=["programme", "pseudonym", "occasion"], name="evaluation_response_once"
            ),
            *[
                models.CheckConstraint(
                    condition=models.Q(**{item: None}) | models.Q(**{f"{item}__lte": 5}),
                    name=f"evaluation_response_{item}_range",
                )
                for item in WHO5_ITEMS
            ],
            models.CheckConstraint(
                condition=models.Q(self_rated_health=None)
                | models.Q(self_rated_health__in=SelfRatedHealth.values),
                name="evaluation_response_self_rated_health_range",
            ),
        ]
        indexes = [models.Index(fields=["programme", "occasion", "answered_on"], name="response_by_occasion")]

    def __str__(self) -> str:
        return str(self.get_occasion_display())

    @property
    def items(self) -> tuple[int | None, ...]:
        """The five answers in order, None where unanswered."""
        return tuple(getattr(self, item) for item in WHO5_ITEMS)

    @property
    def is_complete(self) -> bool:
        return None not in self.items

    @property
    def percentage_score(self) -> int | None:
        """0–100 in steps of four; None when an item is unanswered."""
        answered = [item for item in self.items if item is not None]
        return sum(answered) * 4 if len(answered) == len(WHO5_ITEMS) else None


class MissingReason(ProgrammeOwned):
    """Why a measure is missing, as the coordinator noted it."""

    participant = models.ForeignKey(
        "participants.Participant", models.CASCADE, related_name="missing_measures"
    )
    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    reason = models.CharField(_("grund"), max_length=20, choices=MissingReasonKind.choices)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("manglende måling")
        verbose_name_plural = _("manglende målinger")
        constraints = [
            *same_programme("evaluation", "missingreason", "participant"),
            *known_values(
                "evaluation", "missingreason", occasion=Occasion.values, reason=MissingReasonKind.values
            ),
            models.UniqueConstraint(fields=["participant", "occasion"], name="evaluation_missingreason_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())
