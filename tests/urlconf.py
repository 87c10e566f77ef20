"""Every view of the URLconf, for tests that hold all of them to a rule."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One URL pattern: its full name, the names of its parameters, and the view behind it."""

    name: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def permission(self) -> Any:
        return getattr(self.view, "permission", None)


def routes() -> list[Route]:
    """Return every route, library views included."""
    return list(_walk(get_resolver(), namespace="", parameters=()))


def _walk(resolver: URLResolver, namespace: str, parameters: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        inner = parameters + tuple(entry.pattern.converters)
        if isinstance(entry, URLResolver):
            below = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, below, inner)
        elif isinstance(entry, URLPattern):
            yield Route(f"{namespace}{entry.name}", inner, entry.callback)
