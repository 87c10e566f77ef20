"""People who have shown interest and said that we may get in touch; imported by `models.py`."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from core.fields import EncryptedTextField
from core.scopes import scoped_manager
from outreach.enums import InterestAgreed


class InterestedPersonQuerySet(models.QuerySet["InterestedPerson"]):
    def held(self) -> "InterestedPersonQuerySet":
        """Those whose form looks like spam, until a coordinator has looked."""
        return self.exclude(held_reasons="")

    def to_contact(self, agreed_since: Any) -> "InterestedPersonQuerySet":
        """Those who may be told of a cohort: their yes stands, they have not said stop, nor come already."""
        return self.filter(held_reasons="", stopped_at=None, turned_at=None, agreed_at__gt=agreed_since)

    def by_name(self) -> "InterestedPersonQuerySet":
        return self.order_by("name_key", "pk")


class InterestedPerson(ProgrammeOwned):
    """Somebody who wishes to hear of the next cohorts; no participant yet, and perhaps never one.

    Known by telephone or e-mail, as they gave it; the yes is one to being contacted and to nothing else.
    """

    name = models.CharField(_("navn"), max_length=150, blank=True)
    name_key = models.CharField(max_length=600, editable=False, blank=True)
    phone = EncryptedTextField(_("telefon"), default="", blank=True)
    phone_hash = models.CharField(max_length=64, default="", blank=True, editable=False)
    email = EncryptedTextField(_("e-mail"), default="", blank=True)
    email_hash = models.CharField(max_length=64, default="", blank=True, editable=False)
    language = models.CharField(_("sprog"), max_length=5, choices=settings.LANGUAGES, default="da")
    note = EncryptedTextField(_("note"), default="", blank=True)
    # The yes to being contacted: when, how, and which sentence (outreach.interest_texts).
    agreed_at = models.DateTimeField()
    agreed_how = models.CharField(max_length=10, choices=InterestAgreed.choices)
    agreement_text = models.CharField(max_length=20)
    # Where we met: at most one of these, and the result counts there.
    tracked_link = models.ForeignKey(
        "outreach.TrackedLink", models.SET_NULL, null=True, blank=True, related_name="interested"
    )
    activity = models.ForeignKey(
        "outreach.Activity", models.SET_NULL, null=True, blank=True, related_name="interested"
    )
    channel = models.ForeignKey(
        "outreach.Channel", models.SET_NULL, null=True, blank=True, related_name="interested"
    )
    organisation = models.ForeignKey(
        "outreach.Organisation", models.SET_NULL, null=True, blank=True, related_name="interested"
    )
    # The person's own no, and that somebody has written them up since: nobody but a colleague lifts it.
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_again_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When they became an arrival; `referrals.Referral.interested` says which.
    turned_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When name, address and note were forgotten; the origin stays for the figures.
    forgotten_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_reasons = models.CharField(max_length=200, default="", blank=True, editable=False)
    submission_key = models.UUIDField(unique=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    objects: ClassVar[Any] = scoped_manager(InterestedPersonQuerySet)

    class Meta:
        verbose_name = _("interesseret")
        verbose_name_plural = _("interesserede")
        constraints = [
            *same_programme(
                "outreach", "interestedperson", "tracked_link", "activity", "channel", "organisation"
            ),
            *known_values("outreach", "interestedperson", agreed_how=InterestAgreed.values),
            models.CheckConstraint(
                condition=~models.Q(phone_hash="", email_hash="") | models.Q(forgotten_at__isnull=False),
                name="outreach_interestedperson_reachable",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(tracked_link=None, activity=None, channel=None)
                    | models.Q(tracked_link=None, activity=None, organisation=None)
                    | models.Q(tracked_link=None, channel=None, organisation=None)
                    | models.Q(activity=None, channel=None, organisation=None)
                ),
                name="outreach_interestedperson_one_origin",
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "phone_hash"], name="interested_by_phone"),
            models.Index(fields=["programme", "email_hash"], name="interested_by_email"),
            models.Index(fields=["programme", "name_key", "id"], name="interested_by_name"),
        ]

    def __str__(self) -> str:
        return self.name or str(_("En interesseret"))
