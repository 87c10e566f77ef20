"""The language of a page: Danish is the source, the visitor may choose another on each public page."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import translation

# The button that changes the language posts this; no field of a form may be called so.
PARAMETER = "page_language"
# Each language by its own name: whoever cannot read this page can find the button.
OWN_NAMES = {"da": "Dansk", "en": "English"}

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def other_languages() -> list[tuple[str, str]]:
    """Return code and own name of every language but the page's."""
    return [
        (code, OWN_NAMES.get(code, code))
        for code, _label in settings.LANGUAGES
        if code != translation.get_language()
    ]


def chosen_language(request: HttpRequest) -> str | None:
    """Return the language whose button was pressed, None when another button or none was."""
    if request.method != "POST":
        return None
    try:
        code = request.POST.get(PARAMETER, "")
    except UnreadablePostError:
        return None
    return code if code in dict(settings.LANGUAGES) else None


def is_switching(request: HttpRequest) -> bool:
    """Say whether the form was posted to be shown in another language, as it stands and not sent."""
    return chosen_language(request) is not None


def language_of_messages() -> str:
    """Return the page's language where it is one that messages are written in, else Danish."""
    shown = translation.get_language()
    return shown if shown in OWN_NAMES else settings.LANGUAGE_CODE


def keep_language(response: HttpResponse, code: str) -> None:
    """Keep the visitor's choice in Django's own cookie."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def for_staff(service: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Run `service` in Danish: what it writes down is read by staff, in whatever language a form was sent."""

    @wraps(service)
    def in_danish(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with translation.override(settings.LANGUAGE_CODE):
            return service(*args, **kwargs)

    return in_danish
