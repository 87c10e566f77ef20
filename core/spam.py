"""Signs that a form was filled in by a robot. They put it into quarantine and never drop or refuse it.

Two traps, both without JavaScript: a field that people cannot see, and a signed moment at which the
form was drawn. And what is written: addresses of web pages, and names of random letters. Nothing of it
proves anything (password managers fill hidden fields), so a person decides.
"""

import re
import secrets
from typing import Any

from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

# Nobody reads a form, fills it in and sends it in less.
FASTEST_SECONDS = 3
TRAPS = frozenset({"website", "drawn"})
# Whoever refers or signs up has no reason to name a page of the web; whoever sells has no other.
_LINK = re.compile(r"https?://|\bwww\.|\[url|<a\s|\bt\.me/", re.IGNORECASE)
# McDonald and MacLeod have one capital within; SgHdkRtbPqXw has several.
_RANDOM_LETTERS = re.compile(r"\w*(?:[a-zæøå][A-ZÆØÅ]\w*?){3}")


class SpamReason(TextChoices):
    """Why a form was put aside."""

    HONEYPOT = "honeypot", _("Et felt, som mennesker ikke kan se, var udfyldt")
    TOO_FAST = "too_fast", _("Formularen blev sendt hurtigere, end et menneske kan udfylde den")
    ALTERED = "altered", _("Formularens skjulte tidsstempel var ændret")
    LINK = "link", _("Der er link til hjemmesider i teksten")
    RANDOM = "random", _("Navnet ligner tilfældige bogstaver")


class TrapInput(forms.TextInput):
    """A field out of sight and out of reach of keyboard and screen reader; drawn where hidden fields are."""

    is_hidden = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        quiet = {**(attrs or {}), "tabindex": "-1", "autocomplete": "off"}
        return format_html(
            '<div class="visually-hidden-trap" aria-hidden="true"><label for="{}">{}</label>{}</div>',
            quiet.get("id", name),
            _("Lad dette felt stå tomt"),
            super().render(name, value, quiet, renderer),
        )


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="core.spam")


def drawn_now() -> str:
    """Return the present moment, to the second, signed; no two pages have the same."""
    return _signer().sign(secrets.token_hex(6))


class SpamGuardMixin(forms.Form):
    """Add both traps to a form; its hidden fields must be drawn (`render_hidden_fields`)."""

    # forms.Field, since a trap must never refuse anything, whatever is in it.
    website = forms.Field(required=False, widget=TrapInput)
    drawn = forms.Field(required=False, widget=forms.HiddenInput, initial=drawn_now)
    names_of_people: tuple[str, ...] = ()

    def spam_reasons(self) -> list[str]:
        """Return the values of `SpamReason` that speak against the posted form, [] for none.

        A form that stood open for days is a slow person's, and one without the moment is no worse.
        """
        reasons: list[str] = []
        if str(self.data.get(self.add_prefix("website")) or "").strip():
            reasons.append(SpamReason.HONEYPOT.value)
        if drawn := self.data.get(self.add_prefix("drawn")):
            reasons += _time_reasons(str(drawn))
        return reasons + self._reasons_in_words()

    def _reasons_in_words(self) -> list[str]:
        words = {
            name: str(self.data.get(self.add_prefix(name)) or "")
            for name, field in self.fields.items()
            if isinstance(field, forms.CharField) and not isinstance(field, forms.EmailField)
        }
        found: list[str] = []
        if any(_LINK.search(text) for text in words.values()):
            found.append(SpamReason.LINK.value)
        if any(_RANDOM_LETTERS.fullmatch(words.get(name, "").strip()) for name in self.names_of_people):
            found.append(SpamReason.RANDOM.value)
        return found


def _time_reasons(drawn: str) -> list[str]:
    try:
        _signer().unsign(drawn, max_age=FASTEST_SECONDS)
    except SignatureExpired:
        return []
    except BadSignature:
        return [SpamReason.ALTERED.value]
    return [SpamReason.TOO_FAST.value]
