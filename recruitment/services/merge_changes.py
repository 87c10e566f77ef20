"""What a merge changes, row by row, so that all of it can be put back."""

import datetime as dt
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction

from recruitment.queries.merging import model_named


@dataclass
class Changes:
    """The rows that moved, and the former values of fields that were changed, in the order they were."""

    moved: list[tuple[str, int, str, int, int]] = field(default_factory=list)  # model, row, key, from, to
    # model, row, what its fields were, what they became
    values: list[tuple[str, int, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)  # of the person: the former value and the new
    stages: dict[str, Any] = field(default_factory=dict)  # where both stood

    def move(self, model: type[models.Model], key: str, pks: list[int], *, from_pk: int, to_pk: int) -> None:
        """Let the rows point to `to_pk`."""
        rows: Any = model._default_manager
        rows.filter(pk__in=pks).update(**{f"{key}_id": to_pk})
        self.moved += [(model._meta.label, pk, key, from_pk, to_pk) for pk in pks]

    def set_values(self, row: models.Model, **values: Any) -> None:
        """Change fields of one row."""
        was = {name: _plain(getattr(row, name)) for name in values}
        became = {name: _plain(value) for name, value in values.items()}
        self.values.append((row._meta.label, row.pk, was, became))
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))

    def put_back_values(self) -> None:
        """Give each row its former values, where nobody has changed them since and nothing newer is there.

        A task that the merge set aside stays so when another of its kind has been opened meanwhile.
        """
        for label, pk, was, became in reversed(self.values):
            row = model_named(label)._default_manager.filter(pk=pk).first()
            if row is None or {name: _plain(getattr(row, name)) for name in became} != became:
                continue
            for name, value in was.items():
                setattr(row, name, row._meta.get_field(name).to_python(value))
            with suppress(IntegrityError), transaction.atomic():
                row.save(update_fields=list(was))

    def move_back(self) -> None:
        """Let each row point to whom it pointed to, where it still stands where the merge put it."""
        for label, pk, key, from_pk, to_pk in reversed(self.moved):
            rows = model_named(label)._default_manager.filter(pk=pk, **{f"{key}_id": to_pk})
            rows.update(**{f"{key}_id": from_pk})

    def pks_of(self, model: type[models.Model], *, moved_from: int) -> list[int]:
        """Return the rows of `model` that moved from this record."""
        return [
            pk
            for label, pk, _, from_pk, _ in self.moved
            if (label, from_pk) == (model._meta.label, moved_from)
        ]

    def to_json(self) -> str:
        """Return the changes as text that `from_json` reads."""
        return json.dumps(self.__dict__, cls=_Encoder, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Changes":
        return cls(**json.loads(text))


def _plain(value: Any) -> Any:
    """Return the value as it comes back from JSON."""
    return json.loads(json.dumps(value, cls=_Encoder))


class _Encoder(DjangoJSONEncoder):
    """A moment to the microsecond and in one time zone: Django's own rounds, and keeps the zone it was in."""

    def default(self, o: Any) -> Any:
        return o.astimezone(dt.UTC).isoformat() if isinstance(o, dt.datetime) else super().default(o)
