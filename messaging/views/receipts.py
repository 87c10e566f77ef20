"""What providers report of messages that have left; each report is signed, and read as often as it comes."""

from typing import Any

import jwt
from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.signals import EventType
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.access import public
from messaging.channels.base import reference_of
from messaging.services import StillBeingSent, note_delivered, note_returned

SMS_DEAD = "UNDELIVERABLE"
SMS_LOST = frozenset({"EXPIRED", "REJECTED", "DELETED", "SKIPPED"})
SMS_DELIVERED = "DELIVERED"


@csrf_exempt
@public("Mailudbyderen melder om sendte beskeder; hver melding er underskrevet.")
@require_POST
def mail_receipt(request: HttpRequest) -> HttpResponse:
    """Note what the mail provider reports; django-anymail knows its signature and its words."""
    if not settings.MAIL_PROVIDER_WEBHOOK:
        raise Http404
    reader = import_string(settings.MAIL_PROVIDER_WEBHOOK)()
    try:
        reader.run_validators(request)
        events = reader.parse_events(request)
    except AnymailWebhookValidationFailure:
        return HttpResponseForbidden()
    except (AnymailConfigurationError, ValueError, KeyError, TypeError, AttributeError):
        return HttpResponseBadRequest()
    return _note([_of_mail(event) for event in events])


@csrf_exempt
@public("Sms-tjenesten melder om sendte beskeder; hver melding er underskrevet.")
@require_POST
def sms_receipt(request: HttpRequest) -> HttpResponse:
    """Note what GatewayAPI reports: the signed header holds the whole report, so the body is not read."""
    if not settings.SMS_WEBHOOK_SECRET:
        raise Http404
    signed = request.headers.get("X-Gwapi-Signature", "")
    try:
        report = jwt.decode(signed, settings.SMS_WEBHOOK_SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return HttpResponseForbidden()
    status = report.get("status")
    if status == SMS_DELIVERED:
        verdict = "delivered"
    elif status == SMS_DEAD:
        verdict = "dead"
    else:
        verdict = "lost" if status in SMS_LOST else ""
    return _note([(str(report.get("userref") or ""), verdict)])


def _of_mail(event: Any) -> tuple[str, str]:
    """Return our reference and the verdict: delivered, dead, lost, or "" for what we need not know."""
    reference = event.tags[0] if event.tags else reference_of(event.message_id or "")
    if event.event_type == EventType.DELIVERED:
        return reference, "delivered"
    if event.event_type == EventType.BOUNCED:
        # anymail has one word for both; a soft bounce may be delivered tomorrow.
        is_soft = "soft" in str(event.esp_event.get("type", ""))
        return reference, "lost" if is_soft else "dead"
    if event.event_type == EventType.COMPLAINED:
        return reference, "dead"
    return reference, "lost" if event.event_type in (EventType.REJECTED, EventType.FAILED) else ""


def _note(reports: list[tuple[str, str]]) -> HttpResponse:
    """Note each report; 503 asks the provider to tell of one again in a while."""
    now = timezone.now()
    try:
        for reference, verdict in reports:
            if verdict == "delivered":
                note_delivered(reference=reference, now=now)
            elif verdict:
                note_returned(reference=reference, address_is_dead=verdict == "dead", now=now)
    except StillBeingSent:
        return HttpResponse(status=503)
    return HttpResponse()
