"""Managers that raise when a query runs outside a programme's scope, by django-scopes.

Two holes of the library are closed here: `exists()` and `contains()` outside a scope, and methods
of a model's own QuerySet, which say why they are refused.
"""

from typing import Any

from django.db import models
from django_scopes import ScopedManager
from django_scopes.manager import DisabledQuerySet


class OutsideScope(DisabledQuerySet):
    """What a manager returns where no scope is active: every read and write of rows raises ScopeError."""

    exists = DisabledQuerySet.error
    contains = DisabledQuerySet.error
    in_bulk = DisabledQuerySet.error
    exclude = DisabledQuerySet.error
    alias = DisabledQuerySet.error
    bulk_update = DisabledQuerySet.error
    select_related = DisabledQuerySet.error
    prefetch_related = DisabledQuerySet.error
    distinct = DisabledQuerySet.error
    defer = DisabledQuerySet.error
    using = DisabledQuerySet.error

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.error


def scoped_manager(queryset_class: type[models.QuerySet[Any]] = models.QuerySet, **only: Any) -> Any:
    """Return a manager with `queryset_class`'s methods that shows the rows of the active programme only.

    With `only`, such as `merged_into=None`, it shows no rows but those: the others are asked for by a
    manager of their own.

    :raises django_scopes.exceptions.ScopeError: (on use) when no programme's scope is active.
    """
    parent: Any = type(
        ScopedManager(programme="programme", _manager_class=models.Manager.from_queryset(queryset_class))
    )

    def get_queryset(self: Any) -> Any:
        rows = parent.get_queryset(self)
        if isinstance(rows, DisabledQuerySet):
            return OutsideScope(self.model, using=self._db, missing_scopes=rows.missing_scopes)
        return rows.filter(**only) if only else rows

    return type("ScopedRows", (parent,), {"get_queryset": get_queryset})()
