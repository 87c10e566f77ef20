"""Which settings run on embedded servers, and on which data folder."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class EmbeddedFolder:
    """A data folder; `throwaway` ones do not survive a crash of the machine."""

    path: Path
    throwaway: bool


FOLDERS = {
    "config.settings.dev": EmbeddedFolder(BASE_DIR / ".data", throwaway=False),
    "config.settings.test": EmbeddedFolder(BASE_DIR / ".data-test", throwaway=True),
}


def folder_of(arguments: Sequence[str]) -> EmbeddedFolder | None:
    """Return the data folder of the settings a command line or the environment names; None for others.

    Production and the checks name their servers themselves, or open no connection.
    """
    module = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--settings":
            module = following
        elif word.startswith("--settings="):
            module = word.removeprefix("--settings=")
    return FOLDERS.get(module)
