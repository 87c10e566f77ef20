"""Partner organisations and the people in them who can refer."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from core.fields import EncryptedTextField
from core.scopes import scoped_manager
from outreach.enums import OrganisationKind


class Organisation(ProgrammeOwned):
    """A partner: a jobcentre, a practice, a union, a housing association …"""

    name = models.CharField(_("navn"), max_length=150)
    name_key = models.CharField(max_length=600, editable=False)
    kind = models.CharField(_("slags"), max_length=20, choices=OrganisationKind.choices)
    note = EncryptedTextField(_("note"), blank=True, default="")
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")
        constraints = [
            *same_programme("outreach", "organisation"),
            *known_values("outreach", "organisation", kind=OrganisationKind.values),
            models.UniqueConstraint(fields=["programme", "name_key"], name="outreach_organisation_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ReferrerQuerySet(models.QuerySet["Referrer"]):
    def reachable(self, now: Any) -> "ReferrerQuerySet":
        """Those a reminder may reach: with an address, still there, not stopped and not on pause."""
        return self.exclude(email_hash="").filter(
            models.Q(paused_until=None) | models.Q(paused_until__lte=now),
            left_on=None,
            stopped_at=None,
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
    is_key_person = models.BooleanField(_("nøgleperson"), default=False)
    is_ambassador = models.BooleanField(_("ambassadør"), default=False)
    onboarded_on = models.DateField(_("introduceret den"), null=True, blank=True)
    tried_activity_on = models.DateField(_("har selv prøvet den"), null=True, blank=True)
    left_on = models.DateField(_("stoppet i jobbet den"), null=True, blank=True)
    # The referrer's own choices, by one click in a reminder.
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_referral_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects: ClassVar[Any] = scoped_manager(ReferrerQuerySet)

    class Meta:
        verbose_name = _("henviser")
        verbose_name_plural = _("henvisere")
        constraints = [
            *same_programme("outreach", "referrer", "organisation"),
            models.UniqueConstraint(
                fields=["programme", "email_hash"],
                condition=~models.Q(email_hash=""),
                name="outreach_referrer_email",
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "name_key", "id"], name="referrer_by_name"),
            models.Index(fields=["programme", "last_referral_at"], name="referrer_by_last_referral"),
        ]

    def __str__(self) -> str:
        return self.name
