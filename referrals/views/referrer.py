"""The referrer's own page, behind the link in their messages."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.link_views import link_view
from core.models import LinkToken
from core.tokens import LinkUnusable, UnusableReason
from outreach.models import Referrer
from referrals.forms.kinds import BY_KIND
from referrals.forms.news import NewsForm
from referrals.forms.reminders import NEWS, PAUSES, RESUME, STOP, ReminderChoiceForm
from referrals.queries import public_facts, referrer_overview
from referrals.services import PAUSE_MONTHS, choose_news, pause_reminders, resume_reminders, stop_reminders
from referrals.services.links import REFERRER_PAGE


@link_view(purpose=REFERRER_PAGE, bare_url_name="referrals:referrer_page")
def referrer_page(request: HttpRequest, link: LinkToken) -> HttpResponse:
    """Show the referrer's own referrals and what is coming; a button pauses, stops or resumes reminders."""
    referrer = Referrer.objects.select_related("organisation", "programme").filter(pk=link.subject_id).first()
    if referrer is None:  # erased since the link was sent
        raise LinkUnusable(UnusableReason.UNKNOWN)
    if referrer.left_on is not None:  # whoever reads that mailbox now is somebody else
        raise LinkUnusable(UnusableReason.REVOKED)
    if request.method == "POST":
        return _choose_reminders(request, referrer)
    programme = link.programme
    overview = referrer_overview(referrer)
    now = timezone.now()
    context = {
        "programme": programme,
        "home_url": reverse("referrals:about", args=[programme.slug]),
        "referrer": referrer,
        "overview": overview,
        "spec": BY_KIND[overview.kind],
        "facts": public_facts(programme, timezone.localdate(now)),
        "paused": referrer.paused_until is not None and referrer.paused_until > now,
        "pause_months": PAUSE_MONTHS,
        "news_form": NewsForm(referrer=referrer),
    }
    return render(request, "referrals/referrer_page.html", context)


def _choose_reminders(request: HttpRequest, referrer: Referrer) -> HttpResponse:
    form = ReminderChoiceForm(request.POST)
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
    return redirect("referrals:referrer_page")
