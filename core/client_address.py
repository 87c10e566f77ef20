"""Where a request comes from, told only by proxies of ours."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of the client, "" where it cannot be told.

    `settings.TRUSTED_PROXIES` says how many proxies of ours stand in front. Each appends the address
    it was called from to X-Forwarded-For; what stands further left anybody may have written.
    """
    proxies: int = settings.TRUSTED_PROXIES
    if proxies == 0:
        return _valid(request.META.get("REMOTE_ADDR", ""))
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    return _valid(hops[-proxies]) if len(hops) >= proxies else ""


def _valid(text: str) -> str:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""
