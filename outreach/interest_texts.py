"""The sentence to which somebody says yes who wishes to hear of the next cohorts, by version.

Never change one that stands here: add a version. An `InterestedPerson` remembers which was read.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:  # a text that may be translated when it is shown
    from django.utils.functional import _StrOrPromise as Text

# A yes to being contacted fades: who has not begun within a year is asked anew, and forgotten.
AGREEMENT_LASTS = dt.timedelta(days=365)


@dataclass(frozen=True)
class InterestTexts:
    """What the person ticks, and what a colleague ticks who heard it said."""

    own: "Text"
    noted: "Text"


_BY_VERSION: dict[str, InterestTexts] = {
    "1": InterestTexts(
        own=_("I må ringe eller skrive til mig, når der er plads på et nyt hold. Det gælder i et år"),
        noted=_("Alle på listen har sagt ja til, at vi må ringe eller skrive om nye hold det næste år"),
    ),
}
CURRENT = "1"


def interest_texts(version: str = CURRENT) -> InterestTexts:
    """Return the sentences of `version`.

    :raises KeyError: when no such version was ever asked.
    """
    return _BY_VERSION[version]


def agreed_since(now: dt.datetime) -> dt.datetime:
    """Return the moment after which a yes must have been given to stand at `now`."""
    return now - AGREEMENT_LASTS
