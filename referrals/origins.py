"""The code of the poster or address that led to a public page, carried from page to page in the address."""

from django.http import HttpRequest

from outreach.queries import code_as_printed, looks_like_code

PARAMETER = "fra"


def origin_of(request: HttpRequest) -> str:
    """Return the code in the page's address; "" for none, or for what cannot be one."""
    code = code_as_printed(request.GET.get(PARAMETER, ""))
    return code if looks_like_code(code) else ""
