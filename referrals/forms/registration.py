"""The coordinator's own form for somebody who rings, writes or comes by."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from outreach.enums import OrganisationKind
from referrals.enums import Intake, ReferralKind
from referrals.forms.arrival import PersonForm
from referrals.forms.kinds import PROFESSIONAL_KINDS, REGISTRATION

PROFESSIONALS = {spec.kind: spec.organisation_kind or OrganisationKind.OTHER for spec in PROFESSIONAL_KINDS}


class RegistrationForm(PersonForm):
    """What is needed to call back; who referred only where somebody did."""

    NO_REFERRER = _("Skriv, hvem der henviser, eller hvor de arbejder")

    def __init__(self, data: Any = None, *, programme: Programme, **kwargs: Any) -> None:
        super().__init__(data, spec=REGISTRATION, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wrongly_typed = {"referrer_name", "referrer_workplace"} & set(self.errors)
        named = cleaned.get("referrer_name") or cleaned.get("referrer_workplace")
        if cleaned.get("kind") in PROFESSIONALS and not named and not wrongly_typed:
            self.add_error("referrer_name", self.NO_REFERRER)
        return cleaned

    @property
    def kind(self) -> ReferralKind:
        return ReferralKind(self.cleaned_data["kind"])

    @property
    def intake(self) -> Intake:
        return Intake(self.cleaned_data["intake"])

    def organisation_kind(self) -> OrganisationKind:
        """Return the kind of place that the chosen sender works at."""
        return PROFESSIONALS.get(self.kind, OrganisationKind.OTHER)
