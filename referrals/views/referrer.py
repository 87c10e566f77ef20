"""The referrer's own page, behind the link in their messages, and where a new link is asked for."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import public_programme_view, public_view
from accounts.models import Programme
from core.client_address import client_address
from core.languages import is_switching, language_of_messages
from core.link_views import link_view
from core.models import LinkToken
from core.tokens import LinkUnusable, UnusableReason
from outreach.models import Referrer
from outreach.queries import is_leaving
from outreach.services import LEAVES, ask_who_takes_over, update_referrer
from referrals.forms.kinds import BY_KIND
from referrals.forms.link_request import LinkRequestForm
from referrals.forms.news import NewsForm
from referrals.forms.reminders import LEAVING, NEWS, PAUSES, RESUME, STOP, OwnChoiceForm
from referrals.queries import public_facts, public_programmes, referrer_overview
from referrals.services import (
    PAUSE_MONTHS,
    TooManyLinkRequests,
    choose_news,
    pause_reminders,
    request_referrer_link,
    resume_reminders,
    stop_reminders,
)
from referrals.services.links import REFERRER_PAGE


@link_view(
    purpose=REFERRER_PAGE,
    bare_url_name="referrals:referrer_page",
    renew_url_name="referrals:referrer_link_choose",
)
def referrer_page(request: HttpRequest, link: LinkToken) -> HttpResponse:
    """Show the referrer's referrals and what to expect; a button sees to reminders, or says they leave."""
    referrer = referrer_of_link(link)
    if is_switching(request):
        language = language_of_messages()
        update_referrer(referrer=referrer, language=language, by=None, now=timezone.now())
        messages.success(request, _("Vi skriver også til dig på dansk."))
        return redirect("referrals:referrer_page")
    if request.method == "POST":
        return _choose(request, referrer)
    programme = link.programme
    now = timezone.now()
    today = timezone.localdate(now)
    overview = referrer_overview(referrer, today=today, page=request.GET.get("page"))
    context = {
        "programme": programme,
        "home_url": reverse("referrals:about", args=[programme.slug]),
        "referrer": referrer,
        "overview": overview,
        "spec": BY_KIND[overview.kind],
        "facts": public_facts(programme, today),
        "paused": referrer.paused_until is not None and referrer.paused_until > now,
        "pause_months": PAUSE_MONTHS,
        "news_form": NewsForm(referrer=referrer),
        "leaving": is_leaving(referrer),
    }
    return render(request, "referrals/referrer_page.html", context)


def referrer_of_link(link: LinkToken) -> Referrer:
    """Return whose link it is.

    :raises core.tokens.LinkUnusable: when they were erased since, or have left.
    """
    rows = Referrer.objects.select_related("organisation", "programme")
    referrer: Referrer | None = rows.filter(pk=link.subject_id).first()
    if referrer is None:
        raise LinkUnusable(UnusableReason.UNKNOWN)
    if referrer.left_on is not None:  # whoever reads that mailbox now is somebody else
        raise LinkUnusable(UnusableReason.REVOKED)
    return referrer


def _choose(request: HttpRequest, referrer: Referrer) -> HttpResponse:
    form = OwnChoiceForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    now = timezone.now()
    choice = form.cleaned_data["choice"]
    if choice in PAUSES:
        pause_reminders(referrer=referrer, months=PAUSES[choice], now=now)
        messages.success(request, _("Du får ingen påmindelser, så længe pausen varer."))
    elif choice == STOP:
        stop_reminders(referrer=referrer, now=now)
        messages.success(request, _("Du får ikke flere påmindelser. Du kan altid slå dem til igen."))
    elif choice == RESUME:
        resume_reminders(referrer=referrer, now=now)
        messages.success(request, _("Du får påmindelser igen."))
    elif choice == NEWS:
        news = NewsForm(request.POST, referrer=referrer)
        if not news.is_valid():
            raise BadRequest
        choose_news(referrer=referrer, wanted=news.cleaned_data["news"], now=now)
        messages.success(request, _("Dit valg er gemt."))
    elif choice == LEAVING:
        ask_who_takes_over(referrer=referrer, why=LEAVES, now=now)
        messages.success(request, _("Tak, fordi du siger til. Vi ringer og aftaler, hvem der overtager."))
    return redirect("referrals:referrer_page")


# --- A new link ------------------------------------------------------------------------------------


@public_view("Whoever has lost the link to their own page asks for it here, without an account.")
@require_safe
def referrer_link_choose(request: HttpRequest) -> HttpResponse:
    """Lead to the form of the only programme, or ask which one where there are several."""
    programmes = list(public_programmes())
    if len(programmes) == 1:
        return redirect("referrals:referrer_link", programme=programmes[0].slug)
    return render(request, "referrals/referrer_link_choose.html", {"programmes": programmes})


@public_programme_view(
    "Known and unknown addresses get one answer; the link goes to the known one's mailbox."
)
@require_http_methods(["GET", "HEAD", "POST"])
def referrer_link(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Take the e-mail address whose owner wants the link."""
    if is_switching(request):
        return _link_page(request, programme, LinkRequestForm(initial=request.POST.dict()), status=200)
    form = LinkRequestForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _link_page(request, programme, form, status=422 if form.is_bound else 200)
    email, address = form.cleaned_data["email"], client_address(request)
    try:
        request_referrer_link(programme=programme, email=email, address=address, now=timezone.now())
    except TooManyLinkRequests:
        return _link_page(request, programme, form, status=429)
    return redirect("referrals:referrer_link_sent", programme=programme.slug)


def _link_page(
    request: HttpRequest, programme: Programme, form: LinkRequestForm, *, status: int
) -> HttpResponse:
    context = {**_public(programme), "form": form, "too_many": status == 429}
    return render(request, "referrals/referrer_link.html", context, status=status)


@public_programme_view("Says where the mail will be, the same to everybody.")
@require_safe
def referrer_link_sent(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Say where to look for the mail, whether there is one or not."""
    return render(request, "referrals/referrer_link_sent.html", _public(programme))


def _public(programme: Programme) -> dict[str, Any]:
    home_url = reverse("referrals:about", args=[programme.slug])
    return {"programme": programme, "home_url": home_url, "here": "refer"}
