"""Partners and their people, the ways out to others, what was done there, and links that tell them apart."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from core.fields import EncryptedTextField
from core.scopes import scoped_manager
from messaging.enums import Channel as Way
from messaging.models import DeadAddress
from outreach.enums import (
    VISIT_WEEKS,
    ActivityKind,
    ActivityState,
    Arena,
    LinkTarget,
    OrganisationKind,
    PosterLanguage,
    Strategy,
)
from outreach.interested_models import InterestedPerson as InterestedPerson
from outreach.partnership_models import CooperationAgreement as CooperationAgreement
from outreach.partnership_models import PartnerDraft as PartnerDraft


class Organisation(ProgrammeOwned):
    """A partner: a jobcentre, a practice, a union, a housing association …"""

    name = models.CharField(_("navn"), max_length=150)
    name_key = models.CharField(max_length=600, editable=False)
    name_folded = models.CharField(max_length=600, editable=False)
    kind = models.CharField(_("slags"), max_length=20, choices=OrganisationKind.choices)
    note = EncryptedTextField(_("note"), blank=True, default="")
    # A place that somebody once wrote on a form is no partner yet: only a tended one asks for care.
    is_tended = models.BooleanField(_("fast samarbejde"), default=False)
    visit_every_weeks = models.PositiveSmallIntegerField(_("uger mellem besøg"), null=True, blank=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")
        constraints = [
            *same_programme("outreach", "organisation"),
            *known_values("outreach", "organisation", kind=OrganisationKind.values),
            models.UniqueConstraint(fields=["programme", "name_key"], name="outreach_organisation_name"),
            models.CheckConstraint(
                condition=models.Q(visit_every_weeks=None) | models.Q(visit_every_weeks__gte=1),
                name="outreach_organisation_visited_at_times",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cadence_weeks(self) -> int:
        """How many weeks may pass between visits: its own number, or what its kind usually needs."""
        return self.visit_every_weeks or VISIT_WEEKS[OrganisationKind(self.kind)]


# A referrer's switches, by what they hear of; each is a field below.
NEWS_SWITCHES = ("news_receipt", "news_contact", "news_placed", "news_started", "news_closed")


class ReferrerQuerySet(models.QuerySet["Referrer"]):
    def with_live_address(self) -> "ReferrerQuerySet":
        """Those with an address from which nothing has come back."""
        dead = DeadAddress._base_manager.filter(channel=Way.EMAIL, programme=models.OuterRef("programme"))
        dead = dead.filter(address_hash=models.OuterRef("email_hash"))
        return self.exclude(email_hash="").filter(~models.Exists(dead))

    def reachable(self, now: Any) -> "ReferrerQuerySet":
        """Those a reminder may reach: with an address that works, still there, not stopped, not on pause."""
        return self.with_live_address().filter(
            models.Q(paused_until=None) | models.Q(paused_until__lte=now),
            left_on=None,
            stopped_at=None,
            not_relevant_at=None,
        )

    def by_name(self) -> "ReferrerQuerySet":
        return self.order_by("name_key", "pk")


class Referrer(ProgrammeOwned):
    """A professional who has referred or could refer; known by e-mail within a programme."""

    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="referrers",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("navn"), max_length=150)
    name_key = models.CharField(max_length=600, editable=False)
    title = models.CharField(_("stilling"), max_length=100, default="", blank=True)
    email = EncryptedTextField(_("e-mail"), default="", blank=True)
    email_hash = models.CharField(max_length=64, default="", blank=True, editable=False)
    phone = EncryptedTextField(_("telefon"), default="", blank=True)
    phone_hash = models.CharField(max_length=64, default="", blank=True, editable=False)
    language = models.CharField(_("sprog"), max_length=5, choices=settings.LANGUAGES, default="da")
    is_key_person = models.BooleanField(_("nøgleperson"), default=False)
    is_ambassador = models.BooleanField(_("ambassadør"), default=False)
    is_leader = models.BooleanField(_("leder"), default=False)
    onboarded_on = models.DateField(_("introduceret den"), null=True, blank=True)
    tried_activity_on = models.DateField(_("har selv prøvet den"), null=True, blank=True)
    left_on = models.DateField(_("stoppet i jobbet den"), null=True, blank=True)
    # The colleague who took over; they may have left in turn (outreach.queries walks the line).
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("overtaget af"),
    )
    # The referrer's own choices, by one click in a reminder.
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    # "Not relevant for me, ask somebody else": left in peace too, and a task tells the coordinator whom.
    not_relevant_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What the referrer wants to hear of those they sent; the programme has switches of the same names.
    news_receipt = models.BooleanField(_("kvittering for en henvisning"), default=True)
    news_contact = models.BooleanField(_("når vi har talt med borgeren"), default=True)
    news_placed = models.BooleanField(_("når borgeren har fået en plads"), default=True)
    news_started = models.BooleanField(_("når borgeren er begyndt"), default=True)
    news_closed = models.BooleanField(_("når forløbet er slut, og hvordan"), default=True)
    last_referral_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects: ClassVar[Any] = scoped_manager(ReferrerQuerySet)

    class Meta:
        verbose_name = _("henviser")
        verbose_name_plural = _("henvisere")
        constraints = [
            *same_programme("outreach", "referrer", "organisation", "successor"),
            models.UniqueConstraint(
                fields=["programme", "email_hash"],
                condition=~models.Q(email_hash=""),
                name="outreach_referrer_email",
            ),
            models.CheckConstraint(
                condition=models.Q(successor=None)
                | (models.Q(left_on__isnull=False) & ~models.Q(successor=models.F("id"))),
                name="outreach_referrer_successor_of_who_left",
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "name_key", "id"], name="referrer_by_name"),
            models.Index(fields=["programme", "last_referral_at"], name="referrer_by_last_referral"),
        ]

    def __str__(self) -> str:
        return self.name


# --- Ways out and what was done there --------------------------------------------------------------


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


# --- Links and posters -----------------------------------------------------------------------------


class TrackedLink(ProgrammeOwned):
    """A short address that leads to a form and says where the person saw it; its code is read from paper."""

    code = models.CharField(max_length=12, unique=True, editable=False)
    target = models.CharField(_("fører til"), max_length=20, choices=LinkTarget.choices)
    label = models.CharField(_("navn"), max_length=100)
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, blank=True, related_name="links")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="links"
    )
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, blank=True, related_name="links")
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("sporbart link")
        verbose_name_plural = _("sporbare links")
        constraints = [
            *same_programme("outreach", "trackedlink", "channel", "organisation", "activity"),
            *known_values("outreach", "trackedlink", target=LinkTarget.values),
            models.CheckConstraint(
                condition=(
                    models.Q(organisation=None, activity=None)
                    | models.Q(channel=None, activity=None)
                    | models.Q(channel=None, organisation=None)
                ),
                name="outreach_trackedlink_one_origin",
            ),
        ]
        indexes = [models.Index(fields=["programme", "-created_at", "-id"], name="trackedlink_newest")]

    def __str__(self) -> str:
        return self.label

    @property
    def origin(self) -> Organisation | Channel | Activity | None:
        """What the link is for; None for a general one."""
        return self.organisation or self.channel or self.activity


class LinkScan(ProgrammeOwned):
    """How often a link was opened on one day, without who; `record_scan` alone writes it."""

    link = models.ForeignKey(TrackedLink, models.CASCADE, related_name="scans")
    on = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("scanninger på en dag")
        verbose_name_plural = _("scanninger")
        constraints = [
            *same_programme("outreach", "linkscan", "link"),
            models.UniqueConstraint(fields=["link", "on"], name="outreach_linkscan_day"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.count}"


class Poster(ProgrammeOwned):
    """The words of a link's poster and flyer in one language, where they are others than the ready ones."""

    link = models.ForeignKey(TrackedLink, models.CASCADE, related_name="posters")
    language = models.CharField(max_length=5, choices=PosterLanguage.choices)
    headline = models.CharField(_("overskrift"), max_length=60)
    lines = models.CharField(_("tekst"), max_length=300)  # at most three
    shows_next_start = models.BooleanField(_("vis næste start"), default=True)
    saved_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("plakat")
        verbose_name_plural = _("plakater")
        constraints = [
            *same_programme("outreach", "poster", "link"),
            *known_values("outreach", "poster", language=PosterLanguage.values),
            models.UniqueConstraint(fields=["link", "language"], name="outreach_poster_language"),
        ]

    def __str__(self) -> str:
        return self.headline
