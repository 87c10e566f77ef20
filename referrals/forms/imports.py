"""A waiting list from a spreadsheet: the file, what its lines say, and what is wrong with which of them."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import CPR_MESSAGE, looks_like_cpr
from core.layout import Section, form_helper
from core.list_files import LineFault, ListFileForm, faults_of_ragged, in_short
from core.submissions import submission_key
from core.tables import Row, Table, UnreadableTable, read_table
from participants.enums import AgreementMethod
from referrals.enums import ReferralKind
from referrals.forms.import_columns import (
    COLUMNS,
    CPR_COLUMNS,
    FULL_NAME,
    LABELS,
    cell_text,
    cleaned,
    is_future,
    key_of,
    kind_of,
    meaning_of,
    split_name,
)
from referrals.forms.registration import PROFESSIONALS, moment_of
from referrals.services import Answers, ListedArrival, ReferrerAnswers

NO_CONTACT = "Skriv telefon eller e-mail, så I kan få fat i personen"
FUTURE = "Datoen er ikke kommet endnu. Ret den"
# However people on a list have agreed, it was not on a form of ours.
METHODS = [method for method in AgreementMethod if method != AgreementMethod.FORM]
TEMPLATE_HEADER = [column.label for column in COLUMNS]
TEMPLATE_GUIDANCE = [
    "Skriv én person på hver linje på arket “Venteliste”. Behold overskrifterne.",
    "Fornavn, efternavn og enten telefon eller e-mail skal være der. Resten kan stå tomt.",
    "Modtaget den: dag, måned og år, for eksempel 05.11.2026. Tomt betyder i dag.",
    "Henvist af: stedet, for eksempel Jobcenter Esbjerg. Tomt betyder, at personen selv har henvendt sig.",
    "Skriv aldrig CPR-numre. En liste med CPR-numre bliver afvist.",
]


@dataclass(frozen=True)
class ReadList:
    """What a file says: each column with what we take it for, and every line, or the faults."""

    columns: tuple[tuple[str, str], ...]
    arrivals: tuple[ListedArrival, ...] = ()
    faults: tuple[LineFault, ...] = ()
    encoding: str = ""
    separator: str = ""
    sheet: str = ""


class ImportForm(ListFileForm):
    """The file, and what all on the list have said."""

    largest = _("CSV eller XLSX, højst 2 MB og 5.000 linjer.")

    agreed = forms.BooleanField(
        label=_("Alle på listen har sagt ja til at blive henvist"),
        required=False,
        help_text=_("Sæt kun hak, hvis I ved det. Ellers spørger du, når du ringer."),
    )
    agreement_method = forms.ChoiceField(
        label=_("Hvordan har de sagt ja?"),
        required=False,
        choices=[
            ("", _("Vælg")),
            *((one, one.label) for one in AgreementMethod if one != AgreementMethod.FORM),
        ],
        error_messages={"invalid_choice": _("Vælg et af svarene på listen")},
    )

    @property
    def helper(self) -> FormHelper:
        return form_helper(
            Section("Listen", "file"), Section("Aftalen", "agreed", "agreement_method"), mark_optional=False
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("agreed") and not said.get("agreement_method") and "agreement_method" not in self.errors:
            self.add_error("agreement_method", _("Vælg, hvordan de har sagt ja"))
        return said

    def read(self, today: dt.date) -> ReadList:
        """Return what the chosen file says."""
        return read_list(self.cleaned_data["file"].read(), today=today, agreed=self.cleaned_data["agreed"])


def read_list(content: bytes, *, today: dt.date, agreed: bool = False) -> ReadList:
    """Return the lines of a waiting list, or each fault with its line and column; a file with faults has
    no lines.
    """
    try:
        table = read_table(content)
    except UnreadableTable as error:
        return ReadList((), faults=(LineFault(error.line, "", str(error.fault.label)),))
    columns = tuple((header, LABELS.get(meaning_of(header), "")) for header in table.header)
    about: dict[str, Any] = {"encoding": table.encoding, "separator": table.separator, "sheet": table.sheet}
    faults = _faults_of_header(table)
    if faults:
        return ReadList(columns, faults=tuple(faults), **about)
    reader = _LineReader(table.header, today, agreed)
    arrivals = [reader.read(row) for row in table.rows]
    faults = sorted([*reader.faults, *faults_of_ragged(table)])
    read = tuple(arrival for arrival in arrivals if arrival is not None)
    return ReadList(columns, arrivals=() if faults else read, faults=tuple(faults), **about)


def _faults_of_header(table: Table) -> list[LineFault]:
    for header in table.header:
        if key_of(header) in CPR_COLUMNS:
            return [LineFault(1, header, "Slet kolonnen. Vi må ikke modtage CPR-numre")]
        if looks_like_cpr(header):
            return [LineFault(1, "", str(CPR_MESSAGE))]
    meanings = {meaning_of(header) for header in table.header}
    if len(table.header) == 1:
        sentence = (
            "Der er kun én kolonne i filen. Gem den som CSV med semikolon mellem kolonnerne, eller som XLSX"
        )
        return [LineFault(1, "", sentence, in_short(table.header[0]))]
    faults = []
    if FULL_NAME not in meanings and not {"given_name", "family_name"} <= meanings:
        faults.append(LineFault(1, "", "Skriv “Fornavn” og “Efternavn” som overskrifter over navnene"))
    if not {"phone", "email"} & meanings:
        faults.append(LineFault(1, "", "Skriv “Telefon” eller “E-mail” som overskrift over kontakten"))
    return faults


class _LineReader:
    """Reads lines under one header, and gathers what is wrong with them."""

    def __init__(self, header: tuple[str, ...], today: dt.date, agreed: bool) -> None:
        self.faults: list[LineFault] = []
        self._header = header
        self._meanings = [meaning_of(name) for name in header]
        self._today = today
        self._agreed = agreed
        self._same_before: Counter[str] = Counter()

    def read(self, row: Row) -> ListedArrival | None:
        """Return what the line says, None where something is wrong with it."""
        already = len(self.faults)
        said = self._said(row)
        if len(self.faults) > already:
            return None
        if not said["phone"] and not said["email"]:
            self._fault(row.line, "phone", NO_CONTACT)
        if is_future(said["received_on"], self._today):
            self._fault(row.line, "received_on", FUTURE)
        return None if len(self.faults) > already else self._arrival(row.line, said)

    def _said(self, row: Row) -> dict[str, Any]:
        texts: dict[str, str] = {}
        for header, meaning, cell in zip(self._header, self._meanings, row.cells, strict=True):
            text = cell_text(cell)
            if not meaning:
                if looks_like_cpr(text):
                    self.faults.append(LineFault(row.line, header, str(CPR_MESSAGE)))
            elif text and not texts.get(meaning):
                texts[meaning] = text
        self._split_full_name(row.line, texts)
        return {column.name: self._value(row.line, column.name, texts) for column in COLUMNS}

    def _split_full_name(self, line: int, texts: dict[str, str]) -> None:
        full_name = texts.pop(FULL_NAME, "")
        if FULL_NAME not in self._meanings or (texts.get("given_name") and texts.get("family_name")):
            return
        try:
            if looks_like_cpr(full_name):
                raise ValidationError(CPR_MESSAGE)
            texts["given_name"], texts["family_name"] = split_name(full_name)
        except ValidationError as error:
            self._fault(line, FULL_NAME, error.messages[0])
            texts["given_name"] = texts["family_name"] = "–"  # told once, not for each half again

    def _value(self, line: int, name: str, texts: dict[str, str]) -> Any:
        text = texts.get(name, "")
        try:
            return cleaned(name, text)
        except ValidationError as error:
            shown = "" if looks_like_cpr(text) else in_short(text)
            self._fault(line, name, error.messages[0], shown)
            return None

    def _fault(self, line: int, name: str, text: str, shown: str = "") -> None:
        self.faults.append(LineFault(line, LABELS[name], text, shown))

    def _arrival(self, line: int, said: dict[str, Any]) -> ListedArrival:
        kind = kind_of(said["workplace"], said["referrer_name"])
        received_on = said.pop("received_on")
        answers = Answers(
            agreed=self._agreed,
            referrer=_referrer(kind, said.pop("workplace"), said.pop("referrer_name")),
            **said,
        )
        return ListedArrival(
            line=line,
            kind=kind,
            answers=answers,
            submission_key=self._key(answers, received_on),
            received_on=received_on,
            received_at=moment_of(received_on) if received_on and received_on < self._today else None,
        )

    def _key(self, answers: Answers, received_on: dt.date | None) -> Any:
        """Return the key of the line: the same list sent again is the same, two equal lines are two."""
        words = answers.to_json()
        self._same_before[words] += 1
        said = {"answers": words, "place": self._same_before[words]}
        return submission_key(ImportForm, said, on=received_on or self._today)


def _referrer(kind: ReferralKind, workplace: str, name: str) -> ReferrerAnswers | None:
    if kind == ReferralKind.SELF or not (workplace or name):
        return None
    place = PROFESSIONALS.get(kind)
    return ReferrerAnswers(name=name, workplace=workplace, **({"organisation_kind": place} if place else {}))
