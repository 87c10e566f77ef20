"""No query reaches rows outside a programme's scope, and no row points into another programme."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django_scopes import scope
from django_scopes.exceptions import ScopeError

from accounts.models import Programme, ProgrammeOwned
from core.constraints import SameProgramme
from courses.models import Attendance, Cohort, Enrolment, Session
from evaluation.models import Invitation, MissingReason, Response
from messaging.models import OutboundMessage
from outreach.models import (
    Activity,
    Channel,
    CooperationAgreement,
    InterestedPerson,
    LinkScan,
    Poster,
    Referrer,
    TrackedLink,
)
from participants.enums import Outcome, Stage
from participants.models import (
    Agreement,
    ContactAttempt,
    Correction,
    MessageStop,
    NotSamePerson,
    Participant,
    PersonMerge,
    StageChange,
)
from referrals.enums import News
from referrals.models import HeldArrival, NewsTold, Nudge, NudgeRound, Referral
from tests import factories
from tests.factories import NOW
from worklist.models import Task

pytestmark = pytest.mark.servers

OWNED = [model for model in apps.get_models() if issubclass(model, ProgrammeOwned)]

READS_AND_WRITES = {
    "all": lambda rows: list(rows.all()),
    "filter": lambda rows: rows.filter(pk=1),
    "get": lambda rows: rows.get(pk=1),
    "exists": lambda rows: rows.exists(),
    "count": lambda rows: rows.count(),
    "first": lambda rows: rows.first(),
    "values": lambda rows: rows.values("pk"),
    "in_bulk": lambda rows: rows.in_bulk([1]),
    "exclude": lambda rows: rows.exclude(pk=1),
    "select_related": lambda rows: rows.select_related(),
    "iterator": lambda rows: rows.iterator(),
    "aggregate": lambda rows: rows.aggregate(models.Count("pk")),
    "update": lambda rows: rows.update(programme=1),
    "delete": lambda rows: rows.delete(),
    "contains": lambda rows: rows.contains(None),
}


@pytest.mark.django_db
@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
@pytest.mark.parametrize("act", READS_AND_WRITES)
def test_scope_missing_raises(model, act):
    with pytest.raises(ScopeError):
        READS_AND_WRITES[act](model.objects if act != "delete" else model.objects.get_queryset())


def test_scope_shows_own_rows_only(programme, other_programme):
    own = factories.make_participant(programme)
    factories.make_participant(other_programme)
    with scope(programme=programme):
        assert list(Participant.objects.all()) == [own]
    # The control: what no scope guards sees both.
    assert Participant._base_manager.count() == 2


def test_scope_of_a_models_own_queryset_method_is_refused_too(db):
    with pytest.raises(ScopeError):
        Participant.objects.get_queryset().by_name()


def keys_between_programmes():
    for model in OWNED:
        for field in model._meta.concrete_fields:
            if field.is_relation and issubclass(field.related_model, ProgrammeOwned):
                yield model, field


def test_key_to_another_row_of_a_programme_is_always_held_to_that_programme():
    missing = [
        f"{model.__name__}.{field.name}"
        for model, field in keys_between_programmes()
        if not any(
            isinstance(constraint, SameProgramme) and constraint.field == field.name
            for constraint in model._meta.constraints
        )
    ]
    assert missing == []


def test_key_constraints_stand_in_the_database(db):
    wanted = {
        constraint.name
        for model in OWNED
        for constraint in model._meta.constraints
        if isinstance(constraint, SameProgramme)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND cardinality(conkey) = 2")
        found = {name for (name,) in cursor.fetchall()}
    assert wanted <= found
    assert len(wanted) >= 20


def rows_of(programme: Programme) -> dict[type[models.Model], models.Model]:
    """Return a row of every model that points to another row of its programme, and what they point to."""
    participant, another = (factories.make_participant(programme) for _ in range(2))
    organisation = factories.make_organisation(programme)
    referrer = factories.make_referrer(programme, organisation=organisation, left_on=NOW.date())
    venue = factories.make_venue(programme)
    cohort = factories.make_cohort(programme, venue=venue)
    session = factories.make_session(cohort, venue=venue)
    enrolment = factories.make_enrolment(cohort, participant)
    link = factories.make_tracked_link(programme)
    referral = factories.make_referral(programme, participant=participant, referrer=referrer)
    with scope(programme=programme):
        message = OutboundMessage.objects.create(
            programme=programme,
            kind="test",
            unique_key="1",
            participant=participant,
            planned_at=NOW,
            send_after=NOW,
        )
        plain = {"programme": programme, "participant": participant}
        rows = [
            participant,
            referrer,
            referrer.organisation,
            factories.make_channel(programme),
            factories.make_activity(programme),
            factories.make_cooperation_agreement(programme, organisation=organisation),
            link,
            factories.make_interested(programme),
            LinkScan.objects.create(programme=programme, link=link, on=NOW.date(), count=1),
            Poster.objects.create(
                programme=programme, link=link, language="da", headline="Kom med", lines="", saved_at=NOW
            ),
            venue,
            cohort,
            session,
            enrolment,
            message,
            factories.make_task(programme, participant=participant),
            factories.make_form_version(programme),
            factories.make_held_arrival(programme),
            factories.make_waiting_arrival(programme),
            referral,
            NewsTold.objects.create(
                programme=programme, referral=referral, message=message, news=News.values[0]
            ),
            nudge := nudge_of(programme, referrer, message),
            nudge.round,
            factories.make_held_arrival(programme),
            factories.make_response(participant),
            StageChange.objects.filter(participant=participant).get(),
            ContactAttempt.objects.create(outcome="reached", at=NOW, **plain),
            Agreement.objects.create(kind="feedback", text_version="1", method="form", given_at=NOW, **plain),
            Attendance.objects.create(
                programme=programme,
                session=session,
                enrolment=enrolment,
                state="present",
                recorded_at=NOW,
            ),
            Invitation.objects.create(occasion="before", created_at=NOW, **plain),
            MissingReason.objects.create(occasion="after", reason="other", noted_at=NOW, **plain),
            MessageStop.objects.create(stopped_at=NOW, **plain),
            Correction.objects.create(former="{}", at=NOW, **plain),
            NotSamePerson.objects.create(programme=programme, one=participant, other=another, noted_at=NOW),
            PersonMerge.objects.create(
                programme=programme, kept=participant, absorbed=another, merged_at=NOW, changes="{}"
            ),
        ]
    return {type(row): row for row in rows}


def nudge_of(programme: Programme, referrer: Referrer, message: OutboundMessage) -> Nudge:
    """Return a reminder that points to all that one can point to."""
    nudge = factories.make_nudge(programme, referrer=referrer, message=message)
    cohort, visit = factories.make_cohort(programme), factories.make_activity(programme)
    NudgeRound.objects.update(cohort=cohort, activity=visit)
    return nudge


def targets_of(programme: Programme) -> dict[type[models.Model], models.Model]:
    """Return a row of every model that is pointed to, with nothing yet pointing to it."""
    cohort = factories.make_cohort(programme)
    with scope(programme=programme):
        message = OutboundMessage.objects.create(
            programme=programme,
            kind="test",
            unique_key="target",
            participant=factories.make_participant(programme),
            planned_at=NOW,
            send_after=NOW,
        )
    rows = [
        factories.make_participant(programme),
        factories.make_organisation(programme),
        factories.make_referrer(programme),
        factories.make_channel(programme),
        factories.make_activity(programme),
        factories.make_tracked_link(programme),
        factories.make_interested(programme),
        factories.make_venue(programme),
        factories.make_cohort(programme),
        factories.make_session(cohort),
        factories.make_enrolment(cohort),
        factories.make_form_version(programme),
        factories.make_referral(programme),
        message,
        nudge := factories.make_nudge(programme),
        nudge.round,
        nudge.round.rule,
    ]
    return {type(row): row for row in rows}


POINTING = {
    Activity,
    Agreement,
    Attendance,
    Channel,
    Cohort,
    ContactAttempt,
    CooperationAgreement,
    Correction,
    Enrolment,
    HeldArrival,
    InterestedPerson,
    Invitation,
    LinkScan,
    MessageStop,
    MissingReason,
    NotSamePerson,
    Nudge,
    NudgeRound,
    OutboundMessage,
    Participant,
    PersonMerge,
    Poster,
    Referral,
    Referrer,
    Response,
    Session,
    StageChange,
    Task,
    TrackedLink,
}


def test_key_into_another_programme_is_refused_by_the_database(programme, other_programme):
    here, there = rows_of(programme), targets_of(other_programme)
    tried = set()
    for model, field in keys_between_programmes():
        foreign = _only(model, field.name, there[field.related_model])
        refused = "never changed" if model is PersonMerge else "same_programme"
        with pytest.raises(IntegrityError, match=refused):
            point(here[model], foreign)
        tried.add(model)
    assert tried >= POINTING

    # The control: the same update within the programme is taken.
    another = factories.make_participant(programme)
    point(here[Task], {"participant": another})


@transaction.atomic
def point(row: models.Model, change: dict[str, Any]) -> None:
    """Write the change past every manager, and let the database check it at once."""
    type(row)._base_manager.filter(pk=row.pk).update(**change)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _only(model: type[models.Model], name: str, value: models.Model) -> dict[str, Any]:
    """Return the change; a message has one recipient, so the other goes, and a merged record is closed."""
    if model is Participant:
        return {"stage": Stage.CLOSED, "outcome": Outcome.MERGED, name: value}
    if model is OutboundMessage:
        return {"participant": None, "referrer": None, name: value}
    return {name: value}
