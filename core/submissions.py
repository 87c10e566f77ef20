"""One sending of a form is one row, however often its button is pressed or the page gone back to.

A sending is known by what it says: the same answers to the same form of the same programme on the same
day have the same key. The service that stores it has a unique column for the key, and answers a
second arrival with the first one's receipt. Why not a random key in the page: see docs/adr/0007.
"""

import datetime as dt
import json
import uuid
from typing import Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.utils import timezone
from django_scopes import get_scope

from core.crypto import keyed_hash
from core.spam import TRAPS


class SubmissionKeyMixin(forms.Form):
    """Add `cleaned_data["submission_key"]`, a UUID, to a valid form.

    What is in `beside_the_answers` is no part of what was said, so it makes no other sending.
    """

    beside_the_answers: ClassVar[frozenset[str]] = TRAPS

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own last step, after every clean()
        if not self.errors:
            said = {
                name: value
                for name, value in self.cleaned_data.items()
                if name not in self.beside_the_answers
            }
            self.cleaned_data["submission_key"] = submission_key(type(self), said, on=timezone.localdate())


def submission_key(form: type[forms.Form], said: dict[str, Any], *, on: dt.date) -> uuid.UUID:
    """Return the key of these answers to `form` on this day, in the programme whose scope is active.

    It is a keyed hash: nobody can try out answers on it.
    """
    programme = get_scope().get("programme")
    sending = {
        "form": f"{form.__module__}.{form.__qualname__}",
        "programme": programme.pk if isinstance(programme, Model) else None,
        "on": on,
        "said": said,
    }
    text = json.dumps(sending, default=_plain, sort_keys=True, ensure_ascii=True)
    return uuid.UUID(hex=keyed_hash(text, "submission")[:32])


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return [value._meta.label, value.pk]
    if isinstance(value, QuerySet | set | frozenset):
        return sorted(str(_plain(item)) for item in value)
    return str(value)
