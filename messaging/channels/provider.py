"""Mail by a provider's HTTP API, through django-anymail: settings.MAIL_PROVIDER_BACKEND names its backend.

Our reference travels along as a tag and comes back in each receipt (`messaging.views.receipts`). Headers
are left out, for providers let few accounts set them.
"""

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import get_connection
from requests import ConnectionError as NoConnection
from requests import ConnectTimeout, RequestException
from urllib3.exceptions import MaxRetryError

from messaging.channels.base import (
    Channel,
    DeliveryFault,
    Envelope,
    LastingFault,
    Lookup,
    TemporaryFault,
    UnclearFault,
    as_email,
)

NOT_LET_IN = {401, 403}
ASKED_TO_WAIT = {429, 503}


class ProviderChannel(Channel):
    """One mail a request, over a session kept for the batch; 30 s for an answer."""

    def __init__(self) -> None:
        self._backend = get_connection(settings.MAIL_PROVIDER_BACKEND, fail_silently=False)

    def send(self, envelope: Envelope) -> None:
        mail = as_email(envelope)
        mail.extra_headers = {}
        mail.tags = [envelope.reference]  # type: ignore[attr-defined]  # anymail's own attribute
        try:
            self._backend.open()
            self._backend.send_messages([mail])
        except AnymailRecipientsRefused:
            raise LastingFault("Mailudbyderen har spærret for modtagerens adresse.") from None
        except AnymailAPIError as fault:
            raise _fault(fault) from None  # its text holds the request, address and all
        except RequestException:
            raise UnclearFault("Forbindelsen til mailudbyderen blev afbrudt under afsendelsen.") from None
        except (AnymailError, ValueError):
            raise LastingFault("Adressen eller emnet kan ikke bruges i en e-mail.") from None

    def look_up(self, message_id: str) -> Lookup:
        return Lookup.CANNOT_SAY

    def close(self) -> None:
        self._backend.close()


def _fault(fault: AnymailAPIError) -> DeliveryFault:
    code = fault.status_code
    if code is None:
        if _never_connected(fault):
            return TemporaryFault("Mailudbyderen svarer ikke.", unreachable=True)
        return UnclearFault("Forbindelsen til mailudbyderen blev afbrudt under afsendelsen.")
    if code in NOT_LET_IN:
        return TemporaryFault(
            "Mailudbyderen afviste vores adgang. Bed it-afdelingen se på det.", unreachable=True
        )
    if code in ASKED_TO_WAIT:
        return TemporaryFault(f"Mailudbyderen tager ikke imod lige nu (svarkode {code}).", unreachable=True)
    if 400 <= code < 500:
        return LastingFault(f"Mailudbyderen afviste beskeden (svarkode {code}).")
    return UnclearFault(f"Mailudbyderen svarede uventet (svarkode {code}).")


def _never_connected(fault: AnymailAPIError) -> bool:
    """Return whether the request never left: a broken line later on has another cause inside."""
    cause = fault.__cause__
    if isinstance(cause, ConnectTimeout):
        return True
    return isinstance(cause, NoConnection) and any(isinstance(why, MaxRetryError) for why in cause.args)
