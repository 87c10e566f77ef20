"""A waiting list from a spreadsheet: chosen, checked line by line, imported all or nothing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.downloads import CSV, XLSX, download
from core.tables import write_csv, write_xlsx
from referrals.forms.imports import TEMPLATE_GUIDANCE, TEMPLATE_HEADER, ImportForm
from referrals.forms.matching import SamePersonForm
from referrals.models import ImportDraft
from referrals.services import (
    AnswerMissing,
    DraftContent,
    ListResult,
    PersonGone,
    answer_draft,
    call_days,
    drop_draft,
    import_draft,
    keep_draft,
    open_draft,
    unanswered,
)

QUESTIONS_ON_PAGE = 25
LINES_SHOWN = 5
SEPARATOR_NAMES = {";": "Semikolon", ",": "Komma", "\t": "Tabulator", "|": "Lodret streg"}


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request: StaffRequest) -> HttpResponse:
    """Take a file and read it; one with a fault is told of line by line, and nothing of it is kept."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        draft = ImportDraft.objects.filter(created_by=request.user, closed_at=None).first()
        return render(request, "referrals/import_upload.html", {"form": form, "draft": draft})
    if not form.is_valid():
        return render(request, "referrals/import_upload.html", {"form": form}, status=422)
    read = form.read(timezone.localdate())
    if read.faults:
        context = {"form": form, **form.told_of(read.faults)}
        return render(request, "referrals/import_upload.html", context, status=422)
    draft = keep_draft(
        programme=request.programme,
        file_name=form.cleaned_data["file"].name,
        arrivals=read.arrivals,
        agreement_method=form.cleaned_data["agreement_method"] if form.cleaned_data["agreed"] else "",
        columns=read.columns,
        encoding=read.encoding,
        separator=read.separator,
        sheet=read.sheet,
        by=request.user,
        now=timezone.now(),
    )
    return redirect("referrals:import_check", pk=draft.pk)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_safe
def import_template_csv(request: StaffRequest) -> HttpResponse:
    """Give a list to fill in, as CSV."""
    return download(write_csv(TEMPLATE_HEADER, []), CSV, "venteliste.csv")


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_safe
def import_template_xlsx(request: StaffRequest) -> HttpResponse:
    """Give a list to fill in, as a spreadsheet whose cells are text, so that no number loses its zero."""
    content = write_xlsx(TEMPLATE_HEADER, [], sheet="Venteliste", guidance=TEMPLATE_GUIDANCE)
    return download(content, XLSX, "venteliste.xlsx")


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_check(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what was understood and ask who is known; import when every question is answered."""
    draft = get_object_or_404(ImportDraft, pk=pk)
    if draft.closed_at:
        return _closed(request)
    content, answers = open_draft(draft)
    page = Paginator(list(content.matches), QUESTIONS_ON_PAGE).get_page(request.GET.get("page"))
    form = SamePersonForm(
        request.POST if request.method == "POST" else None,
        lines=page.object_list,
        matches=content.matches,
        listed={arrival.line: arrival for arrival in content.arrivals},
        answers=answers,
    )
    if request.method != "POST":
        return _check_page(request, draft, content, answers, page, form)
    if not form.is_valid():
        return _check_page(request, draft, content, answers, page, form, status=422)
    answers = answer_draft(draft=draft, answers=form.answers())
    if missing := unanswered(content.matches, answers):
        return redirect(f"{request.path}?page={_page_of(content, missing[0])}")
    return _imported(request, draft, content)


def _imported(request: StaffRequest, draft: ImportDraft, content: DraftContent) -> HttpResponse:
    try:
        result = import_draft(draft=draft, by=request.user, now=timezone.now())
    except AnswerMissing as error:
        line = error.lines[0]
        messages.error(
            request,
            f"Linje {line} er den samme som en linje, du har udeladt. Vælg noget andet for linje {line}.",
        )
        return redirect(f"{request.path}?page={_page_of(content, line)}")
    except PersonGone:
        drop_draft(draft=draft, now=timezone.now())
        messages.warning(
            request,
            "En person på listen er slettet eller lagt sammen imens. Vælg filen igen, så leder vi på ny.",
        )
        return redirect("referrals:import_upload")
    if result is None:
        return _closed(request)
    messages.success(request, told(result))
    return redirect("referrals:arrival_list")


def _closed(request: StaffRequest) -> HttpResponse:
    messages.info(request, "Listen er allerede importeret eller kasseret.")
    return redirect("referrals:arrival_list")


def told(result: ListResult) -> str:
    """Return in sentences what became of a list."""
    parts = [
        f"{result.new} {'ny person' if result.new == 1 else 'nye personer'} er oprettet.",
        f"{result.joined} er lagt til personer, der var her i forvejen." if result.joined else "",
        f"{result.left_out} er udeladt." if result.left_out else "",
        f"{result.known_before} var gemt i forvejen." if result.known_before else "",
    ]
    return " ".join(part for part in parts if part)


def _page_of(content: DraftContent, line: int) -> int:
    return list(content.matches).index(line) // QUESTIONS_ON_PAGE + 1


def _check_page(
    request: StaffRequest,
    draft: ImportDraft,
    content: DraftContent,
    answers: dict[int, str],
    page: Any,
    form: SamePersonForm,
    status: int = 200,
) -> HttpResponse:
    days = call_days(request.programme, draft.row_count, first=timezone.localdate())
    context = {
        "draft": draft,
        "content": content,
        "page": page,
        "form": form,
        "understood": _understood(draft, content),
        "ignored": [header for header, label in content.columns if not label and header],
        "lines": content.arrivals[:LINES_SHOWN],
        "missing": len(unanswered(content.matches, answers)),
        "first_call": days[0],
        "last_call": days[-1],
    }
    return render(request, "referrals/import_check.html", context, status=status)


def _understood(draft: ImportDraft, content: DraftContent) -> list[tuple[str, str]]:
    rows = [("Fil", draft.file_name), ("Personer", str(draft.row_count))]
    if content.sheet:
        return [*rows, ("Ark", content.sheet)]
    separator = SEPARATOR_NAMES.get(content.separator, content.separator)
    return [*rows, ("Bogstaver", content.encoding), ("Mellem kolonnerne", separator)]


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def import_cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget the list."""
    drop_draft(draft=get_object_or_404(ImportDraft, pk=pk), now=timezone.now())
    messages.info(request, "Listen er kasseret. Der er ikke gemt noget.")
    return redirect("referrals:arrival_list")
