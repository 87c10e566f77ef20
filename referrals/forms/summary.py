"""What was answered, as it is read back: before sending, and where a held arrival is judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.phones import format_phone
from outreach.enums import OrganisationKind
from referrals.enums import HeardAbout
from referrals.forms.kinds import FormKind
from referrals.services import Answers

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

TICKS = ("agreed", "feedback_allowed", "later_contact")
PHONES = ("phone", "referrer_phone")


@dataclass(frozen=True)
class SummarySection:
    """One section of the form with its answers as (label, value); "" where nothing was answered."""

    legend: "Text"
    rows: "list[tuple[Text, str]]"


def summary_of(spec: FormKind, answers: Answers) -> list[SummarySection]:
    """Return the answers in the sections and the words of the form they were given in."""
    said = dict(_said(answers))
    return [
        SummarySection(
            section.legend,
            [(spec.wording[name].label, _shown(spec, name, said.get(name))) for name in section.names],
        )
        for section in spec.sections
    ]


def _said(answers: Answers) -> Iterator[tuple[str, Any]]:
    """Yield every answer under the name of its field."""
    yield from vars(answers).items()
    if answers.referrer is not None:
        for name, value in vars(answers.referrer).items():
            yield (name if name == "organisation_kind" else f"referrer_{name}"), value


def _shown(spec: FormKind, name: str, value: Any) -> str:
    if name in TICKS:
        return _("Ja") if value else _("Nej")
    if not value:
        return ""
    if name in PHONES:
        return format_phone(value)
    if name == "criteria_met":
        read = dict(spec.criteria)
        return "\n".join(str(read.get(kept, kept)) for kept in value)
    if name == "heard_about":
        return str(HeardAbout(value).label)
    if name == "organisation_kind":
        return str(OrganisationKind(value).label)
    return str(value)
