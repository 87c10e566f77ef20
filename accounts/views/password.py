"""A forgotten password."""

import logging
from http import HTTPStatus

from allauth.account import views
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.forms import PasswordResetForm

logger = logging.getLogger(__name__)


class PasswordResetView(views.PasswordResetView):
    """allauth's page, which does not say that a mail was sent when the mail server took none.

    It is the same for every address, known or not: both are written to.
    """

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except OSError:  # smtplib's own faults are OSErrors too
            logger.exception("A link for choosing a password could not be mailed.")
        form.add_error(None, _("Mailen kunne ikke sendes lige nu. Prøv igen om lidt."))
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.SERVICE_UNAVAILABLE
        )
