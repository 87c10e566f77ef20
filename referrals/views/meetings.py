"""Several people from one meeting, entered in one go."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.keys import key_in
from outreach.models import Activity
from outreach.services import note_headcount
from referrals.enums import Intake
from referrals.forms.matching import SamePersonForm
from referrals.forms.meetings import (
    MeetingForm,
    MeetingLines,
    blank_lines,
    listed_of,
    more_lines,
    sent_lines,
)
from referrals.forms.registration import known_workplaces
from referrals.services import (
    AnswerMissing,
    ListedArrival,
    Matches,
    PersonGone,
    decisions_of,
    matches_of_list,
    receive_list,
    sure_answers,
)
from referrals.views.imports import told

# What the buttons say beside "save": keep what is typed and go on writing.
MORE, EDIT = "more", "edit"


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_create(request: StaffRequest) -> HttpResponse:
    """Take a line for each who came; ask of those who resemble somebody, then store all or nothing."""
    if request.method != "POST":
        return _asked(request, MeetingForm(initial=_chosen(request)), blank_lines())
    step = request.POST.get("step", "")
    if step in (MORE, EDIT):
        lines = more_lines(request.POST)
        return _asked(request, MeetingForm(initial=_typed(request)), lines)
    facts, lines = MeetingForm(request.POST), sent_lines(request.POST)
    if not (facts.is_valid() & lines.is_valid()):
        return _asked(request, facts, lines, status=422)
    listed = listed_of(facts, lines)
    matches = matches_of_list(listed)
    if not matches:
        return _received(request, facts, listed, matches, {})
    return _answered(request, facts, listed, matches)


def _answered(
    request: StaffRequest, facts: MeetingForm, listed: list[ListedArrival], matches: Matches
) -> HttpResponse:
    """Ask of each line that resembles somebody; go on when every one is answered."""
    asked_before = any(f"line-{line}" in request.POST for line in matches)
    form = SamePersonForm(
        request.POST if asked_before else None,
        lines=matches,
        matches=matches,
        listed={arrival.line: arrival for arrival in listed},
        answers=sure_answers(matches),
    )
    if asked_before and form.is_valid():
        return _received(request, facts, listed, matches, form.answers())
    context = {
        "form": form,
        "count": len(listed),
        "others": [arrival for arrival in listed if arrival.line not in matches],
        "carried": list(_carried(request)),
    }
    status = 422 if asked_before else 200
    return render(request, "referrals/meeting_same_person.html", context, status=status)


def _chosen(request: StaffRequest) -> dict[str, object]:
    """Return what `?aktivitet=` says beforehand; anything but one of ours says nothing."""
    key = key_in(request.GET.get("aktivitet", ""))
    activity = None if key is None else Activity.objects.filter(pk=key).first()
    if activity is None:
        return {}
    day = activity.held_on or activity.planned_on
    return {
        "activity": activity.pk,
        "meeting": activity.title,
        "received_on": min(day, timezone.localdate()),
        "people_reached": activity.people_reached,
    }


def _received(
    request: StaffRequest,
    facts: MeetingForm,
    listed: list[ListedArrival],
    matches: Matches,
    answers: dict[int, str],
) -> HttpResponse:
    activity, people = facts.cleaned_data["activity"], facts.cleaned_data["people_reached"]
    try:
        result = receive_list(
            programme=request.programme,
            listed=listed,
            decisions=decisions_of(matches, answers),
            intake=Intake.MEETING,
            activity=activity,
            by=request.user,
            now=timezone.now(),
        )
    except (AnswerMissing, PersonGone) as error:
        messages.error(request, f"Svaret om linje {error.lines[0]} passer ikke længere. Vælg igen.")
        return _asked(request, MeetingForm(initial=_typed(request)), more_lines(request.POST), status=422)
    if activity is not None and people is not None:
        note_headcount(activity=activity, people_reached=people, by=request.user, now=timezone.now())
    messages.success(request, f"{told(result)} Opgaverne “Ring” ligger klar.")
    return redirect("referrals:arrival_list")


def _asked(
    request: StaffRequest, facts: MeetingForm, lines: MeetingLines, *, status: int = 200
) -> HttpResponse:
    context = {
        "facts": facts,
        "lines": lines,
        "faults": lines.faults(facts) if facts.is_bound else [],
        "workplaces": known_workplaces(),
    }
    return render(request, "referrals/meeting_create.html", context, status=status)


def _typed(request: StaffRequest) -> dict[str, object]:
    """Return the facts as they were typed, right or wrong."""
    fields = MeetingForm.base_fields
    return {
        name: field.widget.value_from_datadict(request.POST, request.FILES, name)
        for name, field in fields.items()
    }


def _carried(request: StaffRequest) -> Iterator[SafeString]:
    """Give everything that was typed as hidden fields: the page carries it, no session."""
    for name, values in request.POST.lists():
        if name in MeetingForm.base_fields or (name.startswith("line-") and name.count("-") == 2):
            for value in values:
                yield format_html('<input type="hidden" name="{}" value="{}">', name, value)
        elif name.endswith("_FORMS"):
            yield format_html('<input type="hidden" name="{}" value="{}">', name, values[-1])
