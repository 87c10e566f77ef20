"""Sign-in, passwords, programmes' settings and members."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User

WRONG_EMAIL = _("Skriv en hel e-mailadresse, for eksempel navn@eksempel.dk.")
NEW_PASSWORD_MISSING = {
    "password1": _("Vælg en ny adgangskode."),
    "password2": _("Skriv den nye adgangskode igen."),
}


class _Laid:
    """A form that the page wraps: no <form> tag and no CSRF field of its own."""

    fields: dict[str, forms.Field]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    def _without_placeholders(self, **labels: Any) -> None:
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = labels.get(name, field.label)

    def _ask(self, **texts: Any) -> None:
        """Say for each field named what to write when it is left empty."""
        for name, text in texts.items():
            self.fields[name].error_messages["required"] = text


class SignInForm(_Laid, allauth_forms.LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._without_placeholders(login=_("E-mail"), password=_("Adgangskode"))
        self.fields.pop("remember", None)
        self._ask(login=_("Skriv din e-mail."), password=_("Skriv din adgangskode."))
        self.fields["login"].error_messages["invalid"] = WRONG_EMAIL
        self.fields["password"].help_text = ""


class PasswordChangeForm(_Laid, allauth_forms.ChangePasswordForm):
    """The old password and twice the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._without_placeholders(
            oldpassword=_("Nuværende adgangskode"),
            password1=_("Ny adgangskode"),
            password2=_("Ny adgangskode igen"),
        )
        self._ask(oldpassword=_("Skriv din nuværende adgangskode."), **NEW_PASSWORD_MISSING)


class PasswordResetForm(_Laid, allauth_forms.ResetPasswordForm):
    """The e-mail that a link is sent to.

    Where allauth does more for an address that is known, this does the same for every address, so that
    the time of the answer tells nothing: one question, a token, and a mail.
    """

    user: User | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._without_placeholders(email=_("E-mail"))
        self._ask(email=_("Skriv din e-mail."))
        self.fields["email"].error_messages["invalid"] = WRONG_EMAIL

    def clean_email(self) -> str:
        email: str = get_adapter().clean_email(self.cleaned_data["email"].lower())
        self.user = User.objects.filter(email__iexact=email, is_active=True).first()
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Mail the link, or that nobody has the address.

        :raises OSError: when the mail server takes none.
        """
        adapter, typed = get_adapter(), str(self.cleaned_data["email"])
        somebody = self.user or User(pk=0, email=typed, password=UNUSABLE_PASSWORD_PREFIX)
        key = f"{user_pk_to_url_str(somebody)}-{default_token_generator.make_token(somebody)}"
        context = {"user": somebody, "password_reset_url": adapter.get_reset_password_from_key_url(key)}
        if self.user is None:
            adapter.send_mail("account/email/unknown_account", typed, context)
        else:  # to the address that we keep, for another may be alike when case is left out
            adapter.send_mail("account/email/password_reset_key", self.user.email, context)
        return typed


class PasswordSetForm(_Laid, allauth_forms.ResetPasswordKeyForm):
    """Twice the new password, from the link in the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._without_placeholders(password1=_("Ny adgangskode"), password2=_("Ny adgangskode igen"))
        self._ask(**NEW_PASSWORD_MISSING)
