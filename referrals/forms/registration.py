"""The coordinator's own form for somebody who rings, writes or comes by."""

import dataclasses
import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from core.dates import InvalidTime, danish_moment
from core.forms import DanishDateField
from core.layout import Section
from outreach.enums import OrganisationKind
from outreach.models import Organisation
from referrals.enums import Intake, ReferralKind
from referrals.forms.arrival import PersonForm
from referrals.forms.kinds import PROFESSIONAL_KINDS, REGISTRATION, FormKind, SectionSpec

PROFESSIONALS = {spec.kind: spec.organisation_kind or OrganisationKind.OTHER for spec in PROFESSIONAL_KINDS}
# What came by itself at any hour counts from noon of the day it came.
NOON = dt.time(12)
MOST_SUGGESTED = 500

# A referral from the care system: it says from a practice, and who it is about. Under a minute.
XREF15 = dataclasses.replace(
    REGISTRATION,
    heading=_("Henvisning fra lægesystemet (XREF15)"),
    lead=_("Skriv af fra omsorgssystemet. Skriv ikke CPR-nummer eller diagnoser."),
    sections=(
        SectionSpec(
            _("Personen"),
            (("given_name", "family_name"), ("phone", "email"), ("birth_year", "postcode"), "reason"),
        ),
        SectionSpec(_("Praksis"), (("referrer_workplace", "referrer_name"), "agreed", "feedback_allowed")),
    ),
    wording={
        **REGISTRATION.wording,
        "reason": dataclasses.replace(REGISTRATION.wording["reason"], label=_("Hvad skriver lægen?")),
        "referrer_workplace": dataclasses.replace(
            REGISTRATION.wording["referrer_workplace"],
            label=_("Praksis"),
            missing=_("Skriv navnet på praksis"),
            hint=_("Begynd at skrive, og vælg en, I kender."),
        ),
        "referrer_name": dataclasses.replace(
            REGISTRATION.wording["referrer_name"], label=_("Lægens navn"), hint=_("Hvis det står der.")
        ),
    },
)


@dataclasses.dataclass(frozen=True)
class Preset:
    """What the link to the form already says: the way in and the sender, fixed where `spec` asks neither."""

    intake: Intake | None = None
    kind: ReferralKind | None = None
    spec: FormKind = REGISTRATION


def preset_of(address: QueryDict) -> Preset:
    """Return what the address says; what is not understood says nothing."""
    intake = next((one for one in REGISTRATION.intakes if one == address.get("intake")), None)
    kind = next((one for one in REGISTRATION.kinds if one == address.get("kind")), None)
    if intake == Intake.XREF15 and kind == ReferralKind.GP:
        return Preset(intake, kind, XREF15)
    return Preset(intake, kind)


class RegistrationForm(PersonForm):
    """What is needed to call back; who referred only where somebody did."""

    NO_REFERRER = _("Skriv, hvem der henviser, eller hvor de arbejder")
    NOT_YET = _("Vælg i dag eller en dag, der har været.")

    # Filled in with today; emptied, it still means today.
    received_on = DanishDateField(label=_("Modtaget den"), required=False, autocomplete="off")

    def __init__(
        self, data: Any = None, *, programme: Programme, preset: Preset | None = None, **kwargs: Any
    ) -> None:
        self.preset = preset or Preset()
        super().__init__(data, spec=self.preset.spec, **kwargs)
        self.fields["received_on"].initial = timezone.localdate()
        self.fields["received_on"].either_or = True  # type: ignore[attr-defined]  # not marked as optional
        for name, chosen in (("intake", self.preset.intake), ("kind", self.preset.kind)):
            if chosen and name in self.fields:
                self.fields[name].initial = chosen.value
        if "referrer_workplace" in self.fields:
            self.fields["referrer_workplace"].widget.attrs["list"] = "known-workplaces"

    def clean_received_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["received_on"] or timezone.localdate()
        if day > timezone.localdate():
            raise ValidationError(self.NOT_YET, code="future")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wrongly_typed = {"referrer_name", "referrer_workplace"} & set(self.errors)
        named = cleaned.get("referrer_name") or cleaned.get("referrer_workplace")
        kind = cleaned.get("kind", self.preset.kind)
        if kind in PROFESSIONALS and not named and not wrongly_typed:
            first = next(name for name in self.fields if name in ("referrer_name", "referrer_workplace"))
            self.add_error(first, self.NO_REFERRER)
        return cleaned

    def section(self, section: SectionSpec, number: int) -> Section:
        """Return the section; the first begins with the day."""
        drawn = super().section(section, number)
        if number == 1:
            drawn.fields.append("received_on")
        return drawn

    @property
    def kind(self) -> ReferralKind:
        return ReferralKind(self.cleaned_data.get("kind") or str(self.preset.kind))

    @property
    def intake(self) -> Intake:
        return Intake(self.cleaned_data.get("intake") or str(self.preset.intake))

    def received_at(self) -> dt.datetime | None:
        """Return when it came, None for today."""
        day: dt.date = self.cleaned_data["received_on"]
        return None if day == timezone.localdate() else moment_of(day)

    def organisation_kind(self) -> OrganisationKind:
        """Return the kind of place that the chosen sender works at."""
        return PROFESSIONALS.get(self.kind, OrganisationKind.OTHER)

    def known_workplaces(self) -> list[str]:
        """Return the names of partners to choose among: practices alone where the form is for them."""
        return known_workplaces(OrganisationKind.GP if self.spec is XREF15 else None)


def known_workplaces(kind: OrganisationKind | None = None) -> list[str]:
    """Return the names of the programme's partners in Danish order, of one kind or all."""
    partners = Organisation.objects.order_by("name_key")
    if kind is not None:
        partners = partners.filter(kind=kind)
    return list(partners.values_list("name", flat=True)[:MOST_SUGGESTED])


def moment_of(day: dt.date) -> dt.datetime:
    """Return noon of `day` in Denmark, in UTC."""
    try:
        return danish_moment(day, NOON)
    except InvalidTime as error:  # the clock never skips noon
        raise AssertionError from error
