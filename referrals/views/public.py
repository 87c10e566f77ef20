"""Pages for everybody: what the programme is, the forms people arrive by, the receipt."""

import datetime as dt
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from accounts.guards import public_programme_view, public_view
from accounts.models import Programme
from core.client_address import client_address
from core.languages import is_switching
from outreach.queries import tracked_link_of
from referrals.enums import ReferralKind
from referrals.forms.arrival import ArrivalForm
from referrals.forms.kinds import BY_KIND, BY_PATH, PROFESSIONAL_KINDS, SELF, FormKind, shown_form
from referrals.forms.summary import summary_of
from referrals.origins import origin_of
from referrals.queries import public_facts, public_programmes
from referrals.services import (
    ShownForm,
    current_form,
    current_forms,
    keep_version,
    opened_form,
    take_arrival,
)

FORM_PAGE = "referrals/arrival_form.html"
# The hidden field in which a page carries the version of its form.
FORM_VERSION = "form_version"
TICKED = "on"  # what a browser sends for a box without a text of its own
RECEIPT_SALT = "referrals.receipt"
RECEIPT_PARAMETER = "kvittering"
RECEIPT_AGE = dt.timedelta(days=1)


@public_view("The front door: what the programme is, or which programmes there are.")
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the only programme, or the list of programmes where there are none or several."""
    programmes = list(public_programmes())
    if len(programmes) == 1:
        with scope(programme=programmes[0]):
            return _about_page(request, programmes[0])
    return render(request, "referrals/start.html", {"programmes": programmes})


@public_programme_view("What the programme is stands on posters.")
@require_safe
def about(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Tell what the programme is, for whom, when it starts, where, and whom to call."""
    return _about_page(request, programme)


def _about_page(request: HttpRequest, programme: Programme) -> HttpResponse:
    facts = public_facts(programme, timezone.localdate())
    return render(request, "referrals/about.html", {**_page(programme, "about"), "facts": facts})


@public_programme_view("Referrers have no account: the link stands in mails and on the intranet.")
@require_safe
def refer(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Ask where the referrer works, among the forms that are open."""
    shown = current_forms(programme)
    kinds = [spec for spec in PROFESSIONAL_KINDS if shown[spec.kind].content.is_open]
    return render(request, "referrals/refer.html", {**_page(programme, "refer"), "kinds": kinds})


@public_programme_view("Referrers have no account; spam is held for the coordinator to see.")
@require_http_methods(["GET", "HEAD", "POST"])
def refer_form(request: HttpRequest, programme: Programme, kind: str) -> HttpResponse:
    """Take a referral by a professional of one kind."""
    if kind not in BY_PATH:
        raise Http404
    return _arrival(request, programme, BY_PATH[kind])


@public_programme_view("Citizens sign up themselves, from a poster, without an account.")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Take a citizen's own registration."""
    return _arrival(request, programme, SELF)


def _arrival(request: HttpRequest, programme: Programme, kind: FormKind) -> HttpResponse:
    """Lead from the form over "Tjek dine svar" to the receipt; every page carries the answers itself.

    It carries its version too: whoever opened a form is answered by that one, whatever is published since.
    What carries no version of ours is shown again: nobody is kept as agreeing to words that we cannot name.
    """
    carried = request.POST.get(FORM_VERSION, "")
    opened = opened_form(programme, kind.kind, carried) if carried else None
    shown = opened or current_form(programme, kind.kind)
    spec = shown_form(kind, shown)
    if not spec.is_open:
        return _closed_page(request, programme, spec)
    if request.method != "POST":
        form = ArrivalForm(spec=spec, initial={"origin": origin_of(request)})
        return _form_page(request, programme, form)
    step = request.POST.get("step")
    if step == "edit" or (step is None and is_switching(request)):
        form = ArrivalForm.with_typed(request.POST, spec=spec, folds_own=not carried)
        return _form_page(request, programme, form)
    form = ArrivalForm(request.POST, spec=spec)
    if opened is None:
        form.ask_to_be_read(form.HAS_CHANGED if carried else form.UNKNOWN_VERSION)
    if opened is None or not form.is_valid():
        return _form_page(request, programme, form, status=422)
    if step != "send":
        return _check_page(request, programme, form)
    return _sent(request, programme, form, opened)


def _sent(request: HttpRequest, programme: Programme, form: ArrivalForm, opened: ShownForm) -> HttpResponse:
    """Take the arrival and lead to the receipt; the form that it answers is kept as a version."""
    now = timezone.now()
    reference = take_arrival(
        programme=programme,
        kind=form.spec.kind,
        answers=form.answers(),
        submission_key=form.cleaned_data["submission_key"],
        suspicions=form.spam_reasons(),
        address=client_address(request),
        page=str(form.data.get("drawn") or ""),
        form_version=keep_version(programme=programme, shown=opened, now=now),
        tracked_link=tracked_link_of(form.cleaned_data["origin"]),
        now=now,
    )
    return redirect(_receipt_url(programme, form.spec.kind, reference))


def _form_page(
    request: HttpRequest, programme: Programme, form: ArrivalForm, status: int = 200
) -> HttpResponse:
    return render(request, FORM_PAGE, form_page(programme, form), status=status)


def form_page(programme: Programme, form: ArrivalForm) -> dict[str, Any]:
    """Return what the page of a form shows; the administrator's preview is the same page."""
    facts = public_facts(programme, timezone.localdate())
    return {**_page(programme, _here(form.spec)), "form": form, "spec": form.spec, "facts": facts}


def _closed_page(request: HttpRequest, programme: Programme, spec: FormKind) -> HttpResponse:
    """Tell where to go instead; what somebody sent to a closed form is shown back, to be copied."""
    typed = [text.strip() for name in spec.names for text in request.POST.getlist(name)]
    kept = [text for text in typed if text not in ("", TICKED)]
    context = {**_page(programme, _here(spec)), "spec": spec, "kept": kept}
    return render(request, "referrals/form_closed.html", context, status=422 if kept else 200)


def _check_page(request: HttpRequest, programme: Programme, form: ArrivalForm) -> HttpResponse:
    sections = summary_of(form.spec, form.answers())
    context = {**_page(programme, _here(form.spec)), "form": form, "spec": form.spec, "sections": sections}
    return render(request, "referrals/arrival_check.html", context)


@public_programme_view("The receipt of what was sent; it shows a number, and the number opens nothing.")
@require_safe
def receipt(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Show the reference number and what happens next, for a day after the form was sent."""
    try:
        kept = signing.loads(
            request.GET.get(RECEIPT_PARAMETER, ""), salt=_receipt_salt(programme), max_age=RECEIPT_AGE
        )
    except signing.BadSignature:
        return render(request, "referrals/receipt_expired.html", _page(programme), status=404)
    call_by = programme.call_by(dt.date.fromisoformat(kept["on"]))
    kind = ReferralKind(kept["kind"])
    spec = shown_form(BY_KIND[kind], current_form(programme, kind))
    context = {**_page(programme), "reference": kept["reference"], "spec": spec, "call_by": call_by}
    return render(request, "referrals/receipt.html", context)


def _receipt_salt(programme: Programme) -> str:
    return f"{RECEIPT_SALT}.{programme.pk}"


def _receipt_url(programme: Programme, kind: ReferralKind, reference: str) -> str:
    kept = {"reference": reference, "kind": kind.value, "on": timezone.localdate().isoformat()}
    signed = signing.dumps(kept, salt=_receipt_salt(programme))
    return f"{reverse('referrals:receipt', args=[programme.slug])}?{RECEIPT_PARAMETER}={signed}"


def _page(programme: Programme, here: str = "") -> dict[str, Any]:
    """Return what the layout shows of the programme, and which of its ways this page belongs to."""
    home_url = reverse("referrals:about", args=[programme.slug])
    return {"programme": programme, "home_url": home_url, "here": here}


def _here(spec: FormKind) -> str:
    return "refer" if spec.by_professional else "sign_up"
