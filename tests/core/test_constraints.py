"""The database itself refuses a row whose keys belong to another programme, or whose state nobody knows."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django_scopes import scopes_disabled

from core.constraints import SameProgramme
from courses.models import Cohort, Enrolment
from tests import factories
from tests.test_architecture import PACKAGES


def programme_keys():
    """Return (model, field) for each foreign key from a row with a programme to another such row."""
    for model in apps.get_models():
        if not _has_programme(model):
            continue
        for field in model._meta.concrete_fields:
            if field.many_to_one and field.name != "programme" and _has_programme(field.related_model):
                yield model, field


def _has_programme(model) -> bool:
    return any(field.name == "programme" for field in model._meta.concrete_fields)


def refused_by_the_database(change) -> str:
    """Return the name of the constraint that refuses `change` at the end of its transaction."""

    def change_and_end() -> None:
        with transaction.atomic():
            change()
            end_transaction()

    with pytest.raises(IntegrityError) as refusal:
        change_and_end()
    return refusal.value.__cause__.diag.constraint_name


def end_transaction() -> None:
    """Check now what is checked at the end of a transaction; a test's own never ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_nobody_is_placed_in_a_cohort_of_another_programme(programme, other_programme):
    enrolment = factories.make_enrolment(factories.make_cohort(programme))
    elsewhere = factories.make_cohort(other_programme)

    def move_by_sql():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE courses_enrolment SET cohort_id = %s WHERE id = %s", [elsewhere.pk, enrolment.pk]
            )

    def move_by_orm():
        with scopes_disabled():
            Enrolment.objects.filter(pk=enrolment.pk).update(cohort=elsewhere)

    assert refused_by_the_database(move_by_sql) == "courses_enrolment_cohort_same_programme"
    assert refused_by_the_database(move_by_orm) == "courses_enrolment_cohort_same_programme"


@pytest.mark.django_db
def test_a_cohort_with_people_in_it_does_not_move_to_another_programme(programme, other_programme):
    cohort = factories.make_enrolment(factories.make_cohort(programme)).cohort

    def move():
        with scopes_disabled():
            Cohort.objects.filter(pk=cohort.pk).update(programme=other_programme)

    assert refused_by_the_database(move)


@pytest.mark.django_db
def test_a_row_within_its_own_programme_is_accepted(programme):
    enrolment = factories.make_enrolment(factories.make_cohort(programme))
    own = factories.make_cohort(programme)
    with scopes_disabled():
        Enrolment.objects.filter(pk=enrolment.pk).update(cohort=own)
    end_transaction()


def test_every_key_between_rows_of_programmes_is_held_to_one_programme():
    held = {
        (model, constraint.field)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, SameProgramme)
    }
    keys = {(model, field.name) for model, field in programme_keys()}
    assert len(keys) > 10
    assert keys - held == set()


@pytest.mark.django_db
def test_every_such_constraint_stands_in_the_database():
    declared = {
        constraint.name
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, SameProgramme)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND convalidated")
        assert declared <= {name for (name,) in cursor}


# --- Closed lists ----------------------------------------------------------------------------------

CLOSED = [
    (model, field)
    for model in apps.get_models()
    if model._meta.app_label in PACKAGES
    for field in model._meta.concrete_fields
    if field.choices and field.name != "language"  # languages come and go with the settings
]


def fields_held(model) -> set[str]:
    """Return the fields that a check constraint of the model holds to values."""

    def names(condition):
        for child in condition.children:
            yield from names(child) if isinstance(child, models.Q) else [child[0]]

    return {
        name.removesuffix("__in")
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        for name in names(constraint.condition)
        if name.endswith("__in")
    }


@pytest.mark.parametrize(
    ("model", "field"), CLOSED, ids=[f"{model.__name__}.{field.name}" for model, field in CLOSED]
)
def test_constraint_holds_every_closed_list_to_its_values(model, field):
    assert field.name in fields_held(model), "see core.constraints.known_values"


def test_constraint_refuses_a_state_that_nobody_knows(programme):
    task = factories.make_task(programme)
    rows = type(task)._base_manager.filter(pk=task.pk)
    with pytest.raises(IntegrityError, match="worklist_task_state_known"), transaction.atomic():
        rows.update(state="asleep", closed_at=factories.NOW)
    rows.update(state="done", closed_at=factories.NOW)
