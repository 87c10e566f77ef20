"""The short public form for those who wish to hear of the next cohorts, and the page on which they say no."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import public_programme_view
from accounts.models import Programme
from core.client_address import client_address
from core.languages import is_switching, language_of_messages
from core.link_views import link_view
from core.models import LinkToken
from core.tokens import LinkUnusable, UnusableReason
from outreach.models import InterestedPerson
from outreach.queries import tracked_link_of
from outreach.services import stop_interest
from referrals.forms.interested import InterestForm
from referrals.origins import origin_of
from referrals.queries import public_facts
from referrals.services import INTERESTED_STOP, take_interest


@public_programme_view("People write themselves up from a poster, without an account.")
@require_http_methods(["GET", "HEAD", "POST"])
def interested(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Take the name and the number of somebody who wishes to hear of the next cohorts."""
    if request.method != "POST":
        return _form_page(request, programme, InterestForm(initial={"origin": origin_of(request)}))
    if is_switching(request):
        return _form_page(request, programme, InterestForm(initial=request.POST.dict()))
    form = InterestForm(request.POST)
    if not form.is_valid():
        return _form_page(request, programme, form, status=422)
    said = form.cleaned_data
    take_interest(
        programme=programme,
        name=said["name"],
        phone=said["phone"],
        email=said["email"],
        language=language_of_messages(),
        submission_key=said["submission_key"],
        suspicions=form.spam_reasons(),
        address=client_address(request),
        page=str(form.data.get("drawn") or ""),
        tracked_link=tracked_link_of(said["origin"]),
        now=timezone.now(),
    )
    return redirect("referrals:interested_thanks", programme=programme.slug)


def _form_page(
    request: HttpRequest, programme: Programme, form: InterestForm, status: int = 200
) -> HttpResponse:
    context = {**_page(programme), "form": form, "facts": public_facts(programme, timezone.localdate())}
    return render(request, "referrals/interested.html", context, status=status)


@public_programme_view("Says that the name was taken down, the same to everybody.")
@require_safe
def interested_thanks(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Say thanks, and what happens next."""
    return render(request, "referrals/interested_thanks.html", _page(programme))


@link_view(purpose=INTERESTED_STOP, bare_url_name="referrals:interested_stop")
def interested_stop(request: HttpRequest, link: LinkToken) -> HttpResponse:
    """Ask once more, and let the button say no; pressed twice, the first time stands."""
    person = (
        InterestedPerson.objects.select_related("programme")
        .filter(pk=link.subject_id, forgotten_at=None)
        .first()
    )
    if person is None:  # forgotten since
        raise LinkUnusable(UnusableReason.UNKNOWN)
    if request.method == "POST" and not is_switching(request):
        stop_interest(person=person, by=None, now=timezone.now())
        return redirect("referrals:interested_stop")
    context = {**_page(person.programme), "stopped": person.stopped_at is not None}
    return render(request, "referrals/interested_stop.html", context)


def _page(programme: Programme) -> dict[str, Any]:
    home_url = reverse("referrals:about", args=[programme.slug])
    return {"programme": programme, "home_url": home_url, "here": ""}
