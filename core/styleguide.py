"""`/stil/`: each component in each state, for those who build pages. Shown in the demonstration only."""

from datetime import timedelta
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from core.access import public
from core.layout import Section, SideBySide, form_helper

_LONG = (
    "Kulturmedarbejderkoordineringsudvalget i Rudersdal-Høje-Taastrup Kommune inviterer til "
    "sundhedsfremmende fællesskabsaktiviteter for langtidssygemeldte borgere"
)
_SOURCES = [("jobcentre", "Jobcenteret"), ("gp", "Egen læge"), ("other", "En anden fagperson")]
_DAYS = [("mon", "Mandag formiddag"), ("wed", "Onsdag formiddag"), ("fri", "Fredag formiddag")]


class SampleForm(forms.Form):
    """One field of each kind."""

    first_name = forms.CharField(
        label="Fornavn", max_length=60, error_messages={"required": "Skriv dit fornavn"}
    )
    postcode = forms.CharField(
        label="Postnummer", max_length=4, error_messages={"required": "Skriv fire cifre"}
    )
    phone = forms.CharField(
        label="Telefonnummer",
        help_text="For eksempel 20 12 34 56",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": "Skriv dit telefonnummer, så vi kan ringe til dig"},
    )
    email = forms.EmailField(
        label="E-mail", required=False, error_messages={"invalid": "Skriv e-mailen som navn@eksempel.dk"}
    )
    born_on = forms.DateField(
        label="Startdato",
        help_text="For eksempel 05.11.2026",
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"inputmode": "numeric"}),
        error_messages={"required": "Skriv datoen"},
    )
    seats = forms.IntegerField(label="Antal pladser", min_value=1, required=False)
    venue = forms.ChoiceField(
        label="Mødested",
        choices=[("", "Vælg et sted"), ("library", "Biblioteket"), ("museum", "Museet")],
        error_messages={"required": "Vælg et mødested"},
    )
    source = forms.ChoiceField(
        label="Hvem henviser?",
        choices=_SOURCES,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvem der henviser"},
    )
    days = forms.MultipleChoiceField(
        label="Hvilke dage kan du?",
        help_text="Sæt gerne flere kryds.",
        choices=_DAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Sæt mindst ét kryds"},
    )
    reason = forms.CharField(
        label="Hvad vil du gerne have ud af det?",
        help_text="Skriv ikke CPR-nummer eller helbredsoplysninger om andre.",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    agreed = forms.BooleanField(
        label="Personen har sagt ja til at blive henvist",
        help_text="Vi gemmer datoen for jeres aftale.",
        error_messages={"required": "Sæt kryds, når I har talt om henvisningen"},
    )

    def __init__(self, *args: Any, disabled: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.disabled = disabled
        self.helper = form_helper(
            Section("Om dig", SideBySide("first_name", "postcode"), SideBySide("phone", "email")),
            Section("Om forløbet", "born_on", "seats", "venue", hint="Du kan altid ændre det senere."),
            Section("Valg", "source", "days", "reason", "agreed"),
        )


class CardChoiceForm(forms.Form):
    """A question with large targets, as questionnaires on a phone want it."""

    answer = forms.ChoiceField(
        label="I de sidste 2 uger har jeg været glad og i godt humør",
        choices=[("5", "Hele tiden"), ("3", "Lidt mere end halvdelen af tiden"), ("0", "På intet tidspunkt")],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(Field("answer", wrapper_class="choice-cards"))


class FilterForm(forms.Form):
    """A search above a list."""

    search = forms.CharField(label="Navn eller telefon", required=False, max_length=40)
    venue = forms.ChoiceField(
        label="Mødested", required=False, choices=[("", "Alle"), ("library", "Biblioteket")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(mark_optional=False)


@public("Shown in the demonstration only; tells nothing but how parts look.", in_danish=True)
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the components, or nothing at all outside the demonstration."""
    if not settings.DEMO:
        raise Http404
    return render(request, "styleguide/styleguide.html", _samples(request))


def _samples(request: HttpRequest) -> dict[str, Any]:
    filled = {
        "first_name": "Søren Åge Ærø",
        "postcode": "5700",
        "phone": "20 12 34 56",
        "email": "soeren@example.org",
        "born_on": "05.11.2026",
        "seats": 12,
        "venue": "museum",
        "source": "gp",
        "days": ["mon", "fri"],
        "reason": "Jeg vil gerne ud blandt andre mennesker igen.",
        "agreed": True,
    }
    now = timezone.now()
    return {
        "empty_form": SampleForm(prefix="empty"),
        "filled_form": SampleForm(prefix="filled", initial=filled),
        "faulty_form": SampleForm({"faulty-email": "soeren"}, prefix="faulty"),
        "disabled_form": SampleForm(prefix="disabled", initial=filled, disabled=True),
        "card_form": CardChoiceForm(prefix="card", initial={"answer": "3"}),
        "filter_form": FilterForm(prefix="filter"),
        "page": Paginator(range(240), 20).get_page(request.GET.get("page", "5")),
        "last_page": Paginator(range(45), 20).get_page(3),
        "long": _LONG,
        "badge": ("success", "Åbent"),
        "kinds": ("neutral", "info", "success", "warning", "error"),
        "alert_kinds": ("info", "success", "warning", "error"),
        "steps": [
            {"label": "Modtaget", "state": "done", "note": "02.11.2026"},
            {"label": "Kontaktes", "state": "done", "note": "04.11.2026"},
            {"label": "Samtale", "state": "current"},
            {"label": "Klar", "state": "todo"},
            {"label": "På hold", "state": "todo"},
        ],
        "faulty_steps": [
            {"label": "Dine oplysninger", "state": "done", "url": "#steps"},
            {"label": "Aftale", "state": "error", "note": "Mangler et kryds", "url": "#steps"},
            {"label": "Se efter og send", "state": "current"},
        ],
        "facts": [
            ("Navn", "Søren Åge Ærø", "#facts"),
            ("Telefon", "20 12 34 56", "#facts"),
            ("Besked", "Ring helst om formiddagen.\nJeg er på arbejde fra kl. 12.", "#facts"),
            ("E-mail", "", "#facts"),
            ("Organisation", _LONG),
        ],
        "history": [
            {
                "at": now,
                "who": "Karen Koordinator",
                "what": "Ringede, men fik ikke fat",
                "note": "Prøv efter kl. 14.",
            },
            {"at": now - timedelta(days=1), "who": "", "what": "Kvittering sendt med e-mail", "note": ""},
            {
                "at": now - timedelta(days=2),
                "who": "Jobcenteret",
                "what": "Henvisning modtaget",
                "note": _LONG,
            },
        ],
        "drawing": _drawing(),
        "drawing_headers": ["Kilde", "Henviste", "Startede"],
        "drawing_rows": [["Jobcenteret", 24, 11], ["Egen læge", 9, 6], ["Selv", 15, 12]],
    }


def _drawing() -> SafeString:
    """Return a small picture, only to show how a figure is framed."""
    bars = "".join(
        f'<rect x="0" y="{row * 36}" width="{width}" height="24" fill="#1c5a52"/>'
        for row, width in enumerate((480, 180, 300))
    )
    return mark_safe(  # noqa: S308 - numbers of our own
        '<svg viewBox="0 0 600 100" width="600" height="100" role="img" '
        f'aria-label="Henviste efter kilde">{bars}</svg>'
    )
