"""The administrator's form for what a programme decides of one referral form."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.forms import FreeTextField
from core.layout import Section, form_helper
from referrals.enums import ReferralKind
from referrals.form_content import LANGUAGES, SOURCE_LANGUAGE, TEXTS, FormContent, Texts, form_content
from referrals.forms.folding import FoldedSection
from referrals.forms.kinds import FormKind
from referrals.services import ShownForm

LABELS = {
    "lead": _("Indledning"),
    "target_group": _("Målgruppe"),
    "criteria": _("Kriterier"),
    "procedure": _("Det sker der bagefter"),
    "information_text": _("Sådan behandler vi oplysningerne"),
}
HINTS = {
    "criteria": _("Ét kriterium på hver linje."),
    "procedure": _("Ét trin på hver linje."),
}
LONGEST = {"lead": 300, "target_group": 1000, "criteria": 2000, "procedure": 2000, "information_text": 5000}
ROWS = {"lead": 2, "target_group": 3, "criteria": 5, "procedure": 5, "information_text": 6}
# Ticks beyond these are no longer read, and a form shall take two minutes.
MOST_CRITERIA = 12
OTHER_LANGUAGES = tuple(language for language in LANGUAGES if language != SOURCE_LANGUAGE)


class FormContentForm(forms.Form):
    """Open or closed, the texts, and which optional questions are asked; an empty text is the programme's."""

    TWICE = _("Skriv hvert kriterium én gang. Det her står der to gange: %(criterion)s")
    TOO_MANY = _("Skriv højst %(most)d kriterier. Der er %(count)d.")
    UNEQUAL = _("Skriv lige så mange kriterier på engelsk som på dansk, i samme rækkefølge.")

    is_open = forms.BooleanField(
        label=_("Formularen er åben"),
        help_text=_("En lukket formular står ikke, hvor man vælger, og dens adresse viser andre veje."),
        required=False,
    )
    asked = forms.MultipleChoiceField(
        label=_("Spørg om"),
        help_text=_("Navn, kontakt, aftale og det, der skal udfyldes, er altid med."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, spec: FormKind, shown: ShownForm, inherited: FormContent) -> None:
        super().__init__(data, initial=_initial(spec, shown))
        self.spec = spec
        self.fields["asked"].choices = [(n, spec.wording[n].label) for n in spec.optional_names]  # type: ignore[attr-defined]
        for language in LANGUAGES:
            for name in TEXTS:
                self.fields[_field(name, language)] = self._text(name, language, inherited)

    def _text(self, name: str, language: str, inherited: FormContent) -> FreeTextField:
        text = inherited.shown[language][name] if language in inherited.shown else ""
        danish = language == SOURCE_LANGUAGE
        field = FreeTextField(
            label=LABELS[name] if danish else _("%(text)s på engelsk") % {"text": LABELS[name]},
            help_text=HINTS.get(name, ""),
            required=False,
            max_length=LONGEST[name],
            rows=ROWS[name],
        )
        field.widget.attrs["placeholder"] = text or self._built_in(name)
        return field

    def _built_in(self, name: str) -> str:
        """Return what stands where neither the form nor the programme has a text."""
        if name == "lead":
            return str(self.spec.lead)
        return "\n".join(map(str, self.spec.procedure)) if name == "procedure" else ""

    @property
    def helper(self) -> FormHelper:
        """The layout; the other language lies in a fold until something is written or wrong there."""
        sections = [Section(str(_("Åben eller lukket")), "is_open")]
        hint = str(_("Lad et felt stå tomt for at vise programmets egen tekst. Den står med gråt."))
        sections.append(Section(str(_("Tekster")), *TEXTS, hint=hint))
        if self.spec.optional_names:
            sections.append(Section(str(_("Spørgsmål")), "asked"))
        for language in OTHER_LANGUAGES:
            names = [_field(name, language) for name in TEXTS]
            hint = str(_("Lad et felt stå tomt for at vise den danske tekst eller programmets egen."))
            section = Section(str(_("Tekster på engelsk")), *names)
            is_open = any(self[name].value() or self[name].errors for name in names)
            sections.append(
                FoldedSection(section, fold=str(_("Skriv på engelsk")), line=hint, is_open=is_open)
            )
        return form_helper(*sections, mark_optional=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        danish = _lines(cleaned.get("criteria"))
        for language in LANGUAGES:
            name = _field("criteria", language)
            lines = _lines(cleaned.get(name))
            twice = next((line for line in lines if lines.count(line) > 1), None)
            if twice is not None:
                self.add_error(name, self.TWICE % {"criterion": twice})
            elif len(lines) > MOST_CRITERIA:
                self.add_error(name, self.TOO_MANY % {"most": MOST_CRITERIA, "count": len(lines)})
            elif language != SOURCE_LANGUAGE and lines and len(lines) != len(danish):
                self.add_error(name, self.UNEQUAL)
        return cleaned

    def hidden_answers(self) -> list[SafeString]:
        """Return every field with what was typed in it, as hidden fields."""
        return [field.as_hidden() for field in self]

    def own_texts(self) -> dict[str, Texts]:
        """Return what was written, by language and text."""
        return {
            language: {name: self.cleaned_data[_field(name, language)] for name in TEXTS}
            for language in LANGUAGES
        }

    def left_out(self) -> list[str]:
        """Return the optional questions without a tick."""
        return [name for name in self.spec.optional_names if name not in self.cleaned_data["asked"]]

    def content(self, programme: Any) -> FormContent:
        """Return the content that publishing would give."""
        return form_content(
            programme,
            ReferralKind(self.spec.kind),
            is_open=self.cleaned_data["is_open"],
            own=self.own_texts(),
            left_out=self.left_out(),
        )


def _initial(spec: FormKind, shown: ShownForm) -> dict[str, Any]:
    content = shown.content
    texts = {
        _field(name, language): content.own.get(language, {}).get(name, "")
        for language in LANGUAGES
        for name in TEXTS
    }
    asked = [name for name in spec.optional_names if name not in content.left_out]
    return {**texts, "is_open": content.is_open, "asked": asked, "based_on": shown.number}


def _field(name: str, language: str) -> str:
    return name if language == SOURCE_LANGUAGE else f"{name}_{language}"


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
