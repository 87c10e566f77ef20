"""The coordinator's forms about ways out and activities."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DanishDateField, FreeTextField, PlainTextField
from core.layout import Section, SideBySide, form_helper
from outreach.enums import ActivityKind, ActivityState, Arena, Strategy
from outreach.models import Activity, Channel, Organisation, Referrer

MOST_MINUTES = 24 * 60
MOST_PEOPLE = 100_000
MOST_KRONER = 1_000_000


class WholeNumberField(forms.IntegerField):
    """A whole number from `least` to `most`, with one sentence for whatever is wrong."""

    def __init__(self, *, most: int, message: Any, least: int = 0, **kwargs: Any) -> None:
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), message)
        super().__init__(min_value=least, max_value=most, error_messages=messages, **kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")


class ChannelForm(forms.Form):
    """A way out: where, how, and who holds it."""

    name = PlainTextField(
        label=_("Navn"), max_length=150, required_message=_("Skriv et navn, for eksempel: Beboerbladet.")
    )
    arena = forms.ChoiceField(
        label=_("Arena"),
        choices=[("", _("Vælg arena")), *Arena.choices],
        error_messages={"required": _("Vælg, hvor kanalen findes.")},
    )
    strategy = forms.ChoiceField(
        label=_("Strategi"),
        choices=[("", _("Vælg strategi")), *Strategy.choices],
        error_messages={"required": _("Vælg, hvordan kanalen når folk.")},
    )
    is_active = forms.BooleanField(label=_("I brug"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Referrer.objects.filter(left_on=None).by_name()
        self.fields["organisation"] = forms.ModelChoiceField(
            label=_("Organisation, der holder kanalen"),
            queryset=Organisation.objects.order_by("name_key", "pk"),
            required=False,
            empty_label=_("Ingen endnu"),
            error_messages={"invalid_choice": _("Vælg en organisation på listen.")},
        )
        self.fields["referrer"] = forms.ModelChoiceField(
            label=_("Person, der holder kanalen"),
            queryset=people,
            required=False,
            empty_label=_("Ingen endnu"),
            error_messages={"invalid_choice": _("Vælg en person på listen.")},
        )
        self.helper = form_helper(
            Section(str(_("Kanalen")), "name", "arena", "strategy", "is_active"),
            Section(str(_("Hvem holder den for jer?")), "organisation", "referrer"),
        )


class ActivityForm(forms.Form):
    """Something to do to find people; once done, also what came of it there and then."""

    title = PlainTextField(
        label=_("Hvad?"),
        max_length=150,
        help_text=_("For eksempel: Oplæg på teammøde i Jobcenter Syd"),
        required_message=_("Skriv, hvad du vil gøre, for eksempel: Oplæg på teammøde."),
    )
    kind = forms.ChoiceField(
        label=_("Slags"),
        choices=[("", _("Vælg slags")), *ActivityKind.choices],
        error_messages={"required": _("Vælg, hvilken slags aktivitet det er.")},
    )
    planned_on = DanishDateField(
        label=_("Hvornår?"),
        help_text=_("For eksempel 05.11.2026"),
        required_message=_("Skriv datoen, for eksempel 05.11.2026."),
    )
    place = PlainTextField(label=_("Hvor?"), max_length=150, required=False)
    minutes = WholeNumberField(
        label=_("Minutter"),
        most=MOST_MINUTES,
        message=_("Skriv minutterne som et helt tal, højst 1440."),
        required=False,
        help_text=_("Med vej og forberedelse. Tomt felt: det sædvanlige for slagsen."),
    )
    people_reached = WholeNumberField(
        label=_("Mennesker, du mødte"),
        most=MOST_PEOPLE,
        message=_("Skriv, hvor mange du mødte, som et helt tal."),
        required=False,
    )
    cost = WholeNumberField(
        label=_("Udgift i kroner"),
        most=MOST_KRONER,
        message=_("Skriv udgiften i hele kroner, for eksempel 250."),
        required=False,
    )
    with_leader = forms.BooleanField(label=_("Ledelsen er med"), required=False)
    note = FreeTextField(
        label=_("Note"), required=False, max_length=1000, help_text=_("Skriv ikke om borgere her.")
    )

    def __init__(self, *args: Any, activity: Activity | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ModelChoiceField(
            label=_("Organisation"),
            queryset=Organisation.objects.order_by("name_key", "pk"),
            required=False,
            empty_label=_("Ingen bestemt"),
            error_messages={"invalid_choice": _("Vælg en organisation på listen.")},
        )
        self.fields["channel"] = forms.ModelChoiceField(
            label=_("Kanal"),
            queryset=Channel.objects.by_arena(),
            required=False,
            empty_label=_("Ingen bestemt"),
            error_messages={"invalid_choice": _("Vælg en kanal på listen.")},
        )
        plan = Section(
            str(_("Planen")),
            "title",
            SideBySide("kind", "planned_on"),
            "place",
            SideBySide("organisation", "channel"),
            "with_leader",
            "minutes",
        )
        after = Section(str(_("Bagefter")), SideBySide("people_reached", "cost"), "note")
        if activity is None or activity.state == ActivityState.PLANNED:
            for name in ("people_reached", "cost"):
                del self.fields[name]
            after = Section(str(_("Note")), "note")
        self.helper = form_helper(plan, after)
