"""Is it the same person? Asked of each line of a list that resembles somebody."""

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from core.layout import form_helper
from core.phones import format_phone
from participants.models import Participant
from referrals.services import LEFT_OUT, NEW, ListedArrival, Match, Matches


class SamePersonForm(forms.Form):
    """One question for each line of `lines`; `answers()` is what services take."""

    def __init__(
        self,
        data: Any = None,
        *,
        lines: Iterable[int],
        matches: Matches,
        listed: Mapping[int, ListedArrival],
        answers: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.lines = list(lines)
        people = Participant.objects.in_bulk(
            {match.participant for line in self.lines for match in matches[line] if match.participant}
        )
        for line in self.lines:
            self.fields[f"line-{line}"] = forms.ChoiceField(
                label=f"Linje {line}: {_who(listed[line])}",
                choices=[
                    *((match.answer, _label(match, people)) for match in matches[line]),
                    (NEW, "Det er en ny person"),
                    (LEFT_OUT, "Udelad linjen"),
                ],
                initial=answers.get(line),
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"Linje {line}: Vælg, om det er den samme person",
                    "invalid_choice": f"Linje {line}: Vælg et af svarene",
                },
            )

    @property
    def helper(self) -> FormHelper:
        return form_helper(mark_optional=False)

    def answers(self) -> dict[int, str]:
        """Return what a valid form said of each line."""
        return {line: self.cleaned_data[f"line-{line}"] for line in self.lines}


def _who(arrival: ListedArrival) -> str:
    said = arrival.answers
    parts = [f"{said.given_name} {said.family_name}", said.phone and format_phone(said.phone), said.email]
    return ", ".join(part for part in (*parts, _born(said.birth_year), said.postcode) if part)


def _label(match: Match, people: Mapping[int, Participant]) -> str:
    why = ". ".join(match.reasons)
    if match.participant is None:
        return f"Samme som linje {match.line}. {why}."
    person = people.get(match.participant)
    if person is None:
        return "En person, der ikke er her længere"
    about = ", ".join(
        part
        for part in (
            person.full_name,
            person.phone and format_phone(person.phone),
            _born(person.birth_year),
            str(person.get_stage_display()).lower(),
        )
        if part
    )
    return f"Samme som {about}. {why}."


def _born(year: int | None) -> str:
    return f"født {year}" if year else ""
