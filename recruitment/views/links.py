"""The coordinator's pages about tracked links: make one, see what it brought, take it out of use."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.models import Programme
from accounts.permissions import Permission
from core.downloads import download
from core.keys import key_in
from core.qr import qr_svg as qr_on_page
from outreach.enums import LinkTarget
from outreach.models import Organisation, TrackedLink
from outreach.posters import qr_png, qr_svg
from outreach.services import (
    create_tracked_link,
    rename_tracked_link,
    resume_tracked_link,
    retire_tracked_link,
)
from recruitment.forms.links import LinkEditForm, LinkForm
from recruitment.queries.links import links, scan_days

PER_PAGE = 30
QR_FORMATS = {"svg": ("image/svg+xml", qr_svg), "png": ("image/png", qr_png)}


def address_of(link: TrackedLink) -> str:
    """Return the whole short address, as it stands on paper."""
    return settings.SITE_URL.rstrip("/") + reverse("referrals:tracked_link", args=[link.code])


def public_address(programme: Programme, page: str) -> str:
    """Return the whole address of a public page of the programme, which counts nothing."""
    return settings.SITE_URL.rstrip("/") + reverse(f"referrals:{page}", args=[programme.slug])


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def link_list(request: StaffRequest) -> HttpResponse:
    """List the links with what each has brought."""
    page = Paginator(links(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(link, address_of(link).partition("://")[2].rstrip("/")) for link in page]
    return render(request, "recruitment/link_list.html", {"page": page, "rows": rows})


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def link_create(request: StaffRequest) -> HttpResponse:
    """Make a link; `?til=organisation-12` chooses beforehand what it is for."""
    chosen = request.GET.get("til", "")
    initial = _initial(chosen)
    if request.GET.get("maal") in LinkTarget:
        initial["target"] = request.GET["maal"]
    form = LinkForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        link = create_tracked_link(
            programme=request.programme, by=request.user, now=timezone.now(), **form.said()
        )
        messages.success(request, _("Linket er klar. Kopiér det, eller lav en plakat."))
        return redirect("recruitment:link_detail", pk=link.pk)
    return render(
        request, "recruitment/link_create.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _initial(chosen: str) -> dict[str, str]:
    """Return the chosen origin, and for an organisation the form its people would use."""
    kind, _sign, said = chosen.partition("-")
    initial, key = {"origin": chosen}, key_in(said)
    if kind == "organisation" and key is not None:
        organisation = Organisation.objects.filter(pk=key).first()
        if organisation is not None and organisation.kind in LinkTarget:
            initial["target"] = organisation.kind
    return initial


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def link_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a link: its address, its code, and what came of it."""
    link = get_object_or_404(links(), pk=pk)
    address = address_of(link)
    context = {
        "link": link,
        "address": address,
        "qr": qr_on_page(address),
        "days": scan_days(link),
    }
    return render(request, "recruitment/link_detail.html", context)


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def link_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Rename a link, or let it lead elsewhere."""
    link = get_object_or_404(TrackedLink, pk=pk)
    known = {"label": link.label, "target": link.target}
    form = LinkEditForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        rename_tracked_link(link=link, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Ændringerne er gemt. Plakater, der hænger, virker stadig."))
        return redirect("recruitment:link_detail", pk=pk)
    context = {"form": form, "link": link}
    return render(request, "recruitment/link_edit.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def link_retire(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a link out of use."""
    link = get_object_or_404(TrackedLink, pk=pk)
    retire_tracked_link(link=link, by=request.user, now=timezone.now())
    messages.success(request, _("Linket er taget ud af brug. Det fører nu til siden om forløbet."))
    return redirect("recruitment:link_detail", pk=pk)


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def link_resume(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a link into use again."""
    link = get_object_or_404(TrackedLink, pk=pk)
    resume_tracked_link(link=link, by=request.user, now=timezone.now())
    messages.success(request, _("Linket er i brug igen."))
    return redirect("recruitment:link_detail", pk=pk)


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def link_qr(request: StaffRequest, pk: int, drawn_as: str) -> HttpResponse:
    """Download the link's QR code by itself, for a screen or a newsletter of one's own."""
    link = get_object_or_404(TrackedLink, pk=pk)
    content_type, draw = QR_FORMATS[drawn_as]
    return download(draw(address_of(link)), content_type, file_name("qr", link, drawn_as))


def file_name(what: str, link: TrackedLink, ending: str) -> str:
    """Return such as "plakat-a4-plakat-i-vaskeriet-k7mf3.pdf": readable, and one for each link."""
    words = slugify(link.label.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa"))[:50]
    return "-".join(part for part in (what, words.strip("-"), link.code) if part) + f".{ending}"
