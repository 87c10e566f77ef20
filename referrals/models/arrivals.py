"""Arrivals, those held back as likely spam, and the versions of the forms they came by."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from core.fields import EncryptedLinesField, EncryptedTextField
from core.scopes import scoped_manager
from referrals.enums import HeardAbout, Intake, News, ReferralKind

# What is said of the person in words, in the order it is read.
SAID = ("reason", "situation", "considerations")


class FormVersionQuerySet(models.QuerySet["FormVersion"]):
    def of(self, kind: ReferralKind) -> "FormVersionQuerySet":
        """Return the versions of one form, newest first."""
        return self.filter(kind=kind).order_by("-number")

    def newest_of_each_kind(self) -> "FormVersionQuerySet":
        return self.select_related("published_by").order_by("kind", "-number").distinct("kind")


class FormVersion(ProgrammeOwned):
    """A form as it was published: never changed, so that each arrival can say what its sender read.

    `content` is a `FormContent`. Nobody published it when the first who sent the form had it kept.
    """

    kind = models.CharField(_("formular"), max_length=20, choices=ReferralKind.choices)
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    published_at = models.DateTimeField(_("udgivet"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[Any] = scoped_manager(FormVersionQuerySet)

    class Meta:
        verbose_name = _("version af en formular")
        verbose_name_plural = _("versioner af formularer")
        constraints = [
            *same_programme("referrals", "formversion"),
            *known_values("referrals", "formversion", kind=ReferralKind.values),
            models.UniqueConstraint(
                fields=["programme", "kind", "number"], name="referrals_formversion_one_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.number}"


class ReferralQuerySet(models.QuerySet["Referral"]):
    def newest_first(self) -> "ReferralQuerySet":
        return self.order_by("-received_at", "-pk")


class Referral(ProgrammeOwned):
    """One arrival of one person; it keeps what was said then, and the path lives on the participant."""

    reference = models.CharField(_("referencenummer"), max_length=12)
    participant = models.ForeignKey("participants.Participant", models.CASCADE, related_name="referrals")
    referrer = models.ForeignKey(
        "outreach.Referrer", models.SET_NULL, null=True, blank=True, related_name="referrals"
    )
    # The poster, flyer or address that led here, where one did.
    tracked_link = models.ForeignKey(
        "outreach.TrackedLink", models.SET_NULL, null=True, blank=True, related_name="referrals"
    )
    # The meeting or visit at which they were written up, and the interested person they were before.
    activity = models.ForeignKey(
        "outreach.Activity", models.SET_NULL, null=True, blank=True, related_name="referrals"
    )
    interested = models.ForeignKey(
        "outreach.InterestedPerson", models.SET_NULL, null=True, blank=True, related_name="referrals"
    )
    kind = models.CharField(_("henvist af"), max_length=20, choices=ReferralKind.choices)
    intake = models.CharField(_("modtaget som"), max_length=10, choices=Intake.choices, default=Intake.WEB)
    # The referrer as written in the form, for the organisation may be none of our partners.
    workplace = models.CharField(_("arbejdssted"), max_length=150, default="", blank=True)
    reason = EncryptedTextField(_("hvorfor"), default="", blank=True)
    situation = EncryptedTextField(_("situation"), default="", blank=True)
    considerations = EncryptedTextField(_("hensyn"), default="", blank=True)
    # The sentences that were ticked; they tell of a person's health ("har stress, let depression …").
    criteria_met = EncryptedLinesField(_("kriterier, der er sat hak ved"), default=list, blank=True)
    heard_about = models.CharField(
        _("hørt om os"), max_length=20, choices=HeardAbout.choices, default="", blank=True
    )
    heard_about_text = EncryptedTextField(_("hørt om os, egne ord"), default="", blank=True)
    feedback_allowed = models.BooleanField(_("må henviseren høre, hvordan det går?"), default=False)
    # Which sentences were ticked (agreement_texts.py).
    agreement_text = models.CharField(max_length=20, default="1")
    # Which form was answered; none where a colleague typed it in, or it came before there were versions.
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    # The same answers sent twice have the same key (core.submissions): one key, one referral.
    submission_key = models.UUIDField(unique=True)
    received_at = models.DateTimeField(_("modtaget"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[Any] = scoped_manager(ReferralQuerySet)

    class Meta:
        verbose_name = _("henvisning")
        verbose_name_plural = _("henvisninger")
        constraints = [
            *same_programme(
                "referrals",
                "referral",
                "participant",
                "referrer",
                "form_version",
                "tracked_link",
                "activity",
                "interested",
            ),
            *known_values(
                "referrals", "referral", intake=Intake.values, heard_about=["", *HeardAbout.values]
            ),
            models.UniqueConstraint(fields=["reference"], name="referrals_referral_reference"),
            models.CheckConstraint(
                condition=models.Q(kind__in=ReferralKind.values), name="referrals_referral_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "-received_at", "-id"], name="referral_newest"),
            models.Index(fields=["programme", "kind", "-received_at"], name="referral_by_kind"),
            models.Index(fields=["referrer", "-received_at"], name="referral_by_referrer"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def said(self) -> list[tuple[str, str]]:
        """What was said about the person, as (name of the field, text); only what was answered."""
        fields: list[Any] = [self._meta.get_field(name) for name in SAID]
        given = [(str(column.verbose_name), getattr(self, column.name)) for column in fields]
        return [(label, text) for label, text in given if text]


class HeldArrival(ProgrammeOwned):
    """A form that looks like spam: kept whole, answered like any other, and released with one click."""

    reference = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=20, choices=ReferralKind.choices)
    answers = EncryptedTextField()  # JSON of the cleaned form
    form_version = models.ForeignKey(FormVersion, models.PROTECT, null=True, blank=True, related_name="+")
    tracked_link = models.ForeignKey(
        "outreach.TrackedLink", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reasons = models.CharField(max_length=200)
    submission_key = models.UUIDField(unique=True)
    received_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("tilbageholdt henvendelse")
        verbose_name_plural = _("tilbageholdte henvendelser")
        constraints = [
            *same_programme("referrals", "heldarrival", "form_version", "tracked_link"),
            *known_values("referrals", "heldarrival", kind=ReferralKind.values),
            models.CheckConstraint(
                condition=models.Q(released_at=None) | models.Q(discarded_at=None),
                name="referrals_heldarrival_one_decision",
            ),
        ]
        indexes = [models.Index(fields=["programme", "-received_at"], name="heldarrival_newest")]

    def __str__(self) -> str:
        return self.reference


class WaitingArrival(ProgrammeOwned):
    """A form that was sent and has its receipt; a worker looks whom it is about, and the row is gone.

    So the page that takes a form does the same work for a person and a referrer who are known as for
    others, and the time of its answer tells nothing.
    """

    reference = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=20, choices=ReferralKind.choices)
    answers = EncryptedTextField()  # JSON of the cleaned form
    form_version = models.ForeignKey(FormVersion, models.PROTECT, null=True, blank=True, related_name="+")
    tracked_link = models.ForeignKey(
        "outreach.TrackedLink", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    submission_key = models.UUIDField(unique=True)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("henvendelse på vej ind")
        verbose_name_plural = _("henvendelser på vej ind")
        constraints = [
            *same_programme("referrals", "waitingarrival", "form_version", "tracked_link"),
            *known_values("referrals", "waitingarrival", kind=ReferralKind.values),
        ]

    def __str__(self) -> str:
        return self.reference


class NewsTold(ProgrammeOwned):
    """That a message told a referrer this of a referral; what is told once is not told again.

    Written in the transaction that claims the message, so that it stands or falls with the claim.
    """

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="news_told")
    news = models.CharField(max_length=10, choices=News.choices)
    message = models.ForeignKey("messaging.OutboundMessage", models.CASCADE, related_name="news_told")

    class Meta:
        verbose_name = _("fortalt til henviser")
        verbose_name_plural = _("fortalt til henvisere")
        constraints = [
            *same_programme("referrals", "newstold", "referral", "message"),
            *known_values("referrals", "newstold", news=News.values),
            models.UniqueConstraint(fields=["message", "referral"], name="referrals_newstold_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_news_display())


class LinkRequest(ProgrammeOwned):
    """Somebody typed an e-mail address to get a link; a worker looks whose it is, and the row is gone."""

    email_hash = models.CharField(max_length=64)
    requested_at = models.DateTimeField()

    class Meta:
        verbose_name = _("anmodning om link")
        verbose_name_plural = _("anmodninger om link")
        constraints = same_programme("referrals", "linkrequest")

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d %H:%M}"


class ImportDraft(ProgrammeOwned):
    """A waiting list that has been read and not yet imported: encrypted, and gone within a day.

    Imported or set aside, it is closed and empty: a second press finds that it is done.
    """

    file_name = EncryptedTextField(default="", blank=True)
    content = EncryptedTextField(default="", blank=True)  # JSON of services.imports.DraftContent
    decisions = EncryptedTextField(default="", blank=True)  # JSON: what was said of which line
    row_count = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("liste, der er ved at blive importeret")
        verbose_name_plural = _("lister, der er ved at blive importeret")
        constraints = same_programme("referrals", "importdraft")
        indexes = [models.Index(fields=["created_at"], name="importdraft_by_age")]

    def __str__(self) -> str:
        return f"{self.row_count} {self.created_at:%Y-%m-%d}"
