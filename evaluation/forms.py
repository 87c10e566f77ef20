"""The questionnaire as a person fills it in, and as the coordinator types it in or explains its absence."""

import datetime as dt
from typing import Any

from crispy_forms.layout import Div, Field, LayoutObject
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.forms import DanishDateField, FreeTextField
from core.layout import Section, SideBySide, form_helper
from evaluation.enums import MissingReasonKind, Mode
from evaluation.instruments import Instrument, self_rated_health, who5
from evaluation.models import WHO5_ITEMS, Response

CHOOSE_AN_ANSWER = _("Vælg et af svarene.")
HEALTH = "self_rated_health"
QUESTIONS = (*WHO5_ITEMS, HEALTH)
SHOWN_IN = "shown_in"  # the language in which the questions stood before the person
SEND_ANYWAY = "send_anyway"  # the button that says: the blanks are meant


class QuestionnaireForm(forms.Form):
    """WHO-5, self-rated health and a word on the day; nothing is preselected and nothing is required."""

    comment = FreeTextField(
        label=_("Er der noget ved i dag, vi skal vide?"),
        help_text=_(
            "For eksempel, hvis det er en usædvanlig god eller dårlig dag. Du kan også springe over."
        ),
        required=False,
        max_length=1000,
        rows=3,
    )

    def __init__(self, *args: Any, language: str = "da", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        self.wellbeing = who5(language)
        self.health = self_rated_health(language)
        for name, question in zip(WHO5_ITEMS, self.wellbeing.items, strict=True):
            self.fields[name] = _question(question, self.wellbeing)
        self.fields[HEALTH] = _question(self.health.items[0], self.health)
        self.order_fields([*QUESTIONS, "comment"])
        self.helper = form_helper(*self.sections(), mark_optional=False)

    def sections(self) -> list[LayoutObject | str]:
        """Return the parts of the page in order."""
        return [
            Section(
                self.wellbeing.stem,
                *[Field(name, wrapper_class="choice-cards") for name in WHO5_ITEMS],
                hint=self.wellbeing.instruction,
                css_class="who5",
                **_instrument(self.wellbeing),
            ),
            Section(
                str(_("Dit helbred")),
                Div(Field(HEALTH, wrapper_class="choice-cards"), **_instrument(self.health)),
            ),
            Section(str(_("I dag")), "comment"),
        ]

    @classmethod
    def with_typed(cls, typed: QueryDict, *, language: str) -> "QuestionnaireForm":
        """Return the form in `language` with the answers as they stood; nothing in it is called wrong."""
        form = cls(language=language)
        for name, field in form.fields.items():
            form.initial[name] = field.widget.value_from_datadict(typed, {}, name)
        return form

    def is_ready(self) -> bool:
        """Whether the answers can be kept: all there, or some, and the blanks are meant."""
        if not self.is_valid() or self.nothing_answered:
            return False
        return not self.unanswered or SEND_ANYWAY in self.data

    @property
    def unanswered(self) -> list[forms.BoundField]:
        """The questions left blank on a valid form, in order; 0 is an answer."""
        if not self.is_bound or self.errors:
            return []
        return [self[name] for name in QUESTIONS if self.cleaned_data[name] is None]

    @property
    def nothing_answered(self) -> bool:
        return len(self.unanswered) == len(QUESTIONS)

    def answers(self) -> dict[str, Any]:
        """Return what the services take, of a valid form."""
        return {
            "items": tuple(self.cleaned_data[name] for name in WHO5_ITEMS),
            "self_rated_health": self.cleaned_data[HEALTH],
            "comment": self.cleaned_data["comment"],
            "language": self.language,
        }


class MeasureEntryForm(QuestionnaireForm):
    """A questionnaire on paper or asked in a conversation, as the coordinator types it in."""

    mode = forms.ChoiceField(
        label=_("Hvordan er skemaet besvaret?"),
        choices=[(Mode.PAPER.value, Mode.PAPER.label), (Mode.INTERVIEW.value, Mode.INTERVIEW.label)],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Vælg, hvordan skemaet er besvaret."),
            "invalid_choice": CHOOSE_AN_ANSWER,
        },
    )
    answered_on = DanishDateField(
        label=_("Hvilken dag er det besvaret?"),
        help_text=_("For eksempel 05.11.2026"),
        required_message=_("Skriv den dag, skemaet er besvaret, for eksempel 05.11.2026."),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["comment"].label = _("Er der noget om dagen, vi skal huske?")
        self.fields["comment"].help_text = _("For eksempel, at det var en usædvanlig god eller dårlig dag.")
        self.order_fields(["mode", "answered_on", *QUESTIONS, "comment"])

    def sections(self) -> list[LayoutObject | str]:
        return [
            SideBySide("mode", "answered_on"),
            Section(
                self.wellbeing.stem,
                *[Field(name, wrapper_class="choice-line") for name in WHO5_ITEMS],
                css_class="who5",
            ),
            Section("Helbred", Field(HEALTH, wrapper_class="choice-line")),
            Section("Om dagen", "comment"),
        ]

    def clean_answered_on(self) -> dt.date:
        answered_on: dt.date = self.cleaned_data["answered_on"]
        if answered_on > self.today:
            raise ValidationError(_("Datoen ligger ude i fremtiden. Skriv den dag, skemaet er besvaret."))
        return answered_on

    def answers(self) -> dict[str, Any]:
        return super().answers() | {
            "mode": Mode(self.cleaned_data["mode"]),
            "answered_on": self.cleaned_data["answered_on"],
        }


class MissingReasonForm(forms.Form):
    """Why a measure did not come."""

    reason = forms.ChoiceField(
        label=_("Hvorfor mangler målingen?"),
        choices=[("", _("Vælg en grund")), *MissingReasonKind.choices],
        error_messages={
            "required": _("Vælg, hvorfor målingen mangler."),
            "invalid_choice": _("Vælg en af grundene på listen."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("reason")


def entered_answers(response: Response) -> dict[str, Any]:
    """Return an incomplete response as the form's initial values, so that only the blanks are left."""
    stored = {name: getattr(response, name) for name in (*QUESTIONS, "comment")}
    mode = response.mode if response.mode != Mode.OWN_PHONE else None
    return stored | {"mode": mode, "answered_on": response.answered_on}


def _instrument(instrument: Instrument) -> dict[str, str]:
    """Return the attributes of a part of the page that holds an instrument's own words."""
    attributes = {"data_instrument": instrument.name}
    if instrument.language != get_language():
        attributes |= {"lang": instrument.language, "dir": "ltr"}
    return attributes


def _question(question: str, instrument: Instrument) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=question,
        choices=instrument.choices,
        widget=forms.RadioSelect,
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": CHOOSE_AN_ANSWER},
    )
