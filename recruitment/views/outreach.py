"""The coordinator's pages about ways out and what is done there."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from outreach.enums import ActivityState
from outreach.models import Activity, Channel
from outreach.queries import recipients_of
from outreach.services import (
    ActivityAlreadyClosed,
    ChannelNameTaken,
    complete_activity,
    create_channel,
    drop_activity,
    plan_activity,
    update_activity,
    update_channel,
)
from recruitment.forms.outreach import ActivityForm, ChannelForm
from recruitment.queries.outreach import (
    closed_activities,
    effort_since,
    map_of_cover,
    planned_activities,
)
from recruitment.queries.partners import suggested_plan

PER_PAGE = 25
PLANNED_SHOWN = 100
EFFORT_WEEKS = 12
NAME_TAKEN = "I har allerede en kanal med det navn. Find den på listen."


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def channel_list(request: StaffRequest) -> HttpResponse:
    """Show the map of cover: each way out by arena, and who holds it."""
    return render(request, "recruitment/channel_list.html", {"arenas": map_of_cover()})


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def channel_create(request: StaffRequest) -> HttpResponse:
    """Take in a way out."""
    form = ChannelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            channel = create_channel(
                programme=request.programme, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except ChannelNameTaken:
            form.add_error("name", NAME_TAKEN)
        else:
            messages.success(request, _("%(name)s er tilføjet.") % {"name": channel.name})
            return redirect("recruitment:channel_list")
    return render(
        request, "recruitment/channel_form.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def channel_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a way out, who holds it, or whether it is in use."""
    channel = get_object_or_404(Channel.objects.select_related("referrer"), pk=pk)
    names = ("name", "arena", "strategy", "is_active", "organisation", "referrer")
    known = {name: getattr(channel, name) for name in names}
    if channel.referrer is not None:  # or whoever took over from them
        known["referrer"] = recipients_of([channel.referrer_id]).get(channel.referrer_id)
    form = ChannelForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            update_channel(channel=channel, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ChannelNameTaken:
            form.add_error("name", NAME_TAKEN)
        else:
            messages.success(request, _("Ændringerne er gemt."))
            return redirect("recruitment:channel_list")
    context = {"form": form, "channel": channel}
    return render(request, "recruitment/channel_form.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def activity_list(request: StaffRequest) -> HttpResponse:
    """List what is planned, and beneath it what was done."""
    today = timezone.localdate()
    context = {
        "planned": planned_activities()[:PLANNED_SHOWN],
        "page": Paginator(closed_activities(), PER_PAGE).get_page(request.GET.get("page")),
        "effort": effort_since(today - dt.timedelta(weeks=EFFORT_WEEKS)),
        "weeks": EFFORT_WEEKS,
        "today": today,
    }
    return render(request, "recruitment/activity_list.html", context)


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def activity_create(request: StaffRequest) -> HttpResponse:
    """Plan an activity; `?organisation=` or `?channel=` chooses where beforehand, `?plan=` also what."""
    suggested = suggested_plan(request.GET.dict(), timezone.localdate())
    form = ActivityForm(request.POST if request.method == "POST" else None, initial=suggested)
    if request.method == "POST" and form.is_valid():
        activity = plan_activity(
            programme=request.programme, by=request.user, now=timezone.now(), **form.cleaned_data
        )
        said = _("%(title)s er planlagt og ligger blandt opgaverne.") % {"title": activity.title}
        messages.success(request, said)
        return redirect("recruitment:activity_list")
    return render(
        request, "recruitment/activity_form.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def activity_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a plan, or note what came of it."""
    activity = get_object_or_404(Activity.objects.select_related("organisation", "channel"), pk=pk)
    form = ActivityForm(request.POST if request.method == "POST" else None, activity=activity)
    form.initial = {name: getattr(activity, name) for name in form.fields}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        said["minutes"] = activity.minutes if said["minutes"] is None else said["minutes"]
        update_activity(activity=activity, by=request.user, now=timezone.now(), **said)
        messages.success(request, _("Ændringerne er gemt."))
        return redirect("recruitment:activity_list")
    context = {"form": form, "activity": activity, "planned": activity.state == ActivityState.PLANNED}
    return render(request, "recruitment/activity_form.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def activity_complete(request: StaffRequest, pk: int) -> HttpResponse:
    """Note in one tap that it was done today, in the minutes planned; the rest may be noted afterwards."""
    activity = get_object_or_404(Activity, pk=pk)
    now = timezone.now()
    try:
        complete_activity(activity=activity, held_on=timezone.localdate(now), by=request.user, now=now)
    except ActivityAlreadyClosed:
        messages.info(request, _("Aktiviteten var allerede droppet. Ingenting er ændret."))
        return redirect("recruitment:activity_list")
    messages.success(request, _("Godt gået. Notér, hvem du mødte, mens du husker det."))
    return redirect("recruitment:activity_edit", pk=pk)


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def activity_drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that it came to nothing."""
    activity = get_object_or_404(Activity, pk=pk)
    try:
        drop_activity(activity=activity, by=request.user, now=timezone.now())
    except ActivityAlreadyClosed:
        messages.info(request, _("Aktiviteten er allerede gennemført. Ingenting er ændret."))
    else:
        messages.success(request, _("Aktiviteten er droppet."))
    return redirect("recruitment:activity_list")
