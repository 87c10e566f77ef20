"""The coordinator's pages about messages: what was said to whom, and what to do where it went wrong."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from messaging.enums import MessageState
from messaging.forms import MessageFilterForm
from messaging.models import OutboundMessage
from messaging.queries import line_of, message_facts, messages_with_recipients, shown_text
from messaging.services import (
    MessageHasMovedOn,
    cancel_message,
    confirm_message,
    preview_message,
    retry_message,
    send_message_again,
)

PER_PAGE = 25


@require_permission(Permission.SEE_MESSAGES)
@require_GET
def message_list(request: StaffRequest) -> HttpResponse:
    """List the programme's messages, newest first."""
    form = MessageFilterForm(request.GET)
    found = messages_with_recipients().filter(**form.conditions)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filtered": bool(form.conditions),
        "page": page,
        "lines": [line_of(message) for message in page],
    }
    return render(request, "messaging/message_list.html", context)


@require_permission(Permission.SEE_MESSAGES)
@require_GET
def message_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one message: as it was sent, or as it would be sent now."""
    message = get_object_or_404(messages_with_recipients(), pk=pk)
    planned = message.state == MessageState.PLANNED
    context = {
        "line": line_of(message),
        "message": message,
        "facts": message_facts(message),
        "text": shown_text(message),
        "preview": preview_message(message=message, now=timezone.now()) if planned else None,
    }
    return render(request, "messaging/message_detail.html", context)


@require_permission(Permission.SEE_MESSAGES)
@require_POST
def message_cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep a planned message from being sent."""

    def cancel(message: OutboundMessage) -> str:
        because = _("%(name)s valgte ikke at sende den.") % {"name": request.user}
        cancel_message(message=message, because=because, by=request.user, now=timezone.now())
        return _("Beskeden bliver ikke sendt.")

    return _decide(request, pk, cancel)


@require_permission(Permission.SEE_MESSAGES)
@require_POST
def message_retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Try a failed message again."""

    def retry(message: OutboundMessage) -> str:
        retry_message(message=message, by=request.user, now=timezone.now())
        return _("Vi prøver at sende beskeden igen.")

    return _decide(request, pk, retry)


@require_permission(Permission.SEE_MESSAGES)
@require_POST
def message_confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that an uncertain message arrived."""

    def confirm(message: OutboundMessage) -> str:
        confirm_message(message=message, by=request.user, now=timezone.now())
        return _("Beskeden står nu som sendt.")

    return _decide(request, pk, confirm)


@require_permission(Permission.SEE_MESSAGES)
@require_POST
def message_send_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Send an uncertain message once more, for it did not arrive."""

    def send_again(message: OutboundMessage) -> str:
        send_message_again(message=message, by=request.user, now=timezone.now())
        return _("Vi sender beskeden igen.")

    return _decide(request, pk, send_again)


def _decide(request: StaffRequest, pk: int, decide: Callable[[OutboundMessage], str]) -> HttpResponse:
    """Carry out a decision about the message and go back to it."""
    message = get_object_or_404(OutboundMessage, pk=pk)
    try:
        messages.success(request, decide(message))
    except MessageHasMovedOn:
        messages.warning(request, _("Beskeden har ændret sig i mellemtiden. Se, hvordan den står nu."))
    return redirect("messaging:message_detail", pk=pk)
