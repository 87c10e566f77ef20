"""The coordinator's forms about tracked links and their posters."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import FreeTextField, PlainTextField
from core.layout import form_helper
from outreach.enums import ActivityState, LinkTarget
from outreach.models import Activity, Channel, Organisation
from outreach.posters import Words

HEADLINE_LENGTH = 60
LINE_LENGTH = 90
MOST_LINES = 3
# The mail after a visit, or the poster that is put up next time.
LINKED_AFTERWARDS = dt.timedelta(days=90)
# Set in the smallest letters that are still read from a step away, a longer word would run over the edge.
LONGEST_WORD_OF_HEADLINE = 24
LONGEST_WORD_OF_LINE = 40
ORIGINS = {"organisation": Organisation, "channel": Channel, "activity": Activity}


class LinkEditForm(forms.Form):
    """What a link is called and where it leads."""

    label = PlainTextField(
        label=_("Hvor skal det stå?"),
        max_length=100,
        help_text=_("Kun til dig selv. For eksempel: Plakat i vaskeriet på Stengårdsvej"),
        required_message=_("Skriv, hvor linket skal stå, for eksempel: Plakat i vaskeriet."),
    )
    target = forms.ChoiceField(
        label=_("Hvor skal det føre hen?"),
        choices=LinkTarget.choices,
        initial=LinkTarget.SIGN_UP,
        error_messages={
            "required": _("Vælg, hvor linket skal føre hen."),
            "invalid_choice": _("Vælg et sted på listen."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(*self.fields)


class LinkForm(LinkEditForm):
    """A new link, for one organisation, channel or activity, or for none."""

    origin = forms.ChoiceField(
        label=_("Hvem eller hvad er linket til?"),
        required=False,
        help_text=_("Så kan du se, hvad der virker."),
        error_messages={"invalid_choice": _("Vælg noget på listen.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["origin"].choices = [  # type: ignore[attr-defined]
            ("", _("Ikke til noget bestemt")),
            (_("Organisationer"), _options("organisation", Organisation.objects.order_by("name_key", "pk"))),
            (_("Kanaler"), _options("channel", Channel.objects.in_use().by_arena())),
            (_("Aktiviteter"), _options("activity", _near())),
        ]

    def said(self) -> dict[str, Any]:
        """Return what a valid form said, as `create_tracked_link` takes it."""
        kind, _sign, key = self.cleaned_data["origin"].partition("-")
        origin = {kind: ORIGINS[kind].objects.get(pk=key)} if kind else {}
        return {"label": self.cleaned_data["label"], "target": self.cleaned_data["target"], **origin}


def _near() -> Any:
    """Return what is planned, and what was done so lately that a mail with a link may follow it."""
    since = timezone.localdate() - LINKED_AFTERWARDS
    return (
        Activity.objects.exclude(state=ActivityState.DROPPED)
        .filter(Q(state=ActivityState.PLANNED) | Q(held_on__gte=since))
        .order_by("-planned_on", "-pk")
    )


def _options(kind: str, rows: Any) -> list[tuple[str, str]]:
    return [(f"{kind}-{row.pk}", str(row)) for row in rows]


class PosterForm(forms.Form):
    """The words of a poster: one headline and up to three lines, as long as the paper is wide."""

    headline = PlainTextField(
        label=_("Overskrift"),
        max_length=HEADLINE_LENGTH,
        required_message=_("Skriv en overskrift, for eksempel: Trænger du til et pusterum?"),
    )
    lines = FreeTextField(
        label=_("Tre korte linjer"),
        required=False,
        max_length=MOST_LINES * LINE_LENGTH,
        rows=5,
        help_text=_("Skriv højst tre linjer. Tryk Enter mellem dem."),
    )
    shows_next_start = forms.BooleanField(label=_("Vis, hvornår næste hold starter"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("headline", "lines", "shows_next_start")

    def clean_headline(self) -> str:
        headline: str = self.cleaned_data["headline"]
        _refuse_long_words(headline, LONGEST_WORD_OF_HEADLINE)
        return headline

    def clean_lines(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("Skriv højst tre linjer, så plakaten kan læses på afstand."))
        for number, line in enumerate(lines, start=1):
            if len(line) > LINE_LENGTH:
                text = _("Skriv højst %(most)s tegn i linje %(number)s. Nu er der %(length)s.")
                raise forms.ValidationError(
                    text % {"most": LINE_LENGTH, "number": number, "length": len(line)}
                )
            _refuse_long_words(line, LONGEST_WORD_OF_LINE)
        return "\n".join(lines)

    def refuse_signs(self, signs: str) -> None:
        """Say that no font has `signs`, beside the field where they stand."""
        text = _("Plakaten kan ikke vise “%(signs)s”. Slet det, eller skriv det med bogstaver.")
        field = next(
            (name for name in ("headline", "lines") if signs in self.cleaned_data.get(name, "")), None
        )
        self.add_error(field, text % {"signs": signs})

    @property
    def words(self) -> Words:
        """What a valid form said."""
        return Words(self.cleaned_data["headline"], tuple(self.cleaned_data["lines"].splitlines()))


def _refuse_long_words(text: str, longest: int) -> None:
    for word in text.split():
        if len(word) > longest:
            raise forms.ValidationError(
                _("“%(word)s” er for langt til plakaten. Skriv et kortere ord, eller del det.")
                % {"word": word}
            )
