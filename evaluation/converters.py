"""Danish words for occasions in addresses."""

from evaluation.enums import Occasion

_WORDS = {Occasion.BEFORE: "foer", Occasion.AFTER: "efter", Occasion.LATER: "senere"}


class OccasionConverter:
    """foer, efter or senere in an address; an `Occasion` in the view."""

    regex = "foer|efter|senere"

    def to_python(self, value: str) -> Occasion:
        return {word: occasion for occasion, word in _WORDS.items()}[value]

    def to_url(self, value: Occasion | str) -> str:
        return _WORDS[Occasion(value)]
