"""The coordinator's time away: who stands in, when nobody calls, and the week's overview by mail."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.services import (
    DeputyNotPossible,
    StandsInMeanwhile,
    choose_digest,
    end_deputy,
    name_deputy,
    set_holiday,
)
from recruitment.forms.absence import DeputyForm, HolidayForm
from recruitment.queries.absence import absences, tasks_due_within


def _membership(request: StaffRequest) -> Membership:
    """Return the user's own: the guard has seen that there is one."""
    return Membership.objects.select_related("deputy").get(user=request.user, programme=request.programme)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_GET
def absence(request: StaffRequest) -> HttpResponse:
    """Show what is arranged, and the three things that may be."""
    return _page(request)


def _page(request: StaffRequest, **forms: Any) -> HttpResponse:
    """Show the page; a form of `forms` is one that was filled in wrongly."""
    membership, today = _membership(request), localdate()
    shown = {
        "deputy_form": DeputyForm(membership=membership, today=today),
        "holiday_form": HolidayForm(programme=request.programme, today=today),
        **forms,
    }
    context = {
        **shown,
        "membership": membership,
        "absences": absences(request.programme, request.user, today),
        "within": tasks_due_within(request.programme.holiday),
    }
    return render(request, "recruitment/absence.html", context, status=422 if forms else 200)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def absence_digest(request: StaffRequest) -> HttpResponse:
    """Switch the week's overview by mail on or off."""
    wanted = request.POST.get("wanted") == "yes"
    choose_digest(membership=_membership(request), wanted=wanted, now=timezone.now())
    said = _("Du får ugens overblik mandag kl. 8.") if wanted else _("Du får ikke ugens overblik på mail.")
    messages.success(request, said)
    return redirect("recruitment:absence")


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def absence_deputy(request: StaffRequest) -> HttpResponse:
    """Name who stands in, or end it."""
    membership, now = _membership(request), timezone.now()
    if request.POST.get("step") == "end":
        end_deputy(membership=membership, by=request.user, now=now)
        messages.success(request, _("Du har ingen vikar mere."))
        return redirect("recruitment:absence")
    form = DeputyForm(request.POST, membership=membership, today=localdate())
    if form.is_valid():
        said = form.cleaned_data
        days = {"away_from": said["first"], "away_until": said["last"]}
        try:
            name_deputy(membership=membership, deputy=said["deputy"], **days, by=request.user, now=now)
        except DeputyNotPossible:
            form.add_error("deputy", form.NOT_POSSIBLE)
        except StandsInMeanwhile:
            form.add_error("first", form.STANDS_IN)
        else:
            messages.success(request, _("%(name)s er din vikar.") % {"name": said["deputy"]})
            return redirect("recruitment:absence")
    return _page(request, deputy_form=form)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def absence_holiday(request: StaffRequest) -> HttpResponse:
    """Set the days on which nobody calls, or end the holiday."""
    now, programme = timezone.now(), request.programme
    if request.POST.get("step") == "end":
        set_holiday(programme=programme, days=None, by=request.user, now=now)
        messages.success(request, _("Ferien er slettet. Nu gælder de sædvanlige frister."))
        return redirect("recruitment:absence")
    form = HolidayForm(request.POST, programme=programme, today=localdate())
    if not form.is_valid():
        return _page(request, holiday_form=form)
    days = (form.cleaned_data["first"], form.cleaned_data["last"])
    set_holiday(programme=programme, days=days, by=request.user, now=now)
    messages.success(request, _("Ferien er gemt. Kvitteringer og nye opgaver retter sig efter den."))
    return redirect("recruitment:absence")
