"""Finding the other record of a person, and choosing what stands when the two become one."""

from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import PlainTextField
from core.layout import Section, form_helper
from participants.models import Participant
from recruitment.queries.merging import Difference
from recruitment.services import ChosenDetails

ONE, OTHER = "one", "other"


def proposed_to_stay(one: Participant, other: Participant) -> str:
    """Return the side that was known first: its reference is the one people have been told."""
    return ONE if (one.created_at, one.pk) <= (other.created_at, other.pk) else OTHER


def _described(participant: Participant) -> str:
    stage = str(participant.get_stage_display()).lower()
    return f"{participant.full_name} – {participant.reference}, {stage}"


class FindPersonForm(forms.Form):
    """A name or a reference, sent by POST so that no name stands in an address."""

    search = PlainTextField(
        label=_("Find en anden"),
        required_message=_("Skriv et navn, et telefonnummer eller et referencenummer."),
        max_length=100,
        help_text=_("Navn, helt telefonnummer, e-mail eller referencenummer"),
        widget=forms.TextInput(attrs={"type": "search"}),
        autocomplete="off",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(mark_optional=False)


class NotSameForm(forms.Form):
    """Whom the person is not, or is perhaps after all."""

    other = forms.ModelChoiceField(queryset=Participant.objects.none())
    take_back = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = Participant.objects.all()  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """Which record stays, and for each detail on which they differ whose is right."""

    MISSING = _("Vælg, hvilken af de to der er den rigtige.")

    def __init__(
        self, data: Any = None, *, one: Participant, other: Participant, differences: list[Difference]
    ) -> None:
        super().__init__(data)
        self.names = [difference.name for difference in differences]
        stays = proposed_to_stay(one, other)
        self.fields["stays"] = self._side(_("Hvem bliver?"), stays, *map(_described, (one, other)))
        for difference in differences:
            proposed = OTHER if difference.one_is_empty else ONE if difference.other_is_empty else stays
            self.fields[difference.name] = self._side(
                difference.label, proposed, difference.one, difference.other
            )
        rows = [Field(name, wrapper_class="inline-choices") for name in self.names]
        self.helper = form_helper(
            Field("stays", wrapper_class="choice-cards"),
            *([Section(gettext("Hvad er rigtigt?"), *rows)] if rows else []),
        )

    def _side(self, label: Any, initial: str, one: str, other: str) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=label,
            choices=[(ONE, one), (OTHER, other)],
            initial=initial,
            widget=forms.RadioSelect,
            error_messages={"required": self.MISSING, "invalid_choice": self.MISSING},
        )

    @property
    def other_stays(self) -> bool:
        """Whether the record that the page is not about stays."""
        return bool(self.cleaned_data["stays"] == OTHER)

    def details(self) -> ChosenDetails:
        """Return what is taken from the record that does not stay."""
        stays = self.cleaned_data["stays"]
        return ChosenDetails(frozenset(name for name in self.names if self.cleaned_data[name] != stays))
