"""What the columns of a waiting list mean, whatever they are called, and what their cells must hold."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.danish import fold
from core.dates import InvalidDate, parse_danish_date
from core.forms import (
    CPR_MESSAGE,
    BirthYearField,
    DanishDateField,
    DanishEmailField,
    FreeTextField,
    PhoneField,
    PlainTextField,
    PostcodeField,
    looks_like_cpr,
)
from referrals.enums import ReferralKind
from referrals.forms.kinds.fields import LONG_TEXT, NAME_LENGTH, SHORT_TEXT, WORKPLACE_LENGTH

FULL_NAME = "full_name"
CPR_COLUMNS = {"cpr", "cprnr", "cprnummer", "personnr", "personnummer"}
# Words in "Henvist af" that say what kind of sender it is; the first that is found counts.
KIND_WORDS = (
    ("jobcenter", ReferralKind.JOBCENTRE),
    ("jobcentret", ReferralKind.JOBCENTRE),
    ("psykolog", ReferralKind.PSYCHOLOGIST),
    ("laege", ReferralKind.GP),
    ("praksis", ReferralKind.GP),
    ("fagforening", ReferralKind.UNION),
    ("a kasse", ReferralKind.UNION),
    ("bolig", ReferralKind.HOUSING),
    ("skole", ReferralKind.EDUCATION),
    ("uddannelse", ReferralKind.EDUCATION),
    ("forening", ReferralKind.ASSOCIATION),
    ("kommune", ReferralKind.MUNICIPALITY),
    ("selv", ReferralKind.SELF),
    ("egen henvendelse", ReferralKind.SELF),
)
ABRIDGED = "Excel har forkortet nummeret. Gør kolonnen til tekst, og skriv nummeret helt ud"
BOTH_NAMES = "Skriv både fornavn og efternavn"

_WHOLE = re.compile(r"(\d+)[.,]0+")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,2})", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"(\d{1,2}[./-]\d{1,2}[./-])(\d{2})")
# A spreadsheet's own mark for "this is text": it is not part of it.
_TEXT_MARK = re.compile(r"'(?=[=@+\-\d])")


@dataclass(frozen=True)
class Column:
    """One thing that a list may say: its name in our template, other names it goes by, and its field."""

    name: str
    label: str
    others: tuple[str, ...]
    field: forms.Field
    prepare: Callable[[str], str] = str


def _digits(text: str) -> str:
    """Return a number as it was before a spreadsheet took it for a quantity: 2,0123456E+07 is 20123456.

    :raises ValidationError: when digits are lost, so that nobody can know it.
    """
    if whole := _WHOLE.fullmatch(text):
        return whole[1]
    if found := _SCIENTIFIC.fullmatch(text):
        decimals, power = found[2] or "", int(found[3])
        if len(decimals) != power:
            raise ValidationError(ABRIDGED, code="abridged")
        return found[1] + decimals
    return text


def _year(text: str) -> str:
    """Return the year of what may be a whole day of birth; the day itself is not wanted."""
    try:
        return str(parse_danish_date(text).year)
    except InvalidDate:
        return _digits(text)


def _postcode(text: str) -> str:
    """Return the postcode of "6700 Esbjerg" or 6700,0."""
    found = re.match(r"(\d{4})\s+\D", text)
    return found[1] if found else _digits(text)


def _day(text: str) -> str:
    """Return a day with all four digits of its year."""
    short = _SHORT_YEAR.fullmatch(text)
    return f"{short[1]}20{short[2]}" if short else text


COLUMNS = (
    Column(
        "given_name",
        "Fornavn",
        ("fornavne", "given name", "first name"),
        PlainTextField(max_length=NAME_LENGTH, required_message="Skriv fornavnet"),
    ),
    Column(
        "family_name",
        "Efternavn",
        ("efternavne", "slægtsnavn", "family name", "last name"),
        PlainTextField(max_length=NAME_LENGTH, required_message="Skriv efternavnet"),
    ),
    Column(
        "phone",
        "Telefon",
        ("tlf", "tlf nr", "telefonnr", "telefonnummer", "mobil", "mobilnr", "mobilnummer", "mobiltelefon",
         "phone"),
        PhoneField(required=False),
        _digits,
    ),
    Column(
        "email",
        "E-mail",
        ("mail", "mailadresse", "e-mailadresse", "e-post"),
        DanishEmailField(required=False),
    ),
    Column(
        "birth_year",
        "Fødselsår",
        ("født", "årgang", "fødselsdato", "fødselsdag", "fødeår"),
        BirthYearField(required=False),
        _year,
    ),
    Column("postcode", "Postnummer", ("postnr", "post nr"), PostcodeField(required=False), _postcode),
    Column(
        "received_on",
        "Modtaget den",
        ("modtaget", "dato", "henvist den", "henvisningsdato", "modtagelsesdato", "tilmeldt", "tilmeldt den",
         "tilmeldingsdato", "skrevet op", "skrevet op den", "opskrevet"),
        DanishDateField(required=False),
        _day,
    ),
    Column(
        "workplace",
        "Henvist af",
        ("henvist fra", "arbejdssted", "organisation", "afdeling", "sted", "kilde"),
        PlainTextField(max_length=WORKPLACE_LENGTH, required=False),
    ),
    Column(
        "referrer_name",
        "Henviser",
        ("henvisers navn", "henviserens navn", "sagsbehandler", "læge", "kontaktperson"),
        PlainTextField(max_length=WORKPLACE_LENGTH, required=False),
    ),
    Column(
        "contact_wishes",
        "Ønsker til kontakt",
        ("kontaktønsker", "ønsker", "ønske"),
        FreeTextField(max_length=SHORT_TEXT, required=False),
    ),
    Column(
        "reason",
        "Bemærkning",
        ("bemærkninger", "note", "noter", "kommentar", "kommentarer", "årsag", "hvorfor", "begrundelse"),
        FreeTextField(max_length=LONG_TEXT, required=False),
    ),
)  # fmt: skip
LABELS = {column.name: column.label for column in COLUMNS} | {FULL_NAME: "Navn"}
FULL_NAME_HEADERS = ("navn", "fulde navn", "borger", "borgerens navn", "deltager", "name")
_BY_NAME = {column.name: column for column in COLUMNS}


def key_of(header: str) -> str:
    """Return a header as it is compared: its letters and digits, æ as ae."""
    return re.sub(r"[^a-z0-9]", "", fold(header))


_MEANINGS = {
    **{key_of(header): FULL_NAME for header in FULL_NAME_HEADERS},
    **{key_of(name): column.name for column in COLUMNS for name in (column.label, *column.others)},
}


def meaning_of(header: str) -> str:
    """Return the name of what a column so called holds, "" where we do not know."""
    return _MEANINGS.get(key_of(header), "")


def cell_text(cell: str) -> str:
    """Return a cell without white space around it and without a spreadsheet's mark for text."""
    return _TEXT_MARK.sub("", cell.strip(), count=1)


def cleaned(name: str, text: str) -> Any:
    """Return what `text` says in the column `name`.

    :raises ValidationError: with a sentence that says what to do.
    """
    if looks_like_cpr(text):
        raise ValidationError(CPR_MESSAGE, code="cpr")
    column = _BY_NAME[name]
    return column.field.clean(column.prepare(text))


def split_name(text: str) -> tuple[str, str]:
    """Return given and family name of "Anna Marie Holm" or "Holm, Anna Marie"; the last word is the family's.

    :raises ValidationError: when there is but one.
    """
    family, comma, given = text.partition(",")
    if not comma:
        given, _, family = " ".join(text.split()).rpartition(" ")
    if not given.strip() or not family.strip():
        raise ValidationError(BOTH_NAMES, code="one_name")
    return given.strip(), family.strip()


def kind_of(workplace: str, referrer_name: str) -> ReferralKind:
    """Return who sent the person, by the words of "Henvist af"; nobody named is the person's own wish."""
    words = f" {fold(workplace)} "
    for word, kind in KIND_WORDS:
        if word in words:
            return kind
    return ReferralKind.OTHER_PROFESSIONAL if workplace or referrer_name else ReferralKind.SELF


def is_future(day: dt.date | None, today: dt.date) -> bool:
    """Say whether somebody is said to have come on a day that is not here yet."""
    return day is not None and day > today
