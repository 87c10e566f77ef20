"""The coordinator's worklist."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.addresses import own_path
from core.dates import format_danish_date
from participants.models import Participant
from recruitment.forms.tasks import PostponeForm, TaskFilterForm, TaskForm
from recruitment.queries.absence import absences
from recruitment.queries.tasks import closed_tasks, open_tasks, task_counts, task_lines
from recruitment.services import finish_task, move_task, set_task_aside
from worklist.enums import TaskKind
from worklist.models import Task
from worklist.services import TaskAlreadyClosed, open_task

PER_PAGE = 25


@require_permission(Permission.SEE_DASHBOARD)
@require_GET
def task_list(request: StaffRequest) -> HttpResponse:
    """List the open tasks, what is due first on top; or the closed ones, last closed first."""
    today = localdate()
    closed = request.GET.get("tab") == "closed"
    form = TaskFilterForm(request.GET, closed=closed)
    wanted = form.wanted()
    kind, when = wanted.get("kind", ""), wanted.get("when", "")
    tasks = closed_tasks(kind=kind) if closed else open_tasks(today=today, kind=kind, when=when)
    page = Paginator(tasks, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": task_lines(list(page.object_list), today),
        "counts": task_counts(today),
        "absences": absences(request.programme, request.user, today),
        "closed": closed,
        "narrowed": bool(wanted),
    }
    return render(request, "recruitment/task_list.html", context)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "POST"])
def task_create(request: StaffRequest) -> HttpResponse:
    """Open a task of one's own, about somebody or nobody."""
    return _create(request, None)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "POST"])
def participant_task(request: StaffRequest, pk: int) -> HttpResponse:
    """Open a task of one's own about this person."""
    return _create(request, get_object_or_404(Participant, pk=pk))


def _create(request: StaffRequest, participant: Participant | None) -> HttpResponse:
    form = TaskForm(request.POST or None, today=localdate(), participant=participant)
    if request.method == "POST" and form.is_valid():
        open_task(
            programme=request.programme,
            kind=TaskKind.OTHER,
            why=form.cleaned_data["why"],
            due_on=form.cleaned_data["due_on"],
            minutes=form.cleaned_data["minutes"],
            participant=form.participant,
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Opgaven er oprettet."))
        if participant is None:
            return redirect("recruitment:task_list")
        return redirect("recruitment:participant_detail", pk=participant.pk)
    context = {"form": form, "participant": participant}
    return render(request, "recruitment/task_create.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def task_complete(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark a task as done."""
    return _close(request, pk, finish_task, _("Opgaven er klaret."))


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def task_dismiss(request: StaffRequest, pk: int) -> HttpResponse:
    """Set a task aside."""
    return _close(request, pk, set_task_aside, _("Opgaven er lagt væk som ikke nødvendig."))


def _close(request: StaffRequest, pk: int, close: Callable[..., Task], said: str) -> HttpResponse:
    task = get_object_or_404(Task.objects.select_related("activity"), pk=pk)
    try:
        close(task=task, by=request.user, now=timezone.now())
    except TaskAlreadyClosed:
        messages.info(request, _("Opgaven var allerede lukket. Ingenting er ændret."))
    else:
        messages.success(request, said)
    return _back(request)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def task_postpone(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a task another day."""
    task = get_object_or_404(Task.objects.select_related("activity"), pk=pk)
    form = PostponeForm(request.POST, today=localdate())
    if not form.is_valid():
        faults = [str(fault) for errors in form.errors.values() for fault in errors]
        messages.error(request, " ".join(faults))
        return _back(request)
    due_on = form.cleaned_data["due_on"]
    try:
        move_task(task=task, due_on=due_on, by=request.user, now=timezone.now())
    except TaskAlreadyClosed:
        messages.info(request, _("Opgaven var allerede lukket. Ingenting er ændret."))
    else:
        messages.success(request, _("Opgaven er udskudt til %(day)s.") % {"day": format_danish_date(due_on)})
    return _back(request)


def _back(request: StaffRequest) -> HttpResponse:
    """Return to the page that the button stood on, within our own site."""
    return redirect(own_path(request.POST.get("next", "")) or reverse("recruitment:task_list"))
