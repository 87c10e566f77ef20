"""Which fields of which models are about a person, and how a person's data are told, erased, anonymised.

Filled in `AppConfig.ready()` of the package that owns the model. `tests/test_personal_data.py` fails
for a field that is on neither list, so that nobody adds one without deciding.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import models

Hook = Callable[..., Any]


@dataclass(frozen=True)
class Declaration:
    """What was decided about one model. The hooks are given rows of the model."""

    model: type[models.Model]
    personal: frozenset[str]
    not_personal: frozenset[str]
    extract: Hook | None
    erase: Hook | None
    anonymise: Hook | None


_declarations: dict[type[models.Model], Declaration] = {}


def declare(
    model: type[models.Model],
    *,
    personal: Iterable[str] = (),
    not_personal: Iterable[str] = (),
    extract: Hook | None = None,
    erase: Hook | None = None,
    anonymise: Hook | None = None,
) -> None:
    """State which of the fields of `model` are about a person; its automatic key is about nobody.

    :raises ValueError: when a field does not exist or stands on both lists, or the model was declared before.
    """
    declaration = Declaration(model, frozenset(personal), frozenset(not_personal), extract, erase, anonymise)
    label = model._meta.label
    if model in _declarations:
        raise ValueError(f"{label} is declared twice.")
    if both := declaration.personal & declaration.not_personal:
        raise ValueError(f"{label}: personal or not? {', '.join(sorted(both))}")
    if unknown := (declaration.personal | declaration.not_personal) - _stored_fields(model):
        raise ValueError(f"{label} has no field {', '.join(sorted(unknown))}.")
    _declarations[model] = declaration


def declare_all(app: AppConfig, lists: Mapping[str, Mapping[str, Any]]) -> None:
    """Declare each model of `app` that `lists` names; for `AppConfig.ready()`."""
    for name, fields in lists.items():
        declare(app.get_model(name), **fields)


def declaration_for(model: type[models.Model]) -> Declaration | None:
    """Return what was declared about `model`, None for nothing."""
    return _declarations.get(model)


def undeclared_fields(model: type[models.Model]) -> set[str]:
    """Return the stored fields of `model` that are on neither list; all of them when nothing was declared."""
    declaration = declaration_for(model)
    declared = declaration.personal | declaration.not_personal if declaration else frozenset()
    return _stored_fields(model) - declared


def _stored_fields(model: type[models.Model]) -> set[str]:
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return {field.name for field in fields if not isinstance(field, models.AutoField)}
