"""A list in a file: the question for it, and what is wrong on which of its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.tables import MAX_BYTES, Table, TableFault

FAULTS_SHOWN = 100
LONGEST_SHOWN = 40


@dataclass(frozen=True, order=True)
class LineFault:
    """What is wrong on a line (0: with the file), in which column, and what stands there."""

    line: int
    column: str
    text: str
    shown: str = ""


class ListFileForm(forms.Form):
    """The file; `largest` says in words how much it may hold."""

    largest: Any

    file = forms.FileField(
        label=_("Regneark"),
        error_messages={
            **dict.fromkeys(("required", "missing", "invalid"), _("Vælg filen med listen.")),
            "empty": TableFault.EMPTY.label,
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = self.largest

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(TableFault.TOO_LARGE.label, code="too_large")
        return file

    def told_of(self, faults: Sequence[LineFault]) -> dict[str, Any]:
        """Return what the page shows of the faults in the chosen file: `core/_line_faults.html` takes it."""
        return {
            "file_name": self.cleaned_data["file"].name,
            "faults": faults[:FAULTS_SHOWN],
            "fault_count": len(faults),
            "more_faults": max(0, len(faults) - FAULTS_SHOWN),
        }


def faults_of_ragged(table: Table) -> list[LineFault]:
    """Return a fault for each line that has more or fewer fields than the header."""
    return [
        LineFault(
            ragged.line,
            "",
            f"Linjen har {ragged.found} felter, og overskriften har {ragged.expected}. "
            "Ret linjen, så felterne passer til overskrifterne",
        )
        for ragged in table.ragged
    ]


def in_short(text: str) -> str:
    """Return what stands in a field as a fault shows it."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} …"
