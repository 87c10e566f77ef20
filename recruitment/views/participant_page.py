"""The participant's own page, behind a link that the coordinator hands over."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.languages import is_switching, language_of_messages
from core.link_views import link_view
from core.models import LinkToken
from core.tokens import LinkUnusable, UnusableReason
from courses.services import ApologyNotPossible, apologise, take_back_apology
from participants.enums import AgreementKind
from participants.models import Participant
from participants.services import PARTICIPANT_PAGE, resume_messages, stop_messages, update_participant
from recruitment.enums import OwnAct
from recruitment.forms.own_page import OwnActForm, OwnContactForm
from recruitment.queries.own_page import is_readable, own_page
from recruitment.services import change_own_contact, give_own_agreement, withdraw_own_agreement


@link_view(purpose=PARTICIPANT_PAGE, bare_url_name="recruitment:participant_page")
def participant_page(request: HttpRequest, link: LinkToken) -> HttpResponse:
    """Show where the person stands and what comes next; each button does one thing."""
    participant = Participant.objects.select_related("programme").filter(pk=link.subject_id).first()
    if participant is None:  # erased, or merged with another: the link is as good as unknown
        raise LinkUnusable(UnusableReason.UNKNOWN)
    if not is_readable(participant, timezone.now()):
        raise LinkUnusable(UnusableReason.EXPIRED)
    if is_switching(request):
        language = language_of_messages()
        update_participant(participant=participant, language=language, by=None, now=timezone.now())
        messages.success(request, _("Vi skriver også til dig på dansk."))
        return redirect("recruitment:participant_page")
    if request.method != "POST":
        return _page(request, participant, OwnContactForm(participant=participant))
    if request.POST.get("act") == OwnAct.CHANGE_CONTACT:
        return _change_contact(request, participant)
    return _act(request, participant)


def _page(request: HttpRequest, participant: Participant, contact_form: OwnContactForm) -> HttpResponse:
    """Answer with the page; with a faulty form it is a 422 that keeps the answers."""
    programme = participant.programme
    context = {
        "programme": programme,
        "home_url": reverse("referrals:about", args=[programme.slug]),
        "participant": participant,
        "page": own_page(participant, timezone.now()),
        "contact_form": contact_form,
    }
    status = 422 if contact_form.is_bound else 200
    return render(request, "recruitment/participant_page.html", context, status=status)


def _change_contact(request: HttpRequest, participant: Participant) -> HttpResponse:
    form = OwnContactForm(request.POST, participant=participant)
    if not form.is_valid():
        return _page(request, participant, form)
    if change_own_contact(participant=participant, now=timezone.now(), **form.cleaned_data):
        messages.success(request, _("Tak. Nu har vi skrevet det nye ned."))
    else:
        messages.info(request, _("Der er ikke ændret noget."))
    return redirect("recruitment:participant_page")


def _act(request: HttpRequest, participant: Participant) -> HttpResponse:
    form = OwnActForm(request.POST)
    if form.is_valid():
        try:
            messages.success(request, _done(participant, **form.cleaned_data))
        except ApologyNotPossible as refusal:
            messages.error(request, str(refusal))
    elif form.session_is_gone:
        messages.error(request, _("Mødet er flyttet eller aflyst. Se det næste møde her på siden."))
    else:
        raise BadRequest
    return redirect("recruitment:participant_page")


def _done(participant: Participant, *, act: str, session: Any, agreement: str) -> str:
    """Do what the button says, and return what to tell; pressed twice it is done once and told twice."""
    now = timezone.now()
    if act == OwnAct.APOLOGISE:
        apologise(participant=participant, session=session, by=None, now=now)
        return _("Tak, fordi du siger til. Vi ved nu, at du ikke kommer.")
    if act == OwnAct.COME_AFTER_ALL:
        take_back_apology(participant=participant, session=session, by=None, now=now)
        return _("Godt, så regner vi med dig.")
    if act == OwnAct.WITHDRAW:
        withdraw_own_agreement(participant=participant, kind=AgreementKind(agreement), now=now)
        return _("Dit ja er trukket tilbage.")
    if act == OwnAct.AGREE:
        give_own_agreement(participant=participant, kind=AgreementKind(agreement), now=now)
        return _("Tak. Vi har skrevet dit ja ned.")
    if act == OwnAct.STOP_MESSAGES:
        stop_messages(participant=participant, by=None, now=now)
        return _("Du får ikke flere beskeder fra os.")
    resume_messages(participant=participant, by=None, now=now)
    return _("Du får beskeder fra os igen.")
