"""Text messages by GatewayAPI, a Danish gateway: https://gatewayapi.com/docs/apis/rest/.

`POST /rest/mtsms` with the token as basic authentication takes one message and answers 200 with its
number when the gateway has accepted it. Our own reference travels along as `userref` and comes back in
each delivery status. There is no look-up by `userref` and no promise that a repeated one is sent once, so
a message whose answer never came is uncertain until a delivery status says more.
"""

from typing import Any

import httpx
from django.conf import settings

from messaging.channels.base import (
    Channel,
    DeliveryFault,
    Envelope,
    LastingFault,
    Lookup,
    TemporaryFault,
    UnclearFault,
)

TIME_LIMIT = httpx.Timeout(30, connect=10)
NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
# Documented as "could not be processed"; 429 and 503 are asked by whatever stands in front to wait.
NOT_PROCESSED = {429, 500, 503}
NOT_LET_IN = {401, 403}


class GatewayApiChannel(Channel):
    """One text message a request, over a connection kept for the batch."""

    def __init__(self) -> None:
        self._client = httpx.Client(
            base_url=settings.SMS_API_URL,
            auth=httpx.BasicAuth(settings.SMS_API_TOKEN, ""),
            timeout=TIME_LIMIT,
            follow_redirects=False,
        )

    def send(self, envelope: Envelope) -> None:
        order = {
            "sender": envelope.sender,
            "message": envelope.text,
            "recipients": [{"msisdn": int(envelope.to.removeprefix("+"))}],
            "userref": envelope.reference,
        }
        try:
            response = self._client.post("/rest/mtsms", json=order)
        except NEVER_ARRIVED as fault:
            raise TemporaryFault("Sms-tjenesten svarer ikke.", unreachable=True) from fault
        except httpx.HTTPError as fault:  # it may hold the whole order
            raise UnclearFault("Forbindelsen til sms-tjenesten blev afbrudt under afsendelsen.") from fault
        if response.status_code != httpx.codes.OK:
            raise _refusal(response.status_code)
        if not _has_number(response):
            raise UnclearFault("Sms-tjenesten svarede noget, vi ikke forstår.")

    def look_up(self, message_id: str) -> Lookup:
        return Lookup.CANNOT_SAY

    def close(self) -> None:
        self._client.close()


def _refusal(code: int) -> DeliveryFault:
    if code in NOT_LET_IN:
        return TemporaryFault(
            "Sms-tjenesten afviste vores adgang. Bed it-afdelingen se på det.", unreachable=True
        )
    if code in NOT_PROCESSED:
        return TemporaryFault(f"Sms-tjenesten kunne ikke sende lige nu (svarkode {code}).", unreachable=True)
    if 400 <= code < 500:
        return LastingFault(f"Sms-tjenesten afviste beskeden (svarkode {code}).")
    return UnclearFault(f"Sms-tjenesten svarede uventet (svarkode {code}).")


def _has_number(response: httpx.Response) -> bool:
    """Return whether the answer is the documented one: an object with a list of ids."""
    try:
        answer: Any = response.json()
    except ValueError:
        return False
    return isinstance(answer, dict) and bool(answer.get("ids"))
