"""What a referrer hears of those they sent: one tick for each piece of news."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.layout import form_helper
from outreach.models import NEWS_SWITCHES, Referrer

NEWS = "news"


class NewsField(forms.MultipleChoiceField):
    """The referrer's switches as ticks; cleaned to a value for each.

    What the programme itself has switched off is not offered and keeps its value.
    """

    def __init__(self, referrer: Referrer, **kwargs: Any) -> None:
        self.offered = [name for name in NEWS_SWITCHES if getattr(referrer.programme, name)]
        labels = {field.name: str(field.verbose_name) for field in Referrer._meta.concrete_fields}
        super().__init__(
            choices=[(name, labels[name][:1].upper() + labels[name][1:]) for name in self.offered],
            initial=[name for name in self.offered if getattr(referrer, name)],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            **kwargs,
        )

    def clean(self, value: Any) -> dict[str, bool]:
        ticked = super().clean(value)
        return {name: name in ticked for name in self.offered}


class NewsForm(forms.Form):
    """The referrer's own choice, on their own page."""

    def __init__(self, *args: Any, referrer: Referrer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[NEWS] = NewsField(referrer, label=_("Skriv til mig"))
        self.helper = form_helper(NEWS, mark_optional=False)
