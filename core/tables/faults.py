"""Why a table cannot be read, and what to do about it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TableFault(TextChoices):
    """Each with the sentence that says what to do."""

    EMPTY = "empty", _("Filen er tom. Vælg en fil med en overskrift og mindst én person.")
    NO_ROWS = "no_rows", _("Der er kun en overskrift i filen. Skriv mindst én person under den.")
    TOO_LARGE = "too_large", _("Filen fylder mere end 2 MB. Del den i flere filer.")
    TOO_MANY_ROWS = "too_many_rows", _("Der er mere end 5.000 rækker i filen. Del den i flere filer.")
    NOT_A_TABLE = "not_a_table", _("Det er ikke et regneark. Gem listen som CSV eller XLSX, og vælg den fil.")
    OLD_OR_LOCKED_EXCEL = (
        "old_or_locked_excel",
        _("Filen er låst med adgangskode eller fra et gammelt Excel. Gem den som XLSX uden adgangskode."),
    )
    BROKEN_XLSX = "broken_xlsx", _("Regnearket kan ikke åbnes. Åbn det i Excel, gem det igen, og prøv så.")
    TOO_WIDE = (
        "too_wide",
        _("Regnearket er for stort. Kopiér kun listen over i et nyt, tomt regneark, og gem det."),
    )
    UNKNOWN_ENCODING = (
        "unknown_encoding",
        _("Bogstaverne i filen kan ikke læses. Gem den som “CSV UTF-8” eller som XLSX."),
    )
    OPEN_QUOTE = "open_quote", _("Et anførselstegn bliver ikke lukket. Slet det, eller sæt det sidste.")
    STRAY_QUOTE = "stray_quote", _("Et anførselstegn står forkert. Slet det.")
    CELL_TOO_LONG = "cell_too_long", _("Der står mere end 10.000 tegn i et felt. Gør teksten kortere.")


class UnreadableTable(ValueError):
    """The file is no table that can be read; `line` is where, 0 for the file as a whole."""

    def __init__(self, fault: TableFault, *, line: int = 0) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.line = line
