"""Finding the other record of a person, and choosing what stands when the two become one."""

from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import PlainTextField
from core.layout import Section, form_helper
from participants.models import Participant
from recruitment.queries.merging import MergePreview
from recruitment.services import ChosenDetails

ONE, OTHER = "one", "other"
ANSWERS_HINT = _(
    "Begge har besvaret det samme skema, og en person kan kun have ét svar. "
    "Det andet bliver gemt hos den, der lukkes. "
    "Det tæller ikke med, og det kommer tilbage, hvis du fortryder."
)


def proposed_to_stay(one: Participant, other: Participant) -> str:
    """Return the side that was known first: its reference is the one people have been told."""
    return ONE if (one.created_at, one.pk) <= (other.created_at, other.pk) else OTHER


def _described(participant: Participant) -> str:
    stage = str(participant.get_stage_display()).lower()
    return f"{participant.full_name} – {participant.reference}, {stage}"


class FindPersonForm(forms.Form):
    """A name or a reference, sent by POST so that no name stands in an address."""

    search = PlainTextField(
        label=_("Hvem er den anden?"),
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
    """Which record stays, of two answers which counts, and of each detail that differs whose is right."""

    MISSING = _("Vælg, hvilken af de to der er den rigtige.")
    WHICH_ANSWER = _("Vælg, hvilket svar der gælder.")

    def __init__(
        self, data: Any = None, *, one: Participant, other: Participant, preview: MergePreview
    ) -> None:
        super().__init__(data)
        self.names = [difference.name for difference in preview.differences]
        self.answers = {f"answer_{both.occasion}": str(both.occasion) for both in preview.answered_twice}
        stays = proposed_to_stay(one, other)
        self.fields["stays"] = self._side(_("Hvem bliver?"), stays, *map(_described, (one, other)))
        for both in preview.answered_twice:
            label = _("Skemaet %(occasion)s") % {"occasion": str(both.occasion.label).lower()}
            field = self._side(label, None, both.one, both.other, missing=self.WHICH_ANSWER)
            self.fields[f"answer_{both.occasion}"] = field
        for difference in preview.differences:
            proposed = OTHER if difference.one_is_empty else ONE if difference.other_is_empty else stays
            self.fields[difference.name] = self._side(
                difference.label, proposed, difference.one, difference.other
            )
        details = [Field(name, wrapper_class="inline-choices") for name in self.names]
        answers = [Field(name, wrapper_class="choice-cards") for name in self.answers]
        self.helper = form_helper(
            Field("stays", wrapper_class="choice-cards"),
            *(
                [Section(gettext("Hvilket svar gælder?"), *answers, hint=str(ANSWERS_HINT))]
                if answers
                else []
            ),
            *([Section(gettext("Hvad er rigtigt?"), *details)] if details else []),
        )

    def _side(
        self, label: Any, initial: str | None, one: str, other: str, *, missing: Any = MISSING
    ) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=label,
            choices=[(ONE, one), (OTHER, other)],
            initial=initial,
            widget=forms.RadioSelect,
            error_messages={"required": missing, "invalid_choice": missing},
        )

    @property
    def other_stays(self) -> bool:
        """Whether the record that the page is not about stays."""
        return bool(self.cleaned_data["stays"] == OTHER)

    def details(self) -> ChosenDetails:
        """Return what is taken from the record that does not stay."""
        said, stays = self.cleaned_data, self.cleaned_data["stays"]
        return ChosenDetails(
            from_absorbed=frozenset(name for name in self.names if said[name] != stays),
            answers_of_kept=frozenset(of for name, of in self.answers.items() if said[name] == stays),
            answers_of_absorbed=frozenset(of for name, of in self.answers.items() if said[name] != stays),
        )
