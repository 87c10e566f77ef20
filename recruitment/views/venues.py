"""The coordinator's pages about the places where cohorts meet."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from courses.models import Venue
from courses.services import Refused, create_venue, update_venue
from recruitment.forms.venues import VenueForm
from recruitment.queries.cohorts import venues


@require_permission(Permission.MANAGE_COHORTS)
@require_GET
def venue_list(request: StaffRequest) -> HttpResponse:
    """List the places."""
    return render(request, "recruitment/venue_list.html", {"venues": venues()})


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def venue_create(request: StaffRequest) -> HttpResponse:
    """Take in a place."""
    form = VenueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            venue = create_venue(
                programme=request.programme, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(venue)s er tilføjet.") % {"venue": venue})
            return redirect("recruitment:venue_list")
    return render(
        request, "recruitment/venue_create.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def venue_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a place."""
    venue = get_object_or_404(Venue, pk=pk)
    known = {"name": venue.name, "address": venue.address, "directions": venue.directions}
    form = VenueForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            update_venue(venue=venue, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Ændringerne er gemt."))
            return redirect("recruitment:venue_list")
    context = {"form": form, "venue": venue}
    return render(request, "recruitment/venue_edit.html", context, status=422 if form.is_bound else 200)
