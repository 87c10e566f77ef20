"""Cohorts, their sessions and venues, the seats, and who came."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from core.fields import EncryptedTextField
from core.scopes import scoped_manager
from courses.enums import CURRENT, SEAT_TAKING, AttendanceState, EnrolmentState
from participants.enums import Stage


class Venue(ProgrammeOwned):
    """A place where a cohort meets."""

    name = models.CharField(_("navn"), max_length=100)
    address = models.CharField(_("adresse"), max_length=200, blank=True, default="")
    directions = models.TextField(_("sådan finder du det"), blank=True, default="")

    class Meta:
        verbose_name = _("mødested")
        verbose_name_plural = _("mødesteder")
        ordering = ["name", "pk"]
        constraints = [
            *same_programme("courses", "venue"),
            models.UniqueConstraint(fields=["programme", "name"], name="courses_venue_name"),
        ]

    def __str__(self) -> str:
        return self.name


class CohortQuerySet(models.QuerySet["Cohort"]):
    def with_seats_taken(self) -> "CohortQuerySet":
        """Each with `seats_taken`: enrolments that hold a seat."""
        return self.annotate(
            seats_taken=models.Count("enrolments", filter=models.Q(enrolments__state__in=SEAT_TAKING))
        )

    def upcoming(self, today: datetime.date) -> "CohortQuerySet":
        """Those that have not started, soonest first."""
        return self.filter(starts_on__gt=today, cancelled_at=None).order_by("starts_on", "pk")

    def running(self, today: datetime.date) -> "CohortQuerySet":
        return self.filter(starts_on__lte=today, ends_on__gte=today, cancelled_at=None)

    def not_over(self, today: datetime.date) -> "CohortQuerySet":
        """Those that run or have not started, first to start first."""
        return self.filter(ends_on__gte=today, cancelled_at=None).order_by("starts_on", "pk")

    def past(self, today: datetime.date) -> "CohortQuerySet":
        return self.filter(ends_on__lt=today)


class Cohort(ProgrammeOwned):
    """A group that meets for some weeks; `capacity` seats, kept by the one service that gives them out."""

    name = models.CharField(_("navn"), max_length=100)
    starts_on = models.DateField(_("første dag"))
    ends_on = models.DateField(_("sidste dag"))
    capacity = models.PositiveSmallIntegerField(
        _("pladser"), validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    venue = models.ForeignKey(
        Venue, models.SET_NULL, null=True, blank=True, related_name="cohorts", verbose_name=_("mødested")
    )
    note = EncryptedTextField(_("note"), blank=True, default="")
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects: ClassVar[Any] = scoped_manager(CohortQuerySet)

    seats_taken: int  # there where with_seats_taken() was asked

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("hold")
        constraints = [
            *same_programme("courses", "cohort", "venue"),
            models.UniqueConstraint(fields=["programme", "name"], name="courses_cohort_name"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="courses_cohort_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(capacity__gte=1), name="courses_cohort_capacity"),
        ]
        indexes = [models.Index(fields=["programme", "starts_on", "id"], name="cohort_by_start")]

    def __str__(self) -> str:
        return self.name

    def is_over(self, today: datetime.date) -> bool:
        """Say whether nobody can join any more: the last day has passed, or the cohort was cancelled."""
        return self.cancelled_at is not None or self.ends_on < today


class Session(ProgrammeOwned):
    """One meeting of a cohort."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sessions")
    title = models.CharField(_("indhold"), max_length=150, blank=True, default="")
    venue = models.ForeignKey(
        Venue, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("mødested")
    )
    starts_at = models.DateTimeField(_("begynder"))
    ends_at = models.DateTimeField(_("slutter"))

    class Meta:
        verbose_name = _("mødegang")
        verbose_name_plural = _("mødegange")
        ordering = ["starts_at", "pk"]
        constraints = [
            *same_programme("courses", "session", "cohort", "venue"),
            models.UniqueConstraint(fields=["cohort", "starts_at"], name="courses_session_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="courses_session_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["programme", "starts_at"], name="session_by_start")]

    def __str__(self) -> str:
        return self.title or str(self.cohort)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def holding_seat(self) -> "EnrolmentQuerySet":
        return self.filter(state__in=SEAT_TAKING)

    def current(self) -> "EnrolmentQuerySet":
        """Those with a seat that has not ended."""
        return self.filter(state__in=CURRENT)

    def waiting(self) -> "EnrolmentQuerySet":
        """The waiting list: those who are still ready for a cohort, first come first."""
        return self.filter(state=EnrolmentState.WAITING, participant__stage=Stage.READY).order_by(
            "state_changed_at", "pk"
        )


class Enrolment(ProgrammeOwned):
    """A person's place in a cohort, from offer to end."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="enrolments")
    participant = models.ForeignKey("participants.Participant", models.CASCADE, related_name="enrolments")
    state = models.CharField(_("tilstand"), max_length=10, choices=EnrolmentState.choices)
    state_changed_at = models.DateTimeField()
    state_changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[Any] = scoped_manager(EnrolmentQuerySet)

    class Meta:
        verbose_name = _("plads")
        verbose_name_plural = _("pladser")
        constraints = [
            *same_programme("courses", "enrolment", "cohort", "participant"),
            *known_values("courses", "enrolment", state=EnrolmentState.values),
            models.UniqueConstraint(fields=["cohort", "participant"], name="courses_enrolment_once"),
            models.UniqueConstraint(
                fields=["participant"],
                condition=models.Q(state__in=CURRENT),
                name="courses_enrolment_one_current",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())

    @property
    def is_current(self) -> bool:
        """Whether the person has a seat that has not ended."""
        return self.state in CURRENT


class Attendance(ProgrammeOwned):
    """Whether a person came to a session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attendances")
    state = models.CharField(_("fremmøde"), max_length=10, choices=AttendanceState.choices)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("fremmøde")
        verbose_name_plural = _("fremmøde")
        constraints = [
            *same_programme("courses", "attendance", "session", "enrolment"),
            *known_values("courses", "attendance", state=AttendanceState.values),
            models.UniqueConstraint(fields=["session", "enrolment"], name="courses_attendance_once"),
        ]
        indexes = [
            models.Index(
                fields=["programme", "-recorded_at"],
                condition=models.Q(state=AttendanceState.APOLOGISED),
                name="attendance_apologies",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())
