"""The coordinator's pages about reminders: the rules, what waits for a yes, and what was not sent."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.keys import key_in
from messaging.kinds import Rendered
from outreach.models import Referrer
from referrals.effect import effect_of
from referrals.enums import NudgeState, Trigger
from referrals.forms.nudges import LANGUAGES, NudgeRuleForm, NudgeWordsForm
from referrals.kinds.nudges import preview_of, words_of
from referrals.models import Nudge, NudgeRule
from referrals.nudge_queries import (
    lapses_at,
    not_sent,
    observations,
    points,
    proposals,
    round_name,
    rounds_of,
    rules_overview,
    unsent_line,
    waiting_count,
)
from referrals.nudge_texts import PLACEHOLDERS, Words
from referrals.services import (
    NudgeHasMovedOn,
    approve_nudges,
    change_rule,
    drop_nudge,
    reword_nudge,
)
from referrals.services.nudges import LAPSES_AFTER, LATER_DAYS
from referrals.triggers import TRIGGERS

PER_PAGE = 50
MOVED_ON = "Der er taget stilling til påmindelsen i mellemtiden. Der er ikke ændret noget."


# --- Rules -----------------------------------------------------------------------------------------


@require_permission(Permission.MANAGE_PARTNERS)
@require_safe
def nudge_rule_list(request: StaffRequest) -> HttpResponse:
    """List the rules, with what each has sent and what is known of its effect."""
    lines = rules_overview(timezone.now())
    about = {trigger.value: spec.about for trigger, spec in TRIGGERS.items()}
    context = {
        "lines": [(line, about[line.rule.trigger]) for line in lines],
        "waiting": sum(line.waiting for line in lines),
        "programme": request.programme,
    }
    return render(request, "referrals/nudge_rule_list.html", context)


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def nudge_rule_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a rule; a button shows the mail as a chosen referrer would get it, and saves nothing."""
    rule = get_object_or_404(NudgeRule, pk=pk)
    form = NudgeRuleForm(request.POST if request.method == "POST" else None, rule=rule)
    valid = form.is_bound and form.is_valid()
    shown = request.POST.get("step") == "preview"
    if valid and not shown:
        change_rule(rule=rule, by=request.user, now=timezone.now(), **form.changes())
        messages.success(request, "Reglen er gemt.")
        return redirect("referrals:nudge_rule_list")
    referrer: Referrer | None = form.cleaned_data["preview_for"] if valid else None
    if valid and referrer is None:
        form.add_error("preview_for", "Vælg en henviser for at se mailen.")
        valid = False
    context = {
        "form": form,
        "rule": rule,
        "about": TRIGGERS[Trigger(rule.trigger)].about,
        "placeholders": [(f"{{{name}}}", meaning) for name, meaning in PLACEHOLDERS.items()],
        "previews": _previews(form, referrer) if referrer else [],
        "preview_for": referrer,
    }
    status = 422 if form.is_bound and not valid else 200
    return render(request, "referrals/nudge_rule_edit.html", context, status=status)


def _previews(form: NudgeRuleForm, referrer: Referrer) -> list[tuple[str, Rendered]]:
    """Return the mail in each language, by the language's name."""
    now = timezone.now()
    return [
        (name, preview_of(form.rule, referrer, form.words(language), language=language, now=now))
        for language, name in LANGUAGES.items()
    ]


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def nudge_rule_switch(request: StaffRequest, pk: int) -> HttpResponse:
    """Switch a rule on or off, as the button said; pressed twice it stays as it said."""
    rule = get_object_or_404(NudgeRule, pk=pk)
    is_on = request.POST.get("is_on") == "1"
    change_rule(rule=rule, by=request.user, now=timezone.now(), is_on=is_on)
    messages.success(request, f"{rule}: reglen er slået {'til' if is_on else 'fra'}.")
    return redirect("referrals:nudge_rule_list")


@require_permission(Permission.MANAGE_PARTNERS)
@require_safe
def nudge_rule_effect(request: StaffRequest, pk: int) -> HttpResponse:
    """Show how many referred within three weeks, of those reminded at once and of those reminded later."""
    rule = get_object_or_404(NudgeRule, pk=pk)
    now = timezone.now()
    effect = effect_of(observations(now, rule)[rule.pk])
    context = {
        "rule": rule,
        "effect": effect,
        "difference": points(effect.difference),
        "interval": (points(effect.low), points(effect.high)),
        "rounds": rounds_of(rule, now),
        "days": LATER_DAYS,
    }
    return render(request, "referrals/nudge_rule_effect.html", context)


# --- What waits for a yes --------------------------------------------------------------------------


@require_permission(Permission.MANAGE_PARTNERS)
@require_safe
def nudge_proposal_list(request: StaffRequest) -> HttpResponse:
    """List what the rules propose to send, to be approved with one press."""
    page = Paginator(proposals(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(nudge, round_name(nudge.round), lapses_at(nudge)) for nudge in page],
        "lapses_after": LAPSES_AFTER.days,
        "programme": request.programme,
    }
    return render(request, "referrals/nudge_proposal_list.html", context)


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def nudge_proposal_approve(request: StaffRequest) -> HttpResponse:
    """Approve the reminders that the page showed; what somebody else has decided meanwhile stays decided."""
    sent = (key_in(said) for said in request.POST.getlist("nudge"))
    shown = [key for key in sent if key is not None][:PER_PAGE]
    approved = approve_nudges(programme=request.programme, nudges=shown, by=request.user, now=timezone.now())
    if approved:
        many = "1 påmindelse er godkendt" if approved == 1 else f"{approved} påmindelser er godkendt"
        messages.success(request, f"{many}. De sendes på hverdage mellem kl. 8 og 16.")
    if approved < len(shown):
        messages.info(request, "Nogle af dem var der allerede taget stilling til. De er ikke ændret.")
    return redirect("referrals:nudge_proposal_list")


@require_permission(Permission.MANAGE_PARTNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def nudge_proposal_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one reminder as it will be sent, and give it words of its own."""
    loaded = (
        "referrer__organisation",
        "referrer__programme",
        "round__rule",
        "round__cohort",
        "round__activity",
    )
    nudge = get_object_or_404(Nudge.objects.select_related(*loaded), pk=pk)
    rule, language = nudge.round.rule, nudge.referrer.language
    words = Words(nudge.subject, nudge.body) if nudge.body else words_of(rule, language)
    form = NudgeWordsForm(request.POST if request.method == "POST" else None, words=words)
    valid = form.is_bound and form.is_valid()
    if valid and request.POST.get("step") != "preview":
        return _reworded(request, nudge, form)
    typed = Words(form.cleaned_data["subject"], form.cleaned_data["body"]) if valid else words
    now = timezone.now()
    context = {
        "form": form,
        "nudge": nudge,
        "rule": rule,
        "occasion": round_name(nudge.round),
        "is_open": nudge.state == NudgeState.PROPOSED,
        "placeholders": [(f"{{{name}}}", meaning) for name, meaning in PLACEHOLDERS.items()],
        "preview": preview_of(
            rule, nudge.referrer, typed, language=language, now=now, cohort=nudge.round.cohort
        ),
    }
    status = 422 if form.is_bound and not valid else 200
    return render(request, "referrals/nudge_proposal_edit.html", context, status=status)


def _reworded(request: StaffRequest, nudge: Nudge, form: NudgeWordsForm) -> HttpResponse:
    now = timezone.now()
    try:
        reword_nudge(nudge=nudge, by=request.user, now=now, **form.cleaned_data)
    except NudgeHasMovedOn:
        messages.warning(request, MOVED_ON)
        return redirect("referrals:nudge_proposal_list")
    messages.success(request, f"Teksten til {nudge.referrer} er gemt. Godkend den, når du er klar.")
    return redirect("referrals:nudge_proposal_list")


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def nudge_proposal_drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose one reminder away."""
    nudge = get_object_or_404(Nudge.objects.select_related("referrer"), pk=pk)
    try:
        drop_nudge(nudge=nudge, by=request.user, now=timezone.now())
    except NudgeHasMovedOn:
        messages.warning(request, MOVED_ON)
    else:
        messages.success(request, f"Påmindelsen til {nudge.referrer} er valgt fra.")
    return redirect("referrals:nudge_proposal_list")


# --- What was not sent -----------------------------------------------------------------------------


@require_permission(Permission.MANAGE_PARTNERS)
@require_safe
def nudge_unsent_list(request: StaffRequest) -> HttpResponse:
    """List what was not sent or did not arrive, and why."""
    page = Paginator(not_sent(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [unsent_line(nudge) for nudge in page], "waiting": waiting_count()}
    return render(request, "referrals/nudge_unsent_list.html", context)
