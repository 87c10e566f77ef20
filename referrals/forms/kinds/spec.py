"""What a form people arrive by is made of: words, sections, and the form itself."""

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.enums import OrganisationKind
from referrals.agreement_texts import CURRENT
from referrals.enums import HeardAbout, Intake, ReferralKind

if TYPE_CHECKING:  # a text that may be translated when it is shown
    from django.utils.functional import _StrOrPromise as Text

# Optional in form only: one of the two ways to reach a person is needed, and the rest are agreements.
ALWAYS_ASKED = frozenset({"phone", "email", "agreed", "feedback_allowed", "later_contact"})


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

    def without(self, names: Collection[str]) -> "SectionSpec":
        """Return the section without the questions of `names`."""
        lines = [(row,) if isinstance(row, str) else row for row in self.rows]
        kept = [tuple(name for name in line if name not in names) for line in lines]
        rows = tuple(line if len(line) > 1 else line[0] for line in kept if line)
        return dataclasses.replace(self, rows=rows)


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
    # What the programme decides (shown.py fills it in): each criterion as (what is kept, what is read).
    is_open: bool = True
    target_group: "Text" = ""
    criteria: tuple[tuple[str, "Text"], ...] = ()
    procedure: tuple["Text", ...] = ()
    information_text: "Text" = ""
    # Which of these texts stand in the language of the page; the others are Danish.
    translated: frozenset[str] = frozenset()
    agreement_text: str = CURRENT
    # Which version of the form it is, as a page carries it.
    token: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every field of the form, in order."""
        return tuple(name for section in self.sections for name in section.names)

    @property
    def optional_names(self) -> tuple[str, ...]:
        """The questions that a programme may leave out, in order."""
        return tuple(n for n in self.names if n not in ALWAYS_ASKED and not self.wording[n].missing)

    def without(self, names: Collection[str]) -> "FormKind":
        """Return the form without the questions of `names`, and without a line or section left empty."""
        sections = [section.without(names) for section in self.sections]
        return dataclasses.replace(self, sections=tuple(section for section in sections if section.rows))

    @property
    def slug(self) -> str:
        """How addresses of the staff name the form; the citizen's own has no path below `/henvis/`."""
        return self.path or "tilmeld"

    @property
    def by_professional(self) -> bool:
        return "referrer_name" in self.names
