"""What a person had typed, so that a page about a fault can give it back."""

from django.http import QueryDict

_NEVER = ("password", "csrf", "token", "key")


def typed_texts(posted: QueryDict) -> list[str]:
    """Return the texts among `posted` that would be missed: several words, and nothing secret."""
    return [
        text
        for name, values in posted.lists()
        if not any(word in name.lower() for word in _NEVER)
        for text in (str(value).strip() for value in values)
        if len(text.split()) > 1
    ]
