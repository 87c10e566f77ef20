"""How names are searched for: by folded words, so that ø, oe and Ø find each other."""

from django.db.models import Q

from core.danish import fold


def holds_words(text: str, *, folded: str = "name_folded") -> Q:
    """Return the condition that a row's folded name holds each word of `text`.

    It holds for no row when `text` has no letter or digit.
    """
    words = fold(text).split()
    condition = Q() if words else Q(pk__in=[])
    for word in words:
        condition &= Q(**{f"{folded}__contains": word})
    return condition
