"""Sign-in, passwords, programmes' settings and members."""

from typing import Any

from allauth.account import forms as allauth_forms
from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _


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


class SignInForm(_Laid, allauth_forms.LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._without_placeholders(login=_("E-mail"), password=_("Adgangskode"))
        self.fields.pop("remember", None)
        self.fields["login"].error_messages["required"] = _("Skriv din e-mail.")
        self.fields["password"].error_messages["required"] = _("Skriv din adgangskode.")
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


class PasswordResetForm(_Laid, allauth_forms.ResetPasswordForm):
    """The e-mail that a link is sent to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._without_placeholders(email=_("E-mail"))


class PasswordSetForm(_Laid, allauth_forms.ResetPasswordKeyForm):
    """Twice the new password, from the link in the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._without_placeholders(password1=_("Ny adgangskode"), password2=_("Ny adgangskode igen"))
