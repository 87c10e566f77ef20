"""Model fields: encrypted text, and a list of lines of it."""

from typing import Any

from django.db import models
from django.forms import CharField, Textarea

from core.crypto import decrypt, encrypt


class EncryptedTextField(models.Field):
    """Text that stands encrypted in the database (`bytea`) and is plain text in Python.

    "" and NULL are kept apart. Only `isnull` can be asked of the database; for equality keep a
    `keyed_hash` beside it.

    :raises core.crypto.DecryptionFailed: on reading a value that was altered or moved.
    """

    description = "Encrypted text"
    empty_strings_allowed = True

    def get_internal_type(self) -> str:
        return "BinaryField"

    @property
    def context(self) -> str:
        return f"{self.model._meta.app_label}.{self.model.__name__}.{self.name}"

    def from_db_value(self, value: memoryview | bytes | None, *args: Any) -> str | None:
        return None if value is None else decrypt(bytes(value), self.context)

    def to_python(self, value: Any) -> str | None:
        return value if value is None else str(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return None if value is None else str(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else connection.Database.Binary(encrypt(value, self.context))

    def get_lookup(self, lookup_name: str) -> Any:
        # Two encryptions of one text differ, so a comparison in SQL would never match, silently.
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": CharField, "widget": Textarea, **kwargs})


class EncryptedLinesField(EncryptedTextField):
    """A list of lines that stands encrypted in the database as one text; [] is a value too."""

    description = "Encrypted lines"
    empty_strings_allowed = False

    def from_db_value(self, value: memoryview | bytes | None, *args: Any) -> Any:
        return self.to_python(super().from_db_value(value, *args))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            return value.split("\n") if value else []
        return value if value is None else [str(line) for line in value]

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else "\n".join(map(str, value))
