"""Two who may be one person: side by side, told apart, merged, and taken apart again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from participants.models import Participant, PersonMerge
from participants.queries import find_likely_same_as
from participants.services import SamePersonTwice, take_back_not_same
from recruitment.forms.merging import OTHER, FindPersonForm, MergeForm, NotSameForm, proposed_to_stay
from recruitment.queries.merging import MergeRefused, find_obstacle, merge_preview, told_apart
from recruitment.queries.participants import search_condition
from recruitment.services import UndoRefused, merge_persons, tell_apart, undo_merge
from referrals.queries import last_referrals, resemblances

FOUND_AT_MOST = 10


@require_permission(Permission.SEE_PARTICIPANTS)
@require_http_methods(["GET", "HEAD", "POST"])
def participant_compare(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the person beside those who are likely the same; a search finds another, and writes nothing."""
    participant = get_object_or_404(Participant, pk=pk)
    form = FindPersonForm(request.POST if request.method == "POST" else None)
    found: list[Participant] = []
    if form.is_bound and form.is_valid():
        matching = Participant.objects.filter(search_condition(form.cleaned_data["search"]))
        found = list(matching.exclude(pk=pk).by_name()[:FOUND_AT_MOST])
    likely = find_likely_same_as(participant)
    last = last_referrals([participant, *(found.participant for found in likely)])
    context = {
        "participant": participant,
        "last_referral": last.get(participant.pk),
        "people": resemblances(likely, last),
        "told_apart": told_apart(participant),
        "form": form,
        "found": found,
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "recruitment/participant_compare.html", context, status=status)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def participant_not_same(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that two are not one person, or ask anew."""
    participant = get_object_or_404(Participant, pk=pk)
    form = NotSameForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    pair = {"participant": participant, "other": form.cleaned_data["other"]}
    try:
        if form.cleaned_data["take_back"]:
            take_back_not_same(**pair, by=request.user, now=timezone.now())
            messages.success(request, _("Noteret. De to kan blive foreslået igen."))
        else:
            tell_apart(**pair, by=request.user, now=timezone.now())
            messages.success(request, _("Noteret: det er to personer. De bliver ikke foreslået igen."))
    except SamePersonTwice as refusal:
        raise BadRequest from refusal
    return redirect("recruitment:participant_compare", pk=pk)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "HEAD", "POST"])
def participant_merge(request: StaffRequest, pk: int, other_pk: int) -> HttpResponse:
    """Show what a merge would mean, choose what stands, and merge."""
    if pk == other_pk:
        raise Http404
    if (survivor := _merged_already(pk, other_pk)) is not None:
        return redirect("recruitment:participant_detail", pk=survivor)
    one, other = (get_object_or_404(Participant, pk=key) for key in (pk, other_pk))
    preview = merge_preview(one, other)
    data = request.POST if request.method == "POST" else None
    form = MergeForm(data, one=one, other=other, preview=preview)
    refusal: MergeRefused | None = None
    if form.is_bound and form.is_valid():
        kept, absorbed = (other, one) if form.other_stays else (one, other)
        try:
            merge_persons(
                kept=kept, absorbed=absorbed, details=form.details(), by=request.user, now=timezone.now()
            )
        except MergeRefused as fault:
            refusal = fault
        else:
            messages.success(request, _("De to er samlet. Du kan fortryde det her på siden."))
            return redirect("recruitment:participant_detail", pk=kept.pk)
    elif not form.is_bound:
        refusal = find_obstacle(*((other, one) if proposed_to_stay(one, other) == OTHER else (one, other)))
    context: dict[str, Any] = {"one": one, "other": other, "preview": preview, "form": form}
    return render(
        request,
        "recruitment/participant_merge.html",
        {**context, "refusal": refusal},
        status=422 if form.is_bound else 200,
    )


def _merged_already(pk: int, other_pk: int) -> int | None:
    """Return the record that stays where the two are one already: the button was pressed twice."""
    merged = PersonMerge.objects.filter(
        kept__in=(pk, other_pk), absorbed__in=(pk, other_pk), undone_at=None
    ).first()
    return merged.kept_id if merged else None


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def participant_unmerge(request: StaffRequest, pk: int, merge_pk: int) -> HttpResponse:
    """Take a merge of the person apart again."""
    participant = get_object_or_404(Participant, pk=pk)
    merge = get_object_or_404(PersonMerge, pk=merge_pk, kept=participant)
    try:
        undo_merge(merge=merge, by=request.user, now=timezone.now())
    except UndoRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("De to er skilt ad igen, og alt står, hvor det stod."))
    return redirect("recruitment:participant_detail", pk=pk)
