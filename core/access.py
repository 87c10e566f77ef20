"""How a view says that everybody may open it. The middleware refuses a view that says nothing."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponse

View = TypeVar("View", bound=Callable[..., HttpResponse])


def public(reason: str, *, in_danish: bool = False) -> Callable[[View], View]:
    """Open the view to everybody; `reason` stands in the list that a test reads.

    `in_danish`: it is open for a reason of its own, but read by staff alone.
    """

    def decorate(view: View) -> View:
        view.public_reason = reason  # type: ignore[attr-defined]
        view.in_danish = in_danish  # type: ignore[attr-defined]
        return view

    return decorate
