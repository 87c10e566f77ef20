"""The coordinator's page about a link's poster and flyer: write, see, print."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.downloads import download
from outreach.enums import PosterLanguage
from outreach.models import TrackedLink
from outreach.posters import PosterCannotShow, PosterContent, Size, Words, draw_pdf, draw_png
from outreach.services import save_poster
from recruitment.forms.links import PosterForm
from recruitment.queries.links import poster_content, poster_words
from recruitment.views.links import address_of, file_name

NAMES = {Size.A4: "plakat-a4", Size.A5: "flyer-a5"}
LANGUAGE = "sprog"


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "POST"])
def link_poster(request: StaffRequest, pk: int) -> HttpResponse:
    """Write the poster's words beside the picture of it: "Vis" draws them, "Gem" keeps them."""
    link = get_object_or_404(TrackedLink.objects.select_related("programme"), pk=pk)
    language = _language(request)
    words, shows_next_start = poster_words(link, language)
    known: dict[str, Any] = {
        "headline": words.headline,
        "lines": "\n".join(words.lines),
        "shows_next_start": shows_next_start,
    }
    form = PosterForm(request.POST if request.method == "POST" else None, initial=known)
    valid = form.is_bound and form.is_valid() and _can_be_printed(form, link, language)
    if valid and request.POST.get("step") == "save":
        _save(request, form, link, language)
        return redirect(f"{reverse('recruitment:link_poster', args=[pk])}?{LANGUAGE}={language}")
    shown = form.cleaned_data if valid else known
    context = {
        "link": link,
        "form": form,
        "language": language,
        "languages": PosterLanguage,
        "unsaved": valid and shown != known,
        "preview": urlencode({LANGUAGE: language, **{name: shown[name] or "" for name in known}}),
        "spoken": [shown["headline"], *shown["lines"].splitlines()],
    }
    status = 422 if form.is_bound and not valid else 200
    return render(request, "recruitment/link_poster.html", context, status=status)


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def link_preview(request: StaffRequest, pk: int, size: Size) -> HttpResponse:
    """Draw the poster with the words in the address, which are those of the page around the picture."""
    link = get_object_or_404(TrackedLink.objects.select_related("programme"), pk=pk)
    form = PosterForm(request.GET)
    if not form.is_valid():
        return HttpResponse(status=422)
    content = _content(link, _language(request), form.words, form.cleaned_data["shows_next_start"])
    return HttpResponse(draw_png(content, size), content_type="image/png")


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def link_pdf(request: StaffRequest, pk: int, size: Size) -> HttpResponse:
    """Download the poster or flyer as it was saved last."""
    link = get_object_or_404(TrackedLink.objects.select_related("programme"), pk=pk)
    language = _language(request)
    words, shows_next_start = poster_words(link, language)
    try:
        pdf = draw_pdf(_content(link, language, words, shows_next_start), size)
    except PosterCannotShow as refusal:  # in the programme's own name
        messages.error(
            request,
            _("Plakaten kan ikke vise “%(signs)s”. Ret det, og prøv igen.") % {"signs": refusal.signs},
        )
        return redirect("recruitment:link_poster", pk=pk)
    return download(pdf, "application/pdf", file_name(NAMES[size], link, "pdf"))


def _language(request: StaffRequest) -> PosterLanguage:
    chosen = request.GET.get(LANGUAGE, "")
    return PosterLanguage(chosen) if chosen in PosterLanguage else PosterLanguage.DANISH


def _content(
    link: TrackedLink, language: PosterLanguage, words: Words, shows_next_start: bool
) -> PosterContent:
    return poster_content(
        link=link,
        language=language,
        words=words,
        shows_next_start=shows_next_start,
        address=address_of(link),
        today=timezone.localdate(),
    )


def _can_be_printed(form: PosterForm, link: TrackedLink, language: PosterLanguage) -> bool:
    """Return whether the PDF can show every sign; where not, the form says which it cannot."""
    try:
        draw_pdf(_content(link, language, form.words, form.cleaned_data["shows_next_start"]), Size.A4)
    except PosterCannotShow as refusal:
        form.refuse_signs(refusal.signs)
        return False
    return True


def _save(request: StaffRequest, form: PosterForm, link: TrackedLink, language: PosterLanguage) -> None:
    save_poster(link=link, language=language, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Teksten er gemt. Hent plakaten herunder."))
