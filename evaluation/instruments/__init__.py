"""The texts of the instruments, read from the data files in this folder, each with its own licence.

The texts are used word for word and never translated here: a language comes as a file of its own.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


class InstrumentMissing(LookupError):
    """No text of this instrument is at hand in this language."""


@dataclass(frozen=True)
class Answer:
    """One possible answer; `value` is what is stored and, for WHO-5, summed."""

    value: int
    label: str


@dataclass(frozen=True)
class Instrument:
    """An instrument in one language, its words exactly as published.

    `answers` stand in the order in which they are shown. `version` names the text and is stored with
    each response. `licence` and `attribution` are empty where nobody holds rights.
    """

    name: str
    language: str
    version: str
    title: str
    instruction: str
    stem: str
    items: tuple[str, ...]
    answers: tuple[Answer, ...]
    direction: str
    source: str
    licence: str
    licence_url: str
    attribution: str

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The answers as a form field takes them."""
        return [(answer.value, answer.label) for answer in self.answers]


@cache
def load_instrument(name: str, language: str = "da") -> Instrument:
    """Return the instrument `name` in `language`.

    :raises InstrumentMissing: when the folder holds no such text.
    """
    file = FOLDER / f"{name}_{language}.json"
    if not file.is_file():
        raise InstrumentMissing(f"No text of {name} in {language}")
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    data["items"] = tuple(data["items"])
    data["answers"] = tuple(Answer(**answer) for answer in data["answers"])
    return Instrument(**data)


def language_at_hand(wanted: str) -> str:
    """Return `wanted` when WHO-5 has been published in it and lies here, else Danish."""
    return (
        wanted if wanted in {file.stem.removeprefix("who5_") for file in FOLDER.glob("who5_*.json")} else "da"
    )


def who5(language: str = "da") -> Instrument:
    """Return WHO-5, the five items on wellbeing in the last two weeks."""
    return load_instrument("who5", language)


def self_rated_health(language: str = "da") -> Instrument:
    """Return the single question on self-rated health, Danish where it lacks; ordinal, best answer first."""
    try:
        return load_instrument("self_rated_health", language)
    except InstrumentMissing:
        return load_instrument("self_rated_health")


def text_version(language: str = "da") -> str:
    """Return the versions of the texts that a questionnaire in `language` is made of, to store with it."""
    return f"{who5(language).version}+{self_rated_health(language).version}"
