"""What is agreed with a partner, and a list of partners awaiting its import; imported by `models.py`."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import same_programme
from core.fields import EncryptedTextField


class CooperationAgreement(ProgrammeOwned):
    """One version of who does what on each side: in force until it ended; the earlier ones stay."""

    organisation = models.ForeignKey(
        "outreach.Organisation", models.CASCADE, related_name="cooperation_agreements"
    )
    agreed_with = models.ForeignKey(
        "outreach.Referrer", models.SET_NULL, null=True, blank=True, related_name="cooperation_agreements"
    )
    they_do = EncryptedTextField(_("det gør I"))
    we_do = EncryptedTextField(_("det gør vi"))
    agreed_on = models.DateField(_("aftalt den"))
    review_on = models.DateField(_("gennemgås næste gang"))
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("samarbejdsaftale")
        verbose_name_plural = _("samarbejdsaftaler")
        constraints = [
            *same_programme("outreach", "cooperationagreement", "organisation", "agreed_with"),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(ended_at=None),
                name="outreach_cooperationagreement_one_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(review_on__gt=models.F("agreed_on")),
                name="outreach_cooperationagreement_review_after",
            ),
        ]
        indexes = [
            models.Index(
                fields=["programme", "review_on"],
                condition=models.Q(ended_at=None),
                name="agreement_by_review",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreed_on:%Y-%m-%d}"


class PartnerDraft(ProgrammeOwned):
    """A list of partners that was read and awaits its import; emptied when it is imported or set aside."""

    file_name = EncryptedTextField(default="", blank=True)
    content = EncryptedTextField(default="", blank=True)
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("liste med partnere")
        verbose_name_plural = _("lister med partnere")
        constraints = [*same_programme("outreach", "partnerdraft")]

    def __str__(self) -> str:
        return f"{self.pk}"
