"""The ways out to people nobody has a file on, and what was done there."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from core.fields import EncryptedTextField
from core.scopes import scoped_manager
from outreach.enums import ActivityKind, ActivityState, Arena, Strategy
from outreach.models.partners import Organisation, Referrer


class ChannelQuerySet(models.QuerySet["Channel"]):
    def in_use(self) -> "ChannelQuerySet":
        return self.filter(is_active=True)

    def by_arena(self) -> "ChannelQuerySet":
        """In the order of the arenas, and by name within one."""
        order = [models.When(arena=arena, then=place) for place, arena in enumerate(Arena.values)]
        return self.order_by(models.Case(*order, default=len(order)), "name_key", "pk")


class Channel(ProgrammeOwned):
    """One way out to people nobody has a file on: an arena, a strategy, and who holds it for us."""

    name = models.CharField(_("navn"), max_length=150)
    name_key = models.CharField(max_length=600, editable=False)
    arena = models.CharField(_("arena"), max_length=20, choices=Arena.choices)
    strategy = models.CharField(_("strategi"), max_length=20, choices=Strategy.choices)
    # Who keeps it open for us; a person who leaves is named no longer.
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="channels"
    )
    referrer = models.ForeignKey(Referrer, models.SET_NULL, null=True, blank=True, related_name="channels")
    is_active = models.BooleanField(_("i brug"), default=True)
    created_at = models.DateTimeField(editable=False)

    objects: ClassVar[Any] = scoped_manager(ChannelQuerySet)

    class Meta:
        verbose_name = _("kanal")
        verbose_name_plural = _("kanaler")
        constraints = [
            *same_programme("outreach", "channel", "organisation", "referrer"),
            *known_values("outreach", "channel", arena=Arena.values, strategy=Strategy.values),
            models.UniqueConstraint(fields=["programme", "name_key"], name="outreach_channel_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def strategy_in_short(self) -> str:
        """The one word of the strategy."""
        return Strategy(self.strategy).short

    @property
    def is_held(self) -> bool:
        """Whether somebody keeps it open for us: a person who has left holds nothing."""
        gone = self.referrer is not None and self.referrer.left_on is not None
        return self.organisation_id is not None or (self.referrer_id is not None and not gone)


class Activity(ProgrammeOwned):
    """One thing the coordinator does, or did, to find people: a visit, a talk, a round with posters."""

    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, blank=True, related_name="activities")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="activities"
    )
    # Whom we met or talked to there, and whether the leaders took part.
    referrer = models.ForeignKey(Referrer, models.SET_NULL, null=True, blank=True, related_name="activities")
    with_leader = models.BooleanField(_("ledelsen er med"), default=False)
    kind = models.CharField(_("slags"), max_length=20, choices=ActivityKind.choices)
    title = models.CharField(_("hvad"), max_length=150)
    planned_on = models.DateField(_("planlagt til"))
    held_on = models.DateField(_("gennemført den"), null=True, blank=True)
    place = models.CharField(_("hvor"), max_length=150, default="", blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutter"))
    people_reached = models.PositiveIntegerField(_("mennesker mødt"), null=True, blank=True)
    cost = models.PositiveIntegerField(_("kroner"), null=True, blank=True)
    note = EncryptedTextField(_("note"), blank=True, default="")
    state = models.CharField(max_length=10, choices=ActivityState.choices, default=ActivityState.PLANNED)
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("aktivitet")
        verbose_name_plural = _("aktiviteter")
        constraints = [
            *same_programme("outreach", "activity", "channel", "organisation", "referrer"),
            *known_values("outreach", "activity", kind=ActivityKind.values, state=ActivityState.values),
            models.CheckConstraint(
                condition=models.Q(state=ActivityState.DONE, held_on__isnull=False)
                | (~models.Q(state=ActivityState.DONE) & models.Q(held_on=None)),
                name="outreach_activity_held_when_done",
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "state", "planned_on", "id"], name="activity_by_plan"),
            models.Index(fields=["organisation", "-held_on"], name="activity_by_organisation"),
        ]

    def __str__(self) -> str:
        return self.title
