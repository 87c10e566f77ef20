"""The coordinator writes to a person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from participants.models import Participant
from referrals.services import LetterNotPossible, plan_first_letter


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def participant_letter(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the person whom somebody else referred a letter that says when we call."""
    participant = get_object_or_404(Participant, pk=pk)
    try:
        plan_first_letter(participant=participant, by=request.user, now=timezone.now())
    except LetterNotPossible:
        messages.warning(
            request,
            _("Brevet kan ikke sendes. I har talt sammen, eller personen kan ikke få mail fra os."),
        )
    else:
        messages.success(request, _("Brevet er på vej. Du kan læse det under Beskeder."))
    return redirect("recruitment:participant_detail", pk=pk)
