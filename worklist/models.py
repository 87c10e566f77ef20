"""Tasks: what needs doing, for whom, by when, and why it is here."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from core.fields import EncryptedTextField
from core.scopes import scoped_manager
from worklist.enums import TaskKind, TaskState

# The subjects a task may have; exactly one is set, or none for a task of the programme itself.
SUBJECTS = ("participant", "cohort", "referrer", "message", "activity", "organisation")


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> "TaskQuerySet":
        """Those that still need doing."""
        return self.filter(state=TaskState.OPEN)

    def in_order(self) -> "TaskQuerySet":
        """What is due first comes first."""
        return self.order_by("due_on", "created_at", "pk")


class Task(ProgrammeOwned):
    """One thing to do; at most one open task for a kind and a subject."""

    kind = models.CharField(_("slags"), max_length=30, choices=TaskKind.choices)
    participant = models.ForeignKey(
        "participants.Participant", models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    cohort = models.ForeignKey("courses.Cohort", models.CASCADE, null=True, blank=True, related_name="tasks")
    referrer = models.ForeignKey(
        "outreach.Referrer", models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    message = models.ForeignKey(
        "messaging.OutboundMessage", models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    activity = models.ForeignKey(
        "outreach.Activity", models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    organisation = models.ForeignKey(
        "outreach.Organisation", models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    why = EncryptedTextField(_("hvorfor"), default="", blank=True)  # one reason a line
    due_on = models.DateField(_("senest"))
    minutes = models.PositiveSmallIntegerField(_("minutter"), default=15)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # empty on a closed task: what it asked for came by itself

    objects: ClassVar[Any] = scoped_manager(TaskQuerySet)

    class Meta:
        verbose_name = _("opgave")
        verbose_name_plural = _("opgaver")
        constraints = [
            *same_programme("worklist", "task", *SUBJECTS),
            *known_values("worklist", "task", kind=TaskKind.values, state=TaskState.values),
            models.UniqueConstraint(
                fields=["programme", "kind", *SUBJECTS],
                condition=models.Q(state=TaskState.OPEN) & ~models.Q(kind=TaskKind.OTHER),
                nulls_distinct=False,
                name="worklist_task_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state=TaskState.OPEN, closed_at=None)
                | (~models.Q(state=TaskState.OPEN) & models.Q(closed_at__isnull=False)),
                name="worklist_task_closed_at_when_closed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["programme", "due_on", "created_at", "id"],
                condition=models.Q(state=TaskState.OPEN),
                name="task_open_by_due",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def reasons(self) -> list[str]:
        """Why the task is here, one sentence each, oldest first."""
        return [line for line in (self.why or "").splitlines() if line]
