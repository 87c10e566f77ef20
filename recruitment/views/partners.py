"""The coordinator's pages about partner organisations and the people in them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from outreach.models import Organisation, Referrer
from outreach.services import (
    OrganisationNameTaken,
    ReferrerEmailTaken,
    SuccessorNotPossible,
    create_organisation,
    create_referrer,
    mark_referrer_here,
    mark_referrer_left,
    update_organisation,
    update_referrer,
)
from outreach.vulnerability import left_behind
from recruitment.forms.partners import (
    OrganisationForm,
    PartnerFilterForm,
    ReferrerEditForm,
    ReferrerForm,
    SuccessorForm,
)
from recruitment.queries.links import links
from recruitment.queries.outreach import activities_at
from recruitment.queries.partners import (
    PartnerFilter,
    partner_lines,
    partners,
    partnership,
    referrers,
    referrers_without_organisation,
    reminder_state,
)

PER_PAGE = 25
ACTIVITIES_SHOWN = 10


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def partner_list(request: StaffRequest) -> HttpResponse:
    """List the partners, what needs attention first, and the referrers whose workplace we do not know."""
    form = PartnerFilterForm(request.GET)
    wanted, left = form.wanted(), left_behind()
    rows = partners(timezone.localdate(), left, wanted)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": partner_lines(list(page.object_list), left),
        "narrowed": wanted != PartnerFilter(),
        "unplaced": referrers_without_organisation()[:PER_PAGE],
    }
    return render(request, "recruitment/partner_list.html", context)


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def partner_create(request: StaffRequest) -> HttpResponse:
    """Take in a partner."""
    form = OrganisationForm(request.POST or None, initial={"is_tended": True})
    if request.method == "POST" and form.is_valid():
        try:
            organisation = create_organisation(
                programme=request.programme, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except OrganisationNameTaken:
            form.add_error("name", _("I har allerede en organisation med det navn. Find den på listen."))
        else:
            messages.success(request, _("%(name)s er oprettet.") % {"name": organisation.name})
            return redirect("recruitment:partner_detail", pk=organisation.pk)
    return render(
        request, "recruitment/partner_form.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def partner_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a partner and its people."""
    now = timezone.now()
    found = partnership(pk, timezone.localdate(now))
    if found is None:
        raise Http404
    organisation = found.line.organisation
    context = {
        "organisation": organisation,
        "found": found,
        "line": found.line,
        "people": [(person, reminder_state(person, now=now)) for person in organisation.referrers.all()],
        "activities": activities_at(organisation)[:ACTIVITIES_SHOWN],
        "links": links().filter(organisation=organisation),
    }
    return render(request, "recruitment/partner_detail.html", context)


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def partner_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a partner."""
    organisation = get_object_or_404(Organisation, pk=pk)
    known = {name: getattr(organisation, name) for name in OrganisationForm.base_fields}
    form = OrganisationForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            update_organisation(
                organisation=organisation, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except OrganisationNameTaken:
            form.add_error("name", _("I har allerede en anden organisation med det navn."))
        else:
            messages.success(request, _("Ændringerne er gemt."))
            return redirect("recruitment:partner_detail", pk=pk)
    context = {"form": form, "organisation": organisation}
    return render(request, "recruitment/partner_form.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def referrer_create(request: StaffRequest) -> HttpResponse:
    """Take in a person who can refer; `?organisation=` and `?key=1` fill in the form beforehand."""
    beforehand = {"organisation": request.GET.get("organisation"), "is_key_person": "key" in request.GET}
    form = ReferrerForm(request.POST or None, initial=beforehand)
    if request.method == "POST" and form.is_valid():
        try:
            referrer = create_referrer(
                programme=request.programme, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except ReferrerEmailTaken:
            form.add_error("email", _email_taken())
        else:
            messages.success(request, _("%(name)s er oprettet.") % {"name": referrer.name})
            return _to_partner(referrer)
    return render(
        request, "recruitment/referrer_form.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def referrer_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a referrer."""
    referrer = get_object_or_404(referrers(), pk=pk)
    form = ReferrerEditForm(request.POST or None, referrer=referrer)
    if request.method == "POST" and form.is_valid():
        try:
            update_referrer(referrer=referrer, by=request.user, now=timezone.now(), **form.said())
        except ReferrerEmailTaken:
            form.add_error("email", _email_taken())
        else:
            messages.success(request, _("Ændringerne er gemt."))
            return redirect("recruitment:referrer_edit", pk=pk)
    context = {
        "form": form,
        "referrer": referrer,
        "reminders": reminder_state(referrer, now=timezone.now()),
    }
    return render(request, "recruitment/referrer_form.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def referrer_left(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that a referrer has left the job, and which colleague takes over, if that is known."""
    referrer = get_object_or_404(Referrer.objects.select_related("organisation"), pk=pk)
    form = SuccessorForm(request.POST if request.method == "POST" else None, referrer=referrer)
    if request.method == "POST" and form.is_valid():
        now, successor = timezone.now(), form.cleaned_data["successor"]
        handed_over = {name: said for name, said in form.cleaned_data.items() if name != "successor"}
        try:
            mark_referrer_left(
                referrer=referrer,
                left_on=timezone.localdate(now),
                successor=successor,
                by=request.user,
                now=now,
                **handed_over,
            )
        except SuccessorNotPossible:
            form.add_error("successor", form.fields["successor"].error_messages["invalid_choice"])
        else:
            messages.success(request, _left_and_followed(referrer, successor))
            return _to_partner(referrer)
    context = {"form": form, "referrer": referrer}
    status = 422 if request.method == "POST" else 200
    return render(request, "recruitment/referrer_left.html", context, status=status)


def _left_and_followed(referrer: Referrer, successor: Referrer | None) -> str:
    names = {"name": referrer.name, "successor": successor.name if successor else ""}
    if successor is None:
        return _("%(name)s er noteret som stoppet. En opgave minder dig om at finde en afløser.") % names
    return _("%(name)s er noteret som stoppet. %(successor)s overtager henvisningerne.") % names


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def referrer_here(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back that a referrer has left."""
    referrer = get_object_or_404(Referrer, pk=pk)
    mark_referrer_here(referrer=referrer, by=request.user, now=timezone.now())
    messages.success(
        request, _("%(name)s er her stadig og følger selv sine henvisninger.") % {"name": referrer.name}
    )
    return redirect("recruitment:referrer_edit", pk=pk)


def _to_partner(referrer: Referrer) -> HttpResponse:
    if referrer.organisation_id is None:
        return redirect("recruitment:partner_list")
    return redirect("recruitment:partner_detail", pk=referrer.organisation_id)


def _email_taken() -> str:
    return _("I kender allerede en henviser med den e-mail. Find personen under Samarbejde.")
