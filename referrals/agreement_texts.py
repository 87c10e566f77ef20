"""The sentences that say what a citizen agrees to, by version: an agreement remembers which one was read.

Never change a sentence that stands here: add a version, and make it the one that is asked from now on.
The sentences of older versions stay, for there are agreements that were given to them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:  # a text that may be translated when it is shown
    from django.utils.functional import _StrOrPromise as Text


@dataclass(frozen=True)
class AgreementTexts:
    """What is ticked: in a professional's form, on the desk (`…_noted`), and by citizens themselves."""

    referred: "Text"
    feedback: "Text"
    feedback_noted: "Text"
    later_contact: "Text" = ""
    covers_colleague: bool = False


_BY_VERSION: dict[str, AgreementTexts] = {
    "1": AgreementTexts(
        referred=_("Borgeren har sagt ja til at blive henvist"),
        feedback=_("Borgeren har sagt ja til, at jeg hører, hvordan det går"),
        feedback_noted=_("Henviseren må høre, hvordan det går"),
    ),
    "2": AgreementTexts(
        referred=_("Borgeren har sagt ja til at blive henvist"),
        feedback=_(
            "Borgeren har sagt ja til, at jeg hører, hvordan det går. "
            "Det gælder også den kollega, der overtager efter mig."
        ),
        feedback_noted=_("Henviseren, og den kollega, der overtager, må høre, hvordan det går"),
        later_contact=_("I må gerne skrive til mig om senere hold"),
        covers_colleague=True,
    ),
}
FIRST = "1"
CURRENT = "2"


def agreement_texts(text_version: str = CURRENT) -> AgreementTexts:
    """Return the sentences of `text_version`.

    :raises KeyError: when no such version was ever asked.
    """
    return _BY_VERSION[text_version]


def versions_for_colleagues() -> list[str]:
    """Return the versions under which a yes lets the colleague who takes over hear how it goes.

    A yes under words that we do not keep (said by telephone, on paper) covers the referrer alone.
    """
    return [version for version, texts in _BY_VERSION.items() if texts.covers_colleague]
