"""What an answer tells: all of it but what is drawn anew for each, and the page that it leads to."""

import re
from collections.abc import Iterator
from typing import Any

from django.core import signing
from django.test import Client

from accounts.models import Programme


def told(response: Any, *typed: str) -> Iterator[Any]:
    """Yield status, headers, body and cookies of the answer and of the page behind it, `typed` words gone."""
    for answer in (response, _next(response)):
        page = answer.content.decode()
        for word in typed:
            page = page.replace(word, "…")
        page = re.sub(r'nonce="[^"]*"|"csrfmiddlewaretoken" value="[^"]*"|x-csrftoken[^}]*', "", page)
        page = re.sub(r'(name="(?:drawn|next)" value=")[^"]*', "", page)
        yield answer.status_code, headers_of(answer), _without_reference(page), sorted(answer.cookies)


def headers_of(answer: Any) -> dict[str, Any]:
    """Return the headers without the nonce, and of a receipt's address only what stands beside its number."""
    headers = dict(answer.headers)
    headers["Content-Security-Policy"] = re.sub(r"'nonce-[^']*'", "", headers["Content-Security-Policy"])
    if "Location" in headers:
        headers["Location"] = _without_number(headers["Location"])
    return headers


def _next(response: Any) -> Any:
    where = response.get("Location")
    return Client().get(where) if where else response


def _without_number(location: str) -> str:
    path, _, kept = location.partition("?kvittering=")
    if not kept:
        return path
    said = signing.loads(kept, salt=f"referrals.receipt.{Programme.objects.get().pk}")
    return f"{path} {len(said.pop('reference'))} {sorted(said.items())}"


def _without_reference(page: str) -> str:
    return re.sub(r"\b[A-Z0-9]{4}-[A-Z0-9]{3}\b", "…", page)
