"""The administrator's pages about the referral forms: what each says, its versions, and the next one."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from referrals.form_content import form_content
from referrals.forms.arrival import ArrivalForm
from referrals.forms.editor import FormContentForm
from referrals.forms.kinds import BY_SLUG, FormKind, shown_form
from referrals.models import FormVersion
from referrals.services import (
    FormChangedMeanwhile,
    ShownForm,
    current_form,
    current_forms,
    form_of,
    publish_form,
)
from referrals.views.public import FORM_PAGE, form_page

# The newest; older ones are seen by their number in the address.
VERSIONS_LISTED = 20
PUBLISH, EDIT = "publish", "edit"


@require_permission(Permission.MANAGE_SETTINGS)
@require_safe
def form_list(request: StaffRequest) -> HttpResponse:
    """List every form with its current version, and when and by whom it was published."""
    shown = current_forms(request.programme)
    forms = [(spec, shown[spec.kind]) for spec in BY_SLUG.values()]
    return render(request, "referrals/form_list.html", {"forms": forms})


@require_permission(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def form_edit(request: StaffRequest, kind: str) -> HttpResponse:
    """Change a form: first it is shown as it would be, and nothing is kept until it is published."""
    spec = _spec(kind)
    shown = current_form(request.programme, spec.kind)
    form = _content_form(request, spec, shown, request.POST or None)
    step = request.POST.get("step")
    if request.method != "POST" or not form.is_valid():
        return _editor(request, spec, shown, form, status=422 if request.method == "POST" else 200)
    if step == EDIT:
        return _editor(request, spec, shown, form)
    if step == PUBLISH:
        return _publish(request, spec, shown, form)
    content = form.content(request.programme)
    preview = ShownForm(request.programme.pk, spec.kind, shown.number + 1, content, None)
    return _shown(request, spec, preview, editor=form)


def _content_form(
    request: StaffRequest, spec: FormKind, shown: ShownForm, typed: QueryDict | None
) -> FormContentForm:
    inherited = form_content(request.programme, spec.kind)
    return FormContentForm(typed, spec=spec, shown=shown, inherited=inherited)


def _publish(request: StaffRequest, spec: FormKind, shown: ShownForm, form: FormContentForm) -> HttpResponse:
    try:
        version = publish_form(
            programme=request.programme,
            kind=spec.kind,
            is_open=form.cleaned_data["is_open"],
            own=form.own_texts(),
            left_out=form.left_out(),
            based_on=form.cleaned_data["based_on"],
            by=request.user,
            now=timezone.now(),
        )
    except FormChangedMeanwhile:
        typed = request.POST.copy()
        typed["based_on"] = str(shown.number)
        again = _content_form(request, spec, shown, typed)
        return _editor(request, spec, shown, again, status=422, changed_meanwhile=True)
    messages.success(request, _("Version %(number)d er udgivet.") % {"number": version.number})
    return redirect("referrals:form_list")


def _editor(
    request: StaffRequest,
    spec: FormKind,
    shown: ShownForm,
    form: FormContentForm,
    status: int = 200,
    changed_meanwhile: bool = False,
) -> HttpResponse:
    versions = FormVersion.objects.of(spec.kind).select_related("published_by")[:VERSIONS_LISTED]
    context = {
        "spec": spec,
        "shown": shown,
        "form": form,
        "versions": versions,
        "changed_meanwhile": changed_meanwhile,
    }
    return render(request, "referrals/form_edit.html", context, status=status)


@require_permission(Permission.MANAGE_SETTINGS)
@require_safe
def form_version(request: StaffRequest, kind: str, number: int) -> HttpResponse:
    """Show a form as one of its versions had it."""
    spec = _spec(kind)
    versions = FormVersion.objects.of(spec.kind).select_related("published_by")
    version = get_object_or_404(versions, number=number)
    return _shown(request, spec, form_of(version))


def _shown(
    request: StaffRequest, kind: FormKind, shown: ShownForm, editor: FormContentForm | None = None
) -> HttpResponse:
    """Return the page of the form itself with a banner; it has no button that sends."""
    spec = shown_form(kind, shown)
    context = {**form_page(request.programme, ArrivalForm(spec=spec)), "shown": shown, "editor": editor}
    return render(request, FORM_PAGE, {**context, "preview": True})


def _spec(slug: str) -> FormKind:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]
