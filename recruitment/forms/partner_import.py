"""A list of partners from a spreadsheet: the file, what its lines say, and what is wrong with them."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.danish import name_key
from core.forms import CPR_MESSAGE, PlainTextField, looks_like_cpr
from core.layout import form_helper
from core.list_files import LineFault, ListFileForm, faults_of_ragged, in_short
from core.tables import Row, Table, UnreadableTable, read_table
from outreach.enums import OrganisationKind
from outreach.services.partner_lists import ListedPartner
from referrals.forms.import_columns import CPR_COLUMNS, cell_text, cleaned, key_of, kind_of
from referrals.forms.registration import PROFESSIONALS

MOST_LINES = 1_000  # each new person is a few statements, all in one request
# Name of the field, its heading in our template, and other headings it goes by.
COLUMNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("organisation", "Organisation", ("arbejdssted", "sted", "samarbejdspartner", "partner", "firma")),
    ("kind", "Slags", ("type", "art", "kategori")),
    ("name", "Navn", ("person", "kontaktperson", "henviser", "fulde navn")),
    ("title", "Stilling", ("titel", "funktion", "rolle")),
    ("email", "E-mail", ("mail", "mailadresse", "e-mailadresse", "e-post")),
    ("phone", "Telefon", ("tlf", "tlf nr", "telefonnummer", "mobil", "mobilnummer")),
    ("is_key_person", "Nøgleperson", ("fast kontakt",)),
    ("is_ambassador", "Ambassadør", ()),
    ("is_leader", "Leder", ("ledelse", "chef")),
    ("onboarded_on", "Introduceret den", ("introduceret",)),
    ("tried_activity_on", "Har prøvet den", ("har prøvet", "prøvet", "har selv prøvet")),
)
LABELS = {name: label for name, label, _others in COLUMNS}
TEMPLATE_HEADER = list(LABELS.values())
TEMPLATE_GUIDANCE = [
    "Skriv én person på hver linje på arket “Partnere”. Behold overskrifterne.",
    "Organisation skal være der. Et sted uden en person er også i orden: lad navnet stå tomt.",
    "Flere personer samme sted: skriv stedets navn ens på hver linje.",
    f"Slags: {', '.join(str(label) for label in OrganisationKind.labels)}. Tomt: vi gætter af navnet.",
    "Nøgleperson, Ambassadør og Leder: ja eller nej. Tomt betyder nej.",
    "Introduceret den og Har prøvet den: dag, måned og år, for eksempel 05.11.2026.",
    "Skriv aldrig CPR-numre. En liste med CPR-numre bliver afvist.",
]
_MEANINGS = {key_of(word): name for name, label, others in COLUMNS for word in (label, *others)}
_PLAIN = {
    "organisation": PlainTextField(max_length=150, required_message="Skriv stedets navn"),
    "name": PlainTextField(max_length=150, required=False),
    "title": PlainTextField(max_length=100, required=False),
}
_YES, _NO = {"ja", "j", "x", "1", "yes", "sand"}, {"", "nej", "n", "0", "no", "falsk"}
_KINDS = {key_of(str(kind.label)): kind for kind in OrganisationKind} | {
    key_of(word): kind
    for kind, words in {
        OrganisationKind.GP: ("læge", "lægepraksis", "lægehus", "praktiserende læge"),
        OrganisationKind.PSYCHOLOGIST: ("psykolog", "behandler"),
        OrganisationKind.ASSOCIATION: ("forening", "frivillig", "frivilligt tilbud"),
        OrganisationKind.UNION: ("a-kasse",),
        OrganisationKind.EDUCATION: ("skole", "uddannelse"),
        OrganisationKind.MUNICIPALITY: ("kommune", "kommunen", "afdeling"),
    }.items()
    for word in words
}


@dataclass(frozen=True)
class ReadPartners:
    """What a file says: each heading with what we take it for, and every line, or the faults."""

    columns: tuple[tuple[str, str], ...] = ()
    listed: tuple[ListedPartner, ...] = ()
    faults: tuple[LineFault, ...] = ()


class PartnerImportForm(ListFileForm):
    """The file."""

    largest = _("CSV eller XLSX, højst 2 MB og 1.000 linjer.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("file", mark_optional=False)


def read_partners(content: bytes) -> ReadPartners:
    """Return the lines of a list of partners, or each fault with its line; a fault leaves no lines."""
    try:
        table = read_table(content)
    except UnreadableTable as error:
        return ReadPartners(faults=(LineFault(error.line, "", str(error.fault.label)),))
    columns = tuple((header, LABELS.get(_meaning(header), "")) for header in table.header)
    if faults := _faults_of_header(table):
        return ReadPartners(columns, faults=tuple(faults))
    reader = _LineReader(table.header)
    listed = [reader.read(row) for row in table.rows]
    if faults := sorted([*reader.faults, *faults_of_ragged(table)]):
        return ReadPartners(columns, faults=tuple(faults))
    return ReadPartners(columns, listed=tuple(reader.settled(one) for one in listed if one is not None))


def _meaning(header: str) -> str:
    return _MEANINGS.get(key_of(header), "")


def _faults_of_header(table: Table) -> list[LineFault]:
    for header in table.header:
        if key_of(header) in CPR_COLUMNS:
            return [LineFault(1, header, "Slet kolonnen. Vi må ikke modtage CPR-numre")]
    if "organisation" not in {_meaning(header) for header in table.header}:
        return [LineFault(1, "", "Skriv “Organisation” som overskrift over stedernes navne")]
    if len(table.rows) > MOST_LINES:
        return [LineFault(0, "", "Der er mere end 1.000 linjer i filen. Del den i flere filer")]
    return []


class _LineReader:
    """Reads lines under one header, and gathers what is wrong with them."""

    def __init__(self, header: tuple[str, ...]) -> None:
        self.faults: list[LineFault] = []
        self._header = header
        self._meanings = [_meaning(name) for name in header]
        self._kinds: dict[str, tuple[int, OrganisationKind]] = {}
        self._names: dict[str, tuple[int, str]] = {}

    def read(self, row: Row) -> ListedPartner | None:
        """Return what the line says, None where something is wrong with it."""
        already, texts = len(self.faults), dict[str, str]()
        for header, meaning, cell in zip(self._header, self._meanings, row.cells, strict=True):
            text = cell_text(cell)
            if looks_like_cpr(text):
                self.faults.append(LineFault(row.line, header, str(CPR_MESSAGE)))
            elif meaning and text and not texts.get(meaning):
                texts[meaning] = text
        said = {name: self._value(row.line, name, texts.get(name, "")) for name in LABELS if name != "kind"}
        if len(self.faults) == already:
            said["kind"] = self._kind(row.line, said["organisation"], texts.get("kind", ""))
            self._check_person(row.line, said)
        return None if len(self.faults) > already else ListedPartner(line=row.line, **said)

    def settled(self, listed: ListedPartner) -> ListedPartner:
        """Return the line with the kind that any line says its place is of."""
        said = self._kinds.get(name_key(listed.organisation))
        return replace(listed, kind=said[1]) if said else listed

    def _value(self, line: int, name: str, text: str) -> Any:
        try:
            if name in _PLAIN:
                return _PLAIN[name].clean(text)
            if name.startswith("is_"):
                return _yes(text)
            return cleaned("received_on" if name.endswith("_on") else name, text)
        except ValidationError as error:
            self._fault(line, name, error.messages[0], text)
            return None

    def _kind(self, line: int, organisation: str, text: str) -> OrganisationKind | None:
        """Return the kind of the place: as it is called, as higher up, or by its name."""
        key = name_key(organisation)
        above = self._kinds.get(key)
        if not text:
            return above[1] if above else PROFESSIONALS.get(kind_of(organisation, ""), OrganisationKind.OTHER)
        kind = _KINDS.get(key_of(text))
        if kind is None:
            self._fault(line, "kind", f"Skriv en af: {', '.join(map(str, OrganisationKind.labels))}", text)
        elif above and above[1] != kind:
            self._fault(line, "kind", f"Stedet er af en anden slags på linje {above[0]}. Ret den ene", text)
        else:
            self._kinds[key] = (line, kind)
        return kind

    def _check_person(self, line: int, said: dict[str, Any]) -> None:
        name, email = said["name"], said["email"]
        rest = [label for field, label in LABELS.items() if field not in ("organisation", "kind", "name")]
        given = [label for field, label in LABELS.items() if label in rest and said.get(field)]
        if not name and given:
            self._fault(line, "name", f"Skriv navnet, eller slet {given[0]}")
        if not email:
            return
        above = self._names.setdefault(email.casefold(), (line, name))
        if name_key(above[1]) != name_key(name):
            self._fault(line, "email", f"En anden har samme e-mail på linje {above[0]}. Ret den ene", email)

    def _fault(self, line: int, name: str, text: str, shown: str = "") -> None:
        self.faults.append(LineFault(line, LABELS[name], text, in_short(shown)))


def _yes(text: str) -> bool:
    word = text.casefold().strip(" .")
    if word not in _YES | _NO:
        raise ValidationError("Skriv ja eller nej")
    return word in _YES
