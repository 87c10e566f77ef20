"""Kinds of organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    JOBCENTRE = "jobcentre", _("Jobcenter")
    GP = "gp", _("Almen praksis")
    PSYCHOLOGIST = "psychologist", _("Psykolog eller anden privat behandler")
    UNION = "union", _("Fagforening")
    HOUSING = "housing", _("Boligforening")
    ASSOCIATION = "association", _("Forening eller frivilligt tilbud")
    EDUCATION = "education", _("Uddannelsessted")
    MUNICIPALITY = "municipality", _("Anden afdeling i kommunen")
    OTHER = "other", _("Andet")
