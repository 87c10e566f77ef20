"""Links that tell places apart, how often each is opened, and its posters."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from outreach.enums import LinkTarget, PosterLanguage
from outreach.models.partners import Organisation
from outreach.models.ways import Activity, Channel


class TrackedLink(ProgrammeOwned):
    """A short address that leads to a form and says where the person saw it; its code is read from paper."""

    code = models.CharField(max_length=12, unique=True, editable=False)
    target = models.CharField(_("fører til"), max_length=20, choices=LinkTarget.choices)
    label = models.CharField(_("navn"), max_length=100)
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, blank=True, related_name="links")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="links"
    )
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, blank=True, related_name="links")
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("sporbart link")
        verbose_name_plural = _("sporbare links")
        constraints = [
            *same_programme("outreach", "trackedlink", "channel", "organisation", "activity"),
            *known_values("outreach", "trackedlink", target=LinkTarget.values),
            models.CheckConstraint(
                condition=(
                    models.Q(organisation=None, activity=None)
                    | models.Q(channel=None, activity=None)
                    | models.Q(channel=None, organisation=None)
                ),
                name="outreach_trackedlink_one_origin",
            ),
        ]
        indexes = [models.Index(fields=["programme", "-created_at", "-id"], name="trackedlink_newest")]

    def __str__(self) -> str:
        return self.label

    @property
    def origin(self) -> Organisation | Channel | Activity | None:
        """What the link is for; None for a general one."""
        return self.organisation or self.channel or self.activity


class LinkScan(ProgrammeOwned):
    """How often a link was opened on one day, without who; `record_scan` alone writes it."""

    link = models.ForeignKey(TrackedLink, models.CASCADE, related_name="scans")
    on = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("scanninger på en dag")
        verbose_name_plural = _("scanninger")
        constraints = [
            *same_programme("outreach", "linkscan", "link"),
            models.UniqueConstraint(fields=["link", "on"], name="outreach_linkscan_day"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.count}"


class Poster(ProgrammeOwned):
    """The words of a link's poster and flyer in one language, where they are others than the ready ones."""

    link = models.ForeignKey(TrackedLink, models.CASCADE, related_name="posters")
    language = models.CharField(max_length=5, choices=PosterLanguage.choices)
    headline = models.CharField(_("overskrift"), max_length=60)
    lines = models.CharField(_("tekst"), max_length=300)  # at most three
    shows_next_start = models.BooleanField(_("vis næste start"), default=True)
    saved_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("plakat")
        verbose_name_plural = _("plakater")
        constraints = [
            *same_programme("outreach", "poster", "link"),
            *known_values("outreach", "poster", language=PosterLanguage.values),
            models.UniqueConstraint(fields=["link", "language"], name="outreach_poster_language"),
        ]

    def __str__(self) -> str:
        return self.headline
