"""What is written to the log holds no secret and no person's data that has a form of its own."""

import io
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from core.logs import PrivateFormatter, without_secrets
from core.tokens import issue_token
from participants.models import Participant
from tests import factories

PLAIN = logging.Formatter("{asctime} {levelname} {name} {message}", style="{")


@pytest.fixture
def written() -> Iterator[Callable[[logging.Formatter], str]]:
    """Return what has been logged, as a formatter writes it."""
    records: list[logging.LogRecord] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    keeper = Keeper()
    logging.getLogger().addHandler(keeper)
    yield lambda formatter: "\n".join(formatter.format(record) for record in records)
    logging.getLogger().removeHandler(keeper)


@pytest.fixture
def raw(programme) -> str:
    now = timezone.now()
    return issue_token(
        purpose="measure",
        programme_id=programme.pk,
        subject_id=7,
        expires_at=now + timedelta(days=1),
        now=now,
    )


def ours() -> logging.Formatter:
    """Return the formatter that the settings give every handler."""
    (handler,) = settings.LOGGING["handlers"].values()
    options = dict(settings.LOGGING["formatters"][handler["formatter"]])
    assert options.pop("()") == "core.logs.PrivateFormatter"
    return PrivateFormatter(fmt=options["format"], style=options["style"])


def test_log_of_refused_requests_holds_no_token(raw, written):
    """Each of these is logged by Django with its path; the control is Django's own formatter."""
    strict = Client(enforce_csrf_checks=True)
    address = f"/min-side/{raw}/"
    Client().put(address)
    Client().post(address)
    strict.post(address)
    Client().get(f"/findes-ikke/{raw}/")
    Client().get(f"/findes-ikke/{raw.upper()}.")

    assert written(PLAIN).lower().count(raw) >= 4
    assert raw not in written(ours()).lower()
    assert "Method Not Allowed: /min-side/[…]/" in written(ours())


@pytest.mark.django_db
def test_log_of_a_password_link_that_is_refused_holds_no_key(written):
    Client(enforce_csrf_checks=True).post("/konto/password/reset/key/3-cxhyl5-0123456789abcdef/")
    assert "0123456789abcdef" in written(PLAIN)
    assert "0123456789abcdef" not in written(ours())


def test_log_of_a_row_that_the_database_refuses_holds_none_of_its_values(programme, written):
    participant = factories.make_participant(programme, given_name="Ørnulf", family_name="Æbelø")
    try:
        with transaction.atomic():
            Participant._base_manager.filter(pk=participant.pk).update(birth_year=1492)
    except IntegrityError:
        logging.getLogger("tests").exception("A row was refused.")

    assert "Æbelø" in written(PLAIN)
    assert "Æbelø" not in written(ours())
    assert 'violates check constraint "participants_participant_birth_year"' in written(ours())
    assert "DETAIL: […]" in written(ours())


@pytest.mark.parametrize(
    "secret",
    ["anna.ås@eksempel.dk", "+4520123456", "010203-1234", "abcdefghijklmnopqrstuvwxyz", "2" * 26],
)
@pytest.mark.parametrize("around", ["{}", "to={},", "'{}'", "(<{}>)", "/{}/", "{}."])
def test_log_line_loses_what_has_a_form_of_its_own(secret, around):
    assert secret not in without_secrets(f"Sent {around.format(secret)} today")


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-21 23:17:05,123 INFO celery.app.trace Task messaging.sweep[4f1c0b9e-90aa] succeeded in 0.1s",
        "A link for measure is unusable: expired.",
        "Not Found: /deltagere/987654321/",
        "Message 12345678901 could not be written.",
    ],
)
def test_log_line_without_secrets_stands_as_it_was(line):
    assert without_secrets(line) == line


def test_log_of_a_whole_traceback_keeps_its_places():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ours())
    logger = logging.Logger("tests")
    logger.addHandler(handler)
    try:
        raise ValueError("koordinator@kommune.dk\nDETAIL:  Key (name)=(Anna) exists.\n")
    except ValueError:
        logger.exception("It failed for 010203-1234")
    text = stream.getvalue()
    assert "Traceback (most recent call last)" in text
    assert "test_logs.py" in text
    for secret in ("koordinator", "Anna", "010203"):
        assert secret not in text.partition("ValueError:")[2] + text.splitlines()[0]
