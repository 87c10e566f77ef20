"""What a form people arrive by is made of: words, sections, and the form itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.enums import OrganisationKind
from referrals.enums import HeardAbout, Intake, ReferralKind

if TYPE_CHECKING:  # a text that may be translated when it is shown
    from django.utils.functional import _StrOrPromise as Text


@dataclass(frozen=True)
class Wording:
    """How one field is asked: its label, a hint, and what to do when a required one is left empty.

    `required` is said by `missing` being there.
    """

    label: "Text"
    hint: "Text" = ""
    missing: "Text" = ""
    autocomplete: str = "off"


@dataclass(frozen=True)
class SectionSpec:
    """A group of questions; a tuple of names within `rows` stands on one line where there is room."""

    legend: "Text"
    rows: tuple[str | tuple[str, ...], ...]
    hint: "Text" = ""

    @property
    def names(self) -> tuple[str, ...]:
        flat: list[str] = []
        for row in self.rows:
            flat += [row] if isinstance(row, str) else row
        return tuple(flat)


@dataclass(frozen=True)
class FormKind:
    """One form: its address, its headings and its questions."""

    kind: ReferralKind
    path: str
    heading: "Text"
    lead: "Text"
    send: "Text"
    no_contact: "Text"
    sections: tuple[SectionSpec, ...]
    wording: Mapping[str, Wording]
    heard_about: tuple[HeardAbout, ...] = ()
    # How the kind stands on the page where one chooses, and which partners belong to it.
    choice: "Text" = ""
    choice_hint: "Text" = ""
    organisation_kind: OrganisationKind | None = None
    # What the coordinator's own form lets choose between.
    intakes: tuple[Intake, ...] = ()
    kinds: tuple[ReferralKind, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every field of the form, in order."""
        return tuple(name for section in self.sections for name in section.names)

    @property
    def by_professional(self) -> bool:
        return "referrer_name" in self.names
