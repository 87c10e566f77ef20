"""One sending of a form is one row, however often its button is pressed or the page gone back to.

The form carries a signed key from when it was first drawn. The service that stores it has a unique
column for the key, and answers a second arrival with the first one's receipt.
"""

import uuid
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.http import HttpResponse


def _signer() -> Signer:
    return Signer(salt="core.submissions")


def new_submission_key() -> str:
    """Return a new key with its signature, as the hidden field carries it."""
    return _signer().sign(uuid.uuid4().hex)


class SubmissionKeyField(forms.Field):
    """A hidden key, cleaned to a `uuid.UUID`; a missing or altered one becomes a new one without error."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "initial": new_submission_key, **kwargs})

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return uuid.UUID(hex=_signer().unsign(str(value)))
        except (BadSignature, ValueError):
            return uuid.uuid4()


class SubmissionKeyMixin(forms.Form):
    """Add the key to a form, as `cleaned_data["submission_key"]`; its hidden fields must be drawn."""

    submission_key = SubmissionKeyField()


def keep_when_going_back(response: HttpResponse) -> HttpResponse:
    """Let the browser show this very page again on its back button, key and all.

    For the empty form only: a page with somebody's answers is kept by nobody. Under `no-store` the
    browser would fetch a form with a new key and fill in the old answers, and a second press on
    "send" would be a second row.
    """
    response.headers["Cache-Control"] = "private, no-cache"
    return response
