"""The administrator's pages: a programme's settings and its members. None of them names a participant."""

from allauth.account.forms import ResetPasswordForm
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.enums import Role
from accounts.guards import require_permission
from accounts.models import Membership, User
from accounts.permissions import Permission
from accounts.services import (
    LastAdministrator,
    create_user,
    remove_member,
    set_member,
)
from recruitment.forms.settings import MemberForm, RoleForm, SettingsForm
from recruitment.services.settings import save_settings
from recruitment.settings_sections import SECTIONS, section_for


@require_permission(Permission.MANAGE_SETTINGS)
@require_GET
def settings(request: StaffRequest) -> HttpResponse:
    """List the sections of settings."""
    return render(
        request, "recruitment/settings.html", {"sections": SECTIONS, "programme": request.programme}
    )


@require_permission(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def settings_section(request: StaffRequest, section: str) -> HttpResponse:
    """Show and save one section of settings."""
    found = section_for(section)
    if found is None:
        raise Http404
    # A form writes into its instance while it validates: give it a row of its own, not the header's.
    programme = type(request.programme).objects.get(pk=request.programme.pk)
    form = SettingsForm(request.POST or None, instance=programme, section=found)
    if request.method == "POST" and form.is_valid():
        save_settings(programme=programme, by=request.user, now=timezone.now(), fields=tuple(form.fields))
        messages.success(request, _("Dine ændringer er gemt."))
        return redirect("recruitment:settings_section", section=found.slug)
    context = {"form": form, "section": found, "sections": SECTIONS}
    return render(request, "recruitment/settings_section.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def member_list(request: StaffRequest) -> HttpResponse:
    """List the members, and take in a new one."""
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _add_member(request, form)
    members = (
        Membership.objects.filter(programme=request.programme)
        .select_related("user")
        .order_by("user__name", "pk")
    )
    context = {"form": form, "members": members, "roles": Role.choices, "sections": SECTIONS}
    return render(request, "recruitment/member_list.html", context, status=422 if form.is_bound else 200)


def _add_member(request: StaffRequest, form: MemberForm) -> HttpResponse:
    now = timezone.now()
    user = create_user(
        email=form.cleaned_data["email"], name=form.cleaned_data["name"], password=None, now=now
    )
    try:
        set_member(
            programme=request.programme,
            user=user,
            role=Role(form.cleaned_data["role"]),
            by=request.user,
            now=now,
        )
    except LastAdministrator:
        messages.error(request, _last_administrator())
        return redirect("recruitment:member_list")
    if user.has_usable_password():
        messages.success(request, _("%(name)s er nu medlem.") % {"name": user.name})
    else:
        _send_password_link(request, user)
    return redirect("recruitment:member_list")


def _send_password_link(request: StaffRequest, user: User) -> None:
    """Mail a link for choosing a password; a mail server that is down costs only the mail."""
    form = ResetPasswordForm({"email": user.email})
    try:
        if form.is_valid():
            form.save(request)
    except OSError:
        messages.warning(
            request,
            _(
                "%(name)s er nu medlem, men mailen kunne ikke sendes. "
                "Bed %(name)s vælge “Glemt adgangskode” på log ind-siden."
            )
            % {"name": user.name},
        )
        return
    messages.success(
        request,
        _("%(name)s er nu medlem og har fået en mail med et link til at vælge en adgangskode.")
        % {"name": user.name},
    )


@require_permission(Permission.MANAGE_SETTINGS)
@require_POST
def member_role(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    membership = get_object_or_404(Membership, pk=pk, programme=request.programme)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Vælg en rolle på listen."))
        return redirect("recruitment:member_list")
    try:
        set_member(
            programme=request.programme,
            user=membership.user,
            role=Role(form.cleaned_data["role"]),
            by=request.user,
            now=timezone.now(),
        )
    except LastAdministrator:
        messages.error(request, _last_administrator())
    else:
        messages.success(request, _("Rollen er ændret."))
    return redirect("recruitment:member_list")


@require_permission(Permission.MANAGE_SETTINGS)
@require_POST
def member_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a member's access away."""
    membership = get_object_or_404(Membership, pk=pk, programme=request.programme)
    try:
        remove_member(membership=membership, by=request.user, now=timezone.now())
    except LastAdministrator:
        messages.error(request, _last_administrator())
    else:
        messages.success(request, _("%(name)s har ikke længere adgang.") % {"name": membership.user.name})
    return redirect("recruitment:member_list")


def _last_administrator() -> str:
    return _("Programmet skal have mindst én administrator. Gør først en anden til administrator.")
