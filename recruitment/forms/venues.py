"""The coordinator's form about a place where cohorts meet."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.forms import FreeTextField, PlainTextField
from core.layout import form_helper
from courses.services import NameTaken
from recruitment.forms.cohorts import RefusalForm


class VenueForm(RefusalForm):
    """What a place is called and how one finds it."""

    name = PlainTextField(
        label=_("Navn"), max_length=100, required_message=_("Skriv stedets navn, for eksempel Museet.")
    )
    address = PlainTextField(
        label=_("Adresse"),
        required=False,
        max_length=200,
        help_text=_("For eksempel Torvegade 1, 6700 Esbjerg"),
    )
    directions = FreeTextField(
        label=_("Sådan finder du det"),
        required=False,
        max_length=1000,
        rows=3,
        help_text=_("Skriv til den, der kommer første gang: indgang, etage, bus, parkering."),
    )
    refusal_fields = {NameTaken: "name"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("name", "address", "directions")
