"""The questionnaire that a person answers by their own link, and the thanks afterwards."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.guards import public_view
from accounts.models import Programme
from core.languages import is_switching
from core.link_views import link_view
from core.models import LinkToken
from core.tokens import LinkUnusable, UnusableReason
from evaluation.forms import SHOWN_IN, QuestionnaireForm
from evaluation.instruments import language_at_hand
from evaluation.models import Invitation
from evaluation.services import LINK_PURPOSE, answer_by_link


@link_view(
    purpose=LINK_PURPOSE,
    bare_url_name="evaluation:questionnaire_bare",
    used_url_name="evaluation:questionnaire_thanks",
)
def questionnaire(request: HttpRequest, link: LinkToken) -> HttpResponse:
    """Show the questionnaire and store the answers; blanks are asked about once and then kept as blanks."""
    if not Invitation.objects.filter(pk=link.subject_id, participant__merged_into=None).exists():
        # Erased since the link was sent, or the person was also asked under the record that stays.
        raise LinkUnusable(UnusableReason.UNKNOWN)
    language = _language_shown(request)
    if is_switching(request):
        form = QuestionnaireForm.with_typed(request.POST, language=language)
    else:
        form = QuestionnaireForm(request.POST if request.method == "POST" else None, language=language)
    if form.is_ready():
        answer_by_link(token=link, now=timezone.now(), **form.answers())
        return redirect("evaluation:questionnaire_thanks_of_programme", programme=link.programme.slug)
    context = {"form": form, "programme": link.programme}
    return render(request, "evaluation/questionnaire.html", context, status=422 if form.is_bound else 200)


def _language_shown(request: HttpRequest) -> str:
    """Return the instrument's language: the page's, or that of the page the answers were given on."""
    shown = get_language() or settings.LANGUAGE_CODE
    if request.method == "POST" and not is_switching(request):
        shown = request.POST.get(SHOWN_IN, shown)
    return language_at_hand(shown)


@public_view(reason="thanks somebody who has just answered; shows nothing of what was answered")
@require_safe
def questionnaire_thanks(request: HttpRequest, programme: str | None = None) -> HttpResponse:
    """Say thank you, without a score, and whom to call if things are hard; safe to open again."""
    programmes = Programme.objects.filter(slug=programme) if programme else Programme.objects.all()
    found = list(programmes[:2])
    context = {"programme": found[0] if len(found) == 1 else None}
    return render(request, "evaluation/questionnaire_thanks.html", context)
