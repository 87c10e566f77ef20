"""Constraints that the database keeps for us and that Django has no name for."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table


class SameProgramme(models.BaseConstraint):
    """A row and the row its foreign key `field` names belong to the same programme.

    A composite foreign key (`field`, programme) → (id, programme), checked at the end of the
    transaction. The table it points to needs a unique constraint on (id, programme).
    """

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name, violation_error_message="Posten hører til et andet program.")
        self.field = field

    def _sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        key: Any = model._meta.get_field(self.field)
        target = key.remote_field.model
        quote = schema_editor.quote_name
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s "
            "FOREIGN KEY (%(column)s, programme_id) REFERENCES %(target)s (id, programme_id) "
            "DEFERRABLE INITIALLY DEFERRED",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
            column=quote(key.column),
            target=Table(target._meta.db_table, quote),
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        # The target's unique constraint may be made later in the same migration: add this one last.
        schema_editor.deferred_sql.append(self._sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        schema_editor.deferred_sql.append(self._sql(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        quote = schema_editor.quote_name
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
        )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """Leave the check to the database: forms offer rows of the own programme only."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return "core.constraints.SameProgramme", (), {"field": self.field, "name": self.name}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SameProgramme):
            return NotImplemented
        return (self.name, self.field) == (other.name, other.field)

    def __hash__(self) -> int:
        return hash((self.name, self.field))


def same_programme(app_label: str, model_name: str, *fields: str) -> list[models.BaseConstraint]:
    """Return (id, programme) as unique, and each of `fields` held to the programme of its row."""
    prefix = f"{app_label}_{model_name}"
    constraints: list[models.BaseConstraint] = [
        models.UniqueConstraint(fields=["id", "programme"], name=f"{prefix}_programme_key")
    ]
    constraints += [SameProgramme(field=field, name=f"{prefix}_{field}_same_programme") for field in fields]
    return constraints


def known_values(
    app_label: str, model_name: str, **fields: Iterable[str] | Iterable[int]
) -> list[models.BaseConstraint]:
    """Return for each of `fields` that it holds one of its values, "" only where that is among them."""
    return [
        models.CheckConstraint(
            condition=models.Q(**{f"{field}__in": list(values)}),
            name=f"{app_label}_{model_name}_{field}_known",
        )
        for field, values in fields.items()
    ]
