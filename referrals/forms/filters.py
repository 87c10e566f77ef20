"""The filter of the list of arrivals; it stands in the address."""

import datetime as dt

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from core.layout import form_helper
from referrals.enums import ReferralKind

PERIODS = {"30": _("De seneste 30 dage"), "90": _("De seneste 3 måneder"), "365": _("Det seneste år")}


class ArrivalFilterForm(forms.Form):
    """Kind and period; what is not understood filters nothing."""

    kind = forms.ChoiceField(
        label=_("Henvist af"), required=False, choices=[("", _("Alle")), *ReferralKind.choices]
    )
    period = forms.ChoiceField(
        label=_("Modtaget"), required=False, choices=[("", _("Altid")), *PERIODS.items()]
    )

    @property
    def helper(self) -> FormHelper:
        return form_helper(mark_optional=False)

    def chosen_kind(self) -> ReferralKind | None:
        """Return the kind asked for, None for all."""
        return ReferralKind(chosen) if (chosen := self._chosen("kind")) else None

    def chosen_since(self, today: dt.date) -> dt.date | None:
        """Return the first day of the period asked for, None for no limit."""
        days = self._chosen("period")
        return today - dt.timedelta(days=int(days)) if days else None

    def _chosen(self, name: str) -> str:
        self.full_clean()
        return str(self.cleaned_data.get(name, ""))
