"""Roles of a membership."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("Koordinator")
    MANAGER = "manager", _("Leder")
    ADMINISTRATOR = "administrator", _("Administrator")
