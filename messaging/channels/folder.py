"""Messages into a folder: for demonstrations, and able to look up."""

import os
import tempfile
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from messaging.channels.base import (
    Channel,
    Envelope,
    LastingFault,
    Lookup,
    TemporaryFault,
    as_email,
    reference_of,
)


class FolderChannel(Channel):
    """Mail into settings.MAIL_FOLDER, one .eml file per Message-ID: for demonstrations, and able to look up.

    A file is there whole or not at all; sending the same Message-ID again leaves one file.
    """

    SUFFIX: ClassVar[str] = ".eml"

    def __init__(self) -> None:
        self._folder = Path(settings.MAIL_FOLDER)

    def send(self, envelope: Envelope) -> None:
        try:
            self._write(self._file(envelope.message_id), self._content(envelope))
        except OSError as fault:
            raise TemporaryFault("Mailmappen kan ikke skrives.", unreachable=True) from fault
        except ValueError as fault:
            raise LastingFault("Adressen eller emnet kan ikke bruges i en e-mail.") from fault

    def _content(self, envelope: Envelope) -> bytes:
        return as_email(envelope).message().as_bytes()

    def _write(self, target: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as draft:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).replace(target)

    def look_up(self, message_id: str) -> Lookup:
        return Lookup.FOUND if self._file(message_id).is_file() else Lookup.NOT_FOUND

    def _file(self, message_id: str) -> Path:
        return self._folder / f"{reference_of(message_id)}{self.SUFFIX}"


class SmsFolderChannel(FolderChannel):
    """Text messages into the same folder, one .sms file each: sender, number, an empty line, the text."""

    SUFFIX = ".sms"

    def _content(self, envelope: Envelope) -> bytes:
        return f"{envelope.sender}\n{envelope.to}\n\n{envelope.text}".encode()
