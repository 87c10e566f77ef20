"""Where a page may lead back to: an address of our own, whatever a form or a browser said."""

from django.http import HttpRequest


def own_path(address: str, request: HttpRequest | None = None) -> str:
    """Return `address` if it is a path of ours, "" where it might lead anywhere else.

    With `request`, an address that names the request's own scheme and host counts as the path behind them,
    as a browser's Referer does. "//" is a path to Django and another host to a browser, which also reads a
    backslash as a slash; a line break would end the header, and a word is no path.
    """
    if request is not None:
        address = address.removeprefix(f"{request.scheme}://{request.get_host()}")
    ours = address.startswith("/") and not address.startswith("//")
    return address if ours and "\\" not in address and address.isprintable() else ""
