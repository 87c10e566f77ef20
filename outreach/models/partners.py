"""Partners, and the people who refer from there."""

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
from outreach.enums import VISIT_WEEKS, OrganisationKind


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
