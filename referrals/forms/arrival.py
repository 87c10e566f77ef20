"""The form people arrive by: every field stands here once, and a `FormKind` says which are asked and how."""

import dataclasses
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from core.languages import language_of_messages
from core.layout import Section, SideBySide, form_helper
from core.spam import TRAPS, SpamGuardMixin
from core.submissions import SubmissionKeyMixin
from outreach.enums import OrganisationKind
from referrals.forms.folding import FoldedSection
from referrals.forms.kinds import FormKind, SectionSpec
from referrals.forms.kinds.fields import make_field
from referrals.services import Answers, ReferrerAnswers

# Who refers, as one line says it.
OWN_DETAILS = ("referrer_name", "referrer_workplace", "referrer_email")
# The fields of a form that are answers about the person, under the same names.
PERSON_ANSWERS = {answer.name for answer in dataclasses.fields(Answers)} - {
    "criteria_met",
    "language",
    "referrer",
}


class PersonForm(SubmissionKeyMixin, forms.Form):
    """One person's arrival as `spec` asks about it; `answers()` is what a service takes."""

    def __init__(self, data: Any = None, *, spec: FormKind, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.spec = spec
        asked = {name: make_field(name, spec.wording[name], spec) for name in spec.names}
        for name in ("phone", "email"):
            asked[name].either_or = True  # type: ignore[attr-defined]  # neither is marked as optional
        self.fields = {**asked, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wrongly_typed = {"phone", "email"} & set(self.errors)
        if not wrongly_typed and not (cleaned.get("phone") or cleaned.get("email")):
            self.add_error("phone", self.spec.no_contact)
        return cleaned

    @property
    def helper(self) -> FormHelper:
        """The layout, made when it is drawn, since an error may bring a question with it."""
        _ = self.errors  # validates, once
        numbered = enumerate(self.spec.sections, start=1)
        return form_helper(*(self.section(section, number) for number, section in numbered))

    def section(self, section: SectionSpec, number: int) -> Section:
        """Return the section with each of its rows; the check page leads back to it by its id."""
        rows = [row if isinstance(row, str) else SideBySide(*row) for row in section.rows]
        return Section(str(section.legend), *rows, hint=str(section.hint), css_id=f"afsnit-{number}")

    def hidden_answers(self) -> list[SafeString]:
        """Return every field with what was typed in it, as hidden fields: a page carries them, no session."""
        return [field.as_hidden() for field in self]

    def answers(self) -> Answers:
        """Return what a valid form said."""
        said = self.cleaned_data
        own = {name: said[name] for name in self.spec.names if name in PERSON_ANSWERS}
        criteria_met = tuple(said.get("criteria_met", ()))
        return Answers(
            **own,
            criteria_met=criteria_met,
            language=language_of_messages(),
            agreement_text=self.spec.agreement_text,
            referrer=self._referrer(),
        )

    def _referrer(self) -> ReferrerAnswers | None:
        said = self.cleaned_data
        name, workplace = said.get("referrer_name", ""), said.get("referrer_workplace", "")
        if not name and not workplace:
            return None
        return ReferrerAnswers(
            name=name,
            title=said.get("referrer_title", ""),
            workplace=workplace,
            organisation_kind=self.organisation_kind(),
            email=said.get("referrer_email", ""),
            phone=said.get("referrer_phone", ""),
        )

    def organisation_kind(self) -> OrganisationKind:
        """Return the kind of place the referrer works at, as the form implies."""
        return self.spec.organisation_kind or OrganisationKind.OTHER


class ArrivalForm(SpamGuardMixin, PersonForm):
    """The public form of a kind, with its traps for robots."""

    # The code of the poster or address that led here: carried by the page, for nothing is kept in a cookie.
    # forms.Field, since a code that was altered must never stop anybody.
    origin = forms.Field(required=False, widget=forms.HiddenInput)
    beside_the_answers = TRAPS | {"origin"}
    names_of_people = ("given_name", "family_name", "referrer_name")

    SAME_PHONE = gettext_lazy(
        "Er det borgerens telefonnummer? Det er det samme som dit eget. Ret det, eller sæt hak herunder"
    )

    HAS_CHANGED = gettext_lazy(
        "Formularen er ændret, siden du åbnede den. Alt, du har skrevet, står her stadig. "
        "Læs det igennem, og send det igen"
    )
    UNKNOWN_VERSION = gettext_lazy(
        "Formularen kom ikke helt frem til os. Alt, du har skrevet, står her stadig. "
        "Læs det igennem, og send det igen"
    )
    CHANGE_OWN = gettext_lazy("Ret dine oplysninger")

    def __init__(self, data: Any = None, *, spec: FormKind, **kwargs: Any) -> None:
        super().__init__(data, spec=spec, **kwargs)
        self.same_phone = False
        self.folds_own = False
        if spec.by_professional:
            words = spec.wording["same_phone_confirmed"]
            self.fields["same_phone_confirmed"] = make_field("same_phone_confirmed", words, spec)

    @classmethod
    def with_typed(cls, typed: QueryDict, *, spec: FormKind, folds_own: bool = False) -> "ArrivalForm":
        """Return the form as it was left, key and all, to be changed; nothing in it is called wrong.

        `folds_own` folds the referrer's own details, where they are filled in: they came by their own link.
        """
        form = cls(spec=spec)
        form.folds_own = folds_own
        for name, field in form.fields.items():
            if name in typed:
                form.initial[name] = field.widget.value_from_datadict(typed, {}, name)
        form.same_phone = bool(form.initial.get("same_phone_confirmed"))
        return form

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.same_phone = bool(cleaned.get("phone")) and cleaned["phone"] == cleaned.get("referrer_phone")
        if self.same_phone and not cleaned.get("same_phone_confirmed"):
            self.add_error("phone", self.SAME_PHONE)
        return cleaned

    def ask_to_be_read(self, why: Any) -> None:
        """Make it invalid: we do not know the version that its page was drawn with."""
        _ = self.errors  # validates first, or the sentence would be forgotten
        self.add_error(None, str(why))

    def section(self, section: SectionSpec, number: int) -> Section:
        """Return the section; the tick for a number typed twice comes with its error.

        What the referrer is known by is folded away, where they came by their own link.
        """
        drawn = super().section(section, number)
        if self.folds_own and "referrer_name" in section.names and self._knows(section):
            line = ", ".join(filter(None, map(self._typed, OWN_DETAILS)))
            return FoldedSection(drawn, fold=str(self.CHANGE_OWN), line=line)
        if self.same_phone and "phone" in section.names:
            place = next(place for place, row in enumerate(section.rows) if "phone" in row)
            drawn.fields.insert(place + 1, "same_phone_confirmed")
        return drawn

    def _knows(self, section: SectionSpec) -> bool:
        """Return whether each required question of the section is answered already."""
        return all(self._typed(name) for name in section.names if self.fields[name].required)

    def _typed(self, name: str) -> str:
        return str(self.initial.get(name) or "").strip()
