"""Where a referrer says that reminders are not for them, and whom to ask instead."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.languages import is_switching
from core.link_views import link_view
from core.models import LinkToken
from referrals.forms.elsewhere import ElsewhereForm
from referrals.services import point_elsewhere
from referrals.services.links import REFERRER_PAGE
from referrals.views.referrer import referrer_of_link


@link_view(
    purpose=REFERRER_PAGE,
    bare_url_name="referrals:not_relevant",
    renew_url_name="referrals:referrer_link_choose",
)
def not_relevant(request: HttpRequest, link: LinkToken) -> HttpResponse:
    """Ask whom we should rather ask; the button leaves the referrer in peace, named anybody or not."""
    referrer = referrer_of_link(link)
    if is_switching(request):
        form = ElsewhereForm(initial=request.POST.dict())
    else:
        form = ElsewhereForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        point_elsewhere(referrer=referrer, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Det er noteret. Tak for hjælpen."))
        return redirect("referrals:not_relevant")
    context = {
        "programme": link.programme,
        "home_url": reverse("referrals:about", args=[link.programme.slug]),
        "referrer": referrer,
        "form": form,
    }
    return render(request, "referrals/not_relevant.html", context, status=422 if form.is_bound else 200)
