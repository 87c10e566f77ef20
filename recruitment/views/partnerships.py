"""The coordinator's pages about how a partnership is kept: contacts, the next step, what is agreed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from outreach.models import Organisation
from outreach.services import agree_on_cooperation, end_cooperation, note_contact, set_next_step
from recruitment.forms.partnerships import AgreementForm, ContactForm, StepForm
from worklist.enums import TaskKind
from worklist.models import Task


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def partner_contact(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that somebody there was talked to."""
    organisation = get_object_or_404(Organisation.objects.select_related("programme"), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = ContactForm(posted, organisation=organisation, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        note_contact(organisation=organisation, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Noteret. Hvad er det næste?"))
        return redirect("recruitment:partner_detail", pk=pk)
    context = {"form": form, "organisation": organisation}
    return render(request, "recruitment/partner_contact.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def partner_step(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down what comes next with the partner, or change it; it lies among the tasks."""
    organisation = get_object_or_404(Organisation.objects.select_related("programme"), pk=pk)
    current = Task.objects.open().filter(kind=TaskKind.PARTNER_STEP, organisation=organisation).first()
    posted = request.POST if request.method == "POST" else None
    form = StepForm(posted, today=timezone.localdate(), current=current)
    if request.method == "POST" and form.is_valid():
        set_next_step(organisation=organisation, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Det ligger nu blandt dine opgaver."))
        return redirect("recruitment:partner_detail", pk=pk)
    context = {"form": form, "organisation": organisation, "current": current}
    return render(request, "recruitment/partner_step.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def partner_agreement(request: StaffRequest, pk: int) -> HttpResponse:
    """Agree on who does what, or go through what was agreed: a new version, and the earlier one is kept."""
    organisation = get_object_or_404(Organisation.objects.select_related("programme"), pk=pk)
    in_force = organisation.cooperation_agreements.select_related("agreed_with").filter(ended_at=None)
    current, today = in_force.first(), timezone.localdate()
    posted = request.POST if request.method == "POST" else None
    form = AgreementForm(posted, organisation=organisation, current=current, today=today)
    if request.method == "POST" and form.is_valid():
        agree_on_cooperation(
            organisation=organisation, by=request.user, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Aftalen er gemt. Du får en opgave, når den skal gennemgås."))
        return redirect("recruitment:partner_detail", pk=pk)
    context = {"form": form, "organisation": organisation, "current": current}
    return render(
        request, "recruitment/partner_agreement.html", context, status=422 if form.is_bound else 200
    )


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def partner_agreement_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that what was agreed holds no longer."""
    organisation = get_object_or_404(Organisation, pk=pk)
    end_cooperation(organisation=organisation, by=request.user, now=timezone.now())
    messages.success(request, _("Aftalen gælder ikke mere. Den står stadig blandt de tidligere."))
    return redirect("recruitment:partner_detail", pk=pk)
