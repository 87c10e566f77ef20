"""The person, their path, attempts to reach them and what they agreed to."""

import json
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from accounts.models import ProgrammeOwned
from core.constraints import known_values, same_programme
from core.fields import EncryptedTextField
from core.scopes import scoped_manager
from core.search import holds_words
from participants.enums import (
    AgreementKind,
    AgreementMethod,
    ContactMethod,
    ContactOutcome,
    Outcome,
    Stage,
)


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def open(self) -> "ParticipantQuerySet":
        """Those whose path has not ended."""
        return self.exclude(stage=Stage.CLOSED)

    def waiting_for_seat(self) -> "ParticipantQuerySet":
        """Those who are ready for a cohort and have no seat."""
        return self.filter(stage=Stage.READY)

    def by_name(self) -> "ParticipantQuerySet":
        """In Danish alphabetical order, alike on every server."""
        return self.order_by("name_key", "pk")

    def matching(self, text: str) -> "ParticipantQuerySet":
        """Those whose folded name holds each word of `text`; nobody when it holds no letter or digit."""
        return self.filter(holds_words(text))


class Participant(ProgrammeOwned):
    """A citizen on the way through a programme. The stage is written by `change_stage` alone."""

    reference = models.CharField(_("referencenummer"), max_length=12, editable=False)
    # A number that stands beside measures instead of the person, so that statistics need no key.
    pseudonym = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    given_name = models.CharField(_("fornavn"), max_length=100)
    family_name = models.CharField(_("efternavn"), max_length=100)
    name_key = models.CharField(max_length=600, editable=False)
    name_folded = models.CharField(max_length=600, editable=False)
    phone = EncryptedTextField(_("telefon"), default="", blank=True)
    phone_hash = models.CharField(max_length=64, default="", blank=True, editable=False)
    email = EncryptedTextField(_("e-mail"), default="", blank=True)
    email_hash = models.CharField(max_length=64, default="", blank=True, editable=False)
    birth_year = models.PositiveSmallIntegerField(_("fødselsår"), null=True, blank=True)
    postcode = models.CharField(_("postnummer"), max_length=4, default="", blank=True)
    language = models.CharField(_("sprog"), max_length=5, choices=settings.LANGUAGES, default="da")
    contact_wishes = EncryptedTextField(_("ønsker til kontakt"), default="", blank=True)
    note = EncryptedTextField(_("koordinatorens note"), default="", blank=True)
    stage = models.CharField(
        _("trin"), max_length=20, choices=Stage.choices, default=Stage.RECEIVED, editable=False
    )
    stage_changed_at = models.DateTimeField(editable=False)
    outcome = models.CharField(
        _("udfald"), max_length=20, choices=Outcome.choices, default="", blank=True, editable=False
    )
    messages_stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The record that this person goes on under, when two turned out to be one (see PersonMerge).
    merged_into = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(editable=False)

    # A merged record is in no list, search or count, and no service reaches it, unless it is asked for.
    objects: ClassVar[Any] = scoped_manager(ParticipantQuerySet, merged_into=None)
    with_merged: ClassVar[Any] = scoped_manager(ParticipantQuerySet)

    class Meta:
        verbose_name = _("deltager")
        verbose_name_plural = _("deltagere")
        constraints = [
            *same_programme("participants", "participant", "merged_into"),
            models.UniqueConstraint(fields=["reference"], name="participants_participant_reference"),
            models.CheckConstraint(
                condition=models.Q(stage__in=Stage.values), name="participants_participant_stage_known"
            ),
            models.CheckConstraint(
                condition=models.Q(stage=Stage.CLOSED, outcome__in=Outcome.values)
                | (~models.Q(stage=Stage.CLOSED) & models.Q(outcome="")),
                name="participants_participant_outcome_when_closed",
            ),
            models.CheckConstraint(
                condition=models.Q(birth_year=None) | models.Q(birth_year__gte=1900, birth_year__lte=2100),
                name="participants_participant_birth_year",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) ^ models.Q(outcome=Outcome.MERGED),
                name="participants_participant_merged_into_when_merged",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")),
                name="participants_participant_not_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "name_key", "id"], name="participant_by_name"),
            models.Index(fields=["programme", "stage", "-stage_changed_at"], name="participant_by_stage"),
            models.Index(fields=["programme", "-created_at", "-id"], name="participant_by_arrival"),
            models.Index(fields=["programme", "phone_hash"], name="participant_by_phone"),
            models.Index(fields=["programme", "email_hash"], name="participant_by_email"),
            models.Index(fields=["programme", "birth_year"], name="participant_by_year"),
            GinIndex(OpClass(models.F("name_folded"), name="gin_trgm_ops"), name="participant_name_trigrams"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def initials(self) -> str:
        """The first letter of each name, such as "A.S."; all that a referrer's page shows."""
        names = [name for name in (self.given_name, self.family_name) if name]
        return "".join(f"{name[0].upper()}." for name in names)


class StageChange(ProgrammeOwned):
    """One move on the path; rows are added and never changed."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(max_length=20, choices=Stage.choices, default="", blank=True)
    to_stage = models.CharField(max_length=20, choices=Stage.choices)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default="", blank=True)
    reason = EncryptedTextField(default="", blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # empty: the citizen or referrer by a form, or the clock

    class Meta:
        verbose_name = _("skift af trin")
        verbose_name_plural = _("skift af trin")
        ordering = ["at", "pk"]
        constraints = [
            *same_programme("participants", "stagechange", "participant"),
            *known_values(
                "participants",
                "stagechange",
                from_stage=["", *Stage.values],
                outcome=["", *Outcome.values],
            ),
            models.CheckConstraint(
                condition=models.Q(to_stage__in=Stage.values), name="participants_stagechange_to_known"
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "to_stage", "at"], name="stagechange_by_stage"),
            models.Index(fields=["programme", "-at"], name="stagechange_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.from_stage} → {self.to_stage}"


class ContactAttempt(ProgrammeOwned):
    """One attempt to reach a participant, and what came of it."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="contact_attempts")
    method = models.CharField(
        _("måde"), max_length=10, choices=ContactMethod.choices, default=ContactMethod.PHONE
    )
    outcome = models.CharField(_("udfald"), max_length=20, choices=ContactOutcome.choices)
    note = EncryptedTextField(_("note"), default="", blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("kontaktforsøg")
        verbose_name_plural = _("kontaktforsøg")
        ordering = ["at", "pk"]
        constraints = [
            *same_programme("participants", "contactattempt", "participant"),
            *known_values(
                "participants", "contactattempt", method=ContactMethod.values, outcome=ContactOutcome.values
            ),
        ]
        indexes = [models.Index(fields=["programme", "-at"], name="contactattempt_recent")]

    def __str__(self) -> str:
        return str(self.get_outcome_display())


class Agreement(ProgrammeOwned):
    """What a citizen agreed to: when, how, under which text; withdrawn as easily as given."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="agreements")
    kind = models.CharField(max_length=20, choices=AgreementKind.choices)
    text_version = models.CharField(max_length=20)
    method = models.CharField(max_length=20, choices=AgreementMethod.choices)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # empty on one that has ended: the citizen, on their own page

    class Meta:
        verbose_name = _("aftale")
        verbose_name_plural = _("aftaler")
        ordering = ["given_at", "pk"]
        constraints = [
            *same_programme("participants", "agreement", "participant"),
            *known_values(
                "participants", "agreement", kind=AgreementKind.values, method=AgreementMethod.values
            ),
            models.UniqueConstraint(
                fields=["participant", "kind"],
                condition=models.Q(withdrawn_at=None),
                name="participants_agreement_one_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by=None) | models.Q(withdrawn_at__isnull=False),
                name="participants_agreement_withdrawn_by_when_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class MessageStop(ProgrammeOwned):
    """A time without messages, as the person wishes; `messages_stopped_at` follows the one in force."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="message_stops")
    stopped_at = models.DateTimeField()
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # empty: the citizen, on their own page
    resumed_at = models.DateTimeField(null=True, blank=True)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("nej til beskeder")
        verbose_name_plural = _("nej til beskeder")
        ordering = ["stopped_at", "pk"]
        constraints = [
            *same_programme("participants", "messagestop", "participant"),
            models.UniqueConstraint(
                fields=["participant"],
                condition=models.Q(resumed_at=None),
                name="participants_messagestop_one_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(resumed_by=None) | models.Q(resumed_at__isnull=False),
                name="participants_messagestop_resumed_by_when_resumed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stopped_at:%d.%m.%Y}"


class Correction(ProgrammeOwned):
    """What was known of a person before somebody corrected it; rows are added and never changed."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="corrections")
    former = EncryptedTextField()  # JSON: the former value of each field that was changed, by its name
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # empty: the citizen on their own page, or a form that filled a gap

    class Meta:
        verbose_name = _("rettelse")
        verbose_name_plural = _("rettelser")
        ordering = ["at", "pk"]
        constraints = [*same_programme("participants", "correction", "participant")]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y}"

    @property
    def former_values(self) -> dict[str, Any]:
        return dict(json.loads(self.former or "{}"))


class NotSamePerson(ProgrammeOwned):
    """Two who resemble each other and are not one person, as somebody has found out.

    It holds until it is taken back, or until one of them gets another name or contact.
    """

    one = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    other = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # empty on one that has ended: what was known of one of them has changed

    class Meta:
        verbose_name = _("ikke samme person")
        verbose_name_plural = _("ikke samme person")
        ordering = ["noted_at", "pk"]
        constraints = [
            *same_programme("participants", "notsameperson", "one", "other"),
            models.UniqueConstraint(
                Least("one", "other"),
                Greatest("one", "other"),
                condition=models.Q(ended_at=None),
                name="participants_notsameperson_one_in_force",
            ),
            models.CheckConstraint(
                condition=~models.Q(one=models.F("other")), name="participants_notsameperson_two_persons"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by=None) | models.Q(ended_at__isnull=False),
                name="participants_notsameperson_ended_by_when_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} ≠ {self.other_id}"


class PersonMerge(ProgrammeOwned):
    """Two records that became one: by whom, when, and all that is needed to take it back.

    Rows are added; only that it was undone is noted on one, once. The database refuses any other change.
    """

    kept = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    absorbed = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changes = EncryptedTextField()  # JSON: the rows that moved and every former value

    class Meta:
        verbose_name = _("samling af to personer")
        verbose_name_plural = _("samlinger af to personer")
        ordering = ["merged_at", "pk"]
        constraints = [
            *same_programme("participants", "personmerge", "kept", "absorbed"),
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=models.Q(undone_at=None),
                name="participants_personmerge_one_in_force",
            ),
            models.CheckConstraint(
                condition=~models.Q(kept=models.F("absorbed")), name="participants_personmerge_two_persons"
            ),
            models.CheckConstraint(
                condition=models.Q(undone_by=None) | models.Q(undone_at__isnull=False),
                name="participants_personmerge_undone_by_when_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} → {self.kept_id}"
