"""A list of partners from a spreadsheet: chosen, checked line by line, imported all or nothing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.downloads import CSV, XLSX, download
from core.tables import write_csv, write_xlsx
from outreach.models import PartnerDraft
from outreach.services import (
    Imported,
    Known,
    ReferrerEmailTaken,
    drop_partner_draft,
    import_partner_draft,
    keep_partner_draft,
    look_up,
    open_partner_draft,
)
from recruitment.forms.partner_import import (
    TEMPLATE_GUIDANCE,
    TEMPLATE_HEADER,
    PartnerImportForm,
    read_partners,
)


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_import(request: StaffRequest) -> HttpResponse:
    """Take a file and read it; one with a fault is told of line by line, and nothing of it is kept."""
    form = PartnerImportForm(request.POST, request.FILES) if request.method == "POST" else PartnerImportForm()
    if not form.is_bound:
        draft = PartnerDraft.objects.filter(created_by=request.user, closed_at=None).first()
        return render(request, "recruitment/partner_import.html", {"form": form, "draft": draft})
    if not form.is_valid():
        return render(request, "recruitment/partner_import.html", {"form": form}, status=422)
    file = form.cleaned_data["file"]
    read = read_partners(file.read())
    if read.faults:
        context = {"form": form, **form.told_of(read.faults)}
        return render(request, "recruitment/partner_import.html", context, status=422)
    draft = keep_partner_draft(
        programme=request.programme,
        file_name=file.name,
        listed=read.listed,
        by=request.user,
        now=timezone.now(),
    )
    return redirect("recruitment:partner_import_check", pk=draft.pk)


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def partner_import_check(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what was understood and what is known already; take it in at the press of the button."""
    draft = get_object_or_404(PartnerDraft, pk=pk)
    if draft.closed_at is not None:
        return _closed(request)
    if request.method == "POST":
        return _import(request, draft)
    found = look_up(open_partner_draft(draft))
    context = {
        "draft": draft,
        "found": found,
        "new_places": sum(one.place == Known.NEW for one in found),
        "new_people": sum(one.person == Known.NEW for one in found),
        "known_people": sum(one.referrer is not None for one in found),
    }
    return render(request, "recruitment/partner_import_check.html", context)


def _import(request: StaffRequest, draft: PartnerDraft) -> HttpResponse:
    try:
        result = import_partner_draft(draft=draft, by=request.user, now=timezone.now())
    except ReferrerEmailTaken:
        messages.warning(
            request, "En på listen er kommet til imens. Der er ikke gemt noget. Prøv én gang til."
        )
        return redirect("recruitment:partner_import_check", pk=draft.pk)
    if result is None:
        return _closed(request)
    messages.success(request, told(result))
    return redirect("recruitment:partner_list")


def told(result: Imported) -> str:
    """Return in sentences what became of a list."""
    places = f"{result.places} {'ny organisation' if result.places == 1 else 'nye organisationer'}"
    people = f"{result.people} {'ny henviser' if result.people == 1 else 'nye henvisere'}"
    known = f" {result.known} kendte I i forvejen." if result.known else ""
    return f"{places} og {people} er oprettet.{known}"


def _closed(request: StaffRequest) -> HttpResponse:
    messages.info(request, "Listen er allerede importeret eller kasseret.")
    return redirect("recruitment:partner_list")


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def partner_import_cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget the list."""
    drop_partner_draft(draft=get_object_or_404(PartnerDraft, pk=pk), now=timezone.now())
    messages.info(request, "Listen er kasseret. Der er ikke gemt noget.")
    return redirect("recruitment:partner_list")


@require_permission(Permission.MANAGE_PARTNERS)
@require_safe
def partner_import_template_csv(request: StaffRequest) -> HttpResponse:
    """Give a list to fill in, as CSV."""
    return download(write_csv(TEMPLATE_HEADER, []), CSV, "partnere.csv")


@require_permission(Permission.MANAGE_PARTNERS)
@require_safe
def partner_import_template_xlsx(request: StaffRequest) -> HttpResponse:
    """Give a list to fill in, as a spreadsheet whose cells are text, so that no number loses its zero."""
    content = write_xlsx(TEMPLATE_HEADER, [], sheet="Partnere", guidance=TEMPLATE_GUIDANCE)
    return download(content, XLSX, "partnere.xlsx")
