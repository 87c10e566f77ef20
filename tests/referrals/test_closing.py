"""The closing note: what it tells, and that it tells nothing where the citizen has not agreed."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from accounts.models import Programme, User
from courses.enums import EnrolmentState
from participants.enums import (
    AgreementKind,
    AgreementMethod,
    ContactMethod,
    ContactOutcome,
    Outcome,
    Stage,
)
from participants.models import Agreement, ContactAttempt, Participant, StageChange
from referrals.closing import TOLD_AS
from referrals.enums import Intake, ReferralKind
from referrals.models import Referral
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

CAME, REACHED, STARTED, ENDED = (NOW + dt.timedelta(days=days) for days in (0, 1, 14, 60))
SECRETS = ("Gråd i telefonen", "Depression", "Stoppet på grund af sygdom", "Kan ikke trapper")


@pytest.fixture
def desk(client_for, coordinator: User) -> Client:
    return client_for(coordinator)


def referred(
    programme: Programme, *, agreed: bool = True, stage: Stage = Stage.CLOSED, **fields: Any
) -> Referral:
    """Return a referral by XREF15 with secrets about the person that no note may tell."""
    outcome = fields.pop("outcome", Outcome.STOPPED_ILLNESS if stage == Stage.CLOSED else "")
    participant = factories.make_participant(
        programme, given_name="Anna", family_name="Ærø", stage=stage, outcome=outcome, note="Depression"
    )
    referral = factories.make_referral(
        programme,
        participant=participant,
        **{
            "kind": ReferralKind.GP,
            "intake": Intake.XREF15,
            "workplace": "Lægerne Torvet",
            "reason": "Depression",
            "considerations": "Kan ikke trapper",
            "feedback_allowed": agreed,
            "received_at": CAME,
            **fields,
        },
    )
    with scope(programme=programme):
        ContactAttempt.objects.create(
            programme=programme,
            participant=participant,
            method=ContactMethod.PHONE,
            outcome=ContactOutcome.REACHED,
            note="Gråd i telefonen",
            at=REACHED,
        )
        if agreed:
            agree(participant)
        if stage == Stage.CLOSED:
            StageChange.objects.create(
                programme=programme, participant=participant, to_stage=stage, outcome=outcome, at=ENDED
            )
    return referral


def agree(participant: Participant) -> None:
    Agreement.objects.create(
        programme=participant.programme,
        participant=participant,
        kind=AgreementKind.FEEDBACK,
        method=AgreementMethod.REFERRER,
        text_version="1",
        given_at=CAME,
    )


def took_part(referral: Referral) -> None:
    factories.make_enrolment(
        factories.make_cohort(referral.programme),
        referral.participant,
        state=EnrolmentState.STOPPED,
        started_at=STARTED,
        state_changed_at=ENDED,
    )


def page(desk: Client, referral: Referral) -> str:
    response = desk.get(f"/henvisninger/{referral.pk}/afslutning/")
    assert response.status_code == 200
    return response.content.decode()


def test_note_tells_the_days_that_the_citizen_agreed_to_tell(desk: Client, programme: Programme) -> None:
    referral = referred(programme)
    took_part(referral)

    text = page(desk, referral)

    assert "Vi modtog henvisningen til Kultur på Recept den 10.03.2026." in text
    assert "Vi fik kontakt med borgeren den 11.03.2026." in text
    assert "Borgeren deltog i forløbet fra 24.03.2026 til 09.05.2026." in text
    assert "Borgeren stoppede, før forløbet var slut." in text
    assert "20 12 34 56" in text
    assert f"Vedr. henvisning {referral.reference}" in text


def test_note_tells_no_notes_no_reasons_and_no_illness(desk: Client, programme: Programme) -> None:
    text = page(desk, referred(programme))

    assert "Borgeren kom ikke i gang med forløbet." in text
    for secret in SECRETS:
        assert secret not in text


def test_note_for_the_care_system_follows_the_order_of_xdis15(desk: Client, programme: Programme) -> None:
    text = page(desk, referred(programme))
    note = text[text.index('id="xdis15-note"') :]

    places = [
        note.index(field)
        for field in ("Henvisningsdato: 10.03.2026", "Afslutningsdato: 09.05.2026", "Epikrise:")
    ]
    signed = note.index("Underskrevet af: Koordinator Kirsten Koordinator, Prøve Kommune")
    assert places == sorted(places)
    assert places[-1] < signed


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.ACTIVE])
def test_note_says_only_that_it_came_where_the_citizen_has_not_agreed(
    desk: Client, programme: Programme, stage: Stage
) -> None:
    referral = referred(programme, agreed=False, stage=stage)
    took_part(referral)

    text = page(desk, referral)

    assert "Vi har modtaget henvisningen til Kultur på Recept den 10.03.2026." in text
    assert "Der er ikke sagt ja til, at henviseren hører, hvordan det går" in text
    for told in ("24.03.2026", "09.05.2026", "11.03.2026", "Afslutningsdato", *TOLD_AS.values(), *SECRETS):
        assert told not in text


def test_note_stops_telling_when_the_agreement_is_withdrawn(desk: Client, programme: Programme) -> None:
    referral = referred(programme)
    assert "Borgeren stoppede" in page(desk, referral)

    with scope(programme=programme):
        Agreement.objects.update(withdrawn_at=ENDED)

    assert "Borgeren stoppede" not in page(desk, referral)


def test_note_of_a_path_that_had_ended_before_the_referral_waits_too(
    desk: Client, programme: Programme
) -> None:
    referral = referred(programme, received_at=ENDED + dt.timedelta(days=10))
    with scope(programme=programme):
        Agreement.objects.update(given_at=ENDED + dt.timedelta(days=10))

    assert "Forløbet er ikke afsluttet endnu" in page(desk, referral)


def test_note_waits_until_the_path_has_ended(desk: Client, programme: Programme) -> None:
    text = page(desk, referred(programme, stage=Stage.ACTIVE))

    assert "Forløbet er ikke afsluttet endnu" in text
    assert "Vi fik kontakt" not in text


def test_note_counts_a_place_that_was_taken_up_before_a_second_referral(
    desk: Client, programme: Programme
) -> None:
    referral = referred(programme, received_at=STARTED + dt.timedelta(days=5))
    with scope(programme=programme):
        Agreement.objects.update(given_at=ENDED)
    took_part(referral)

    assert "Borgeren deltog i forløbet fra 24.03.2026" in page(desk, referral)


@pytest.mark.parametrize("kind", [ReferralKind.SELF, ReferralKind.COORDINATOR])
def test_nobody_is_answered_about_somebody_who_came_by_themselves(
    desk: Client, programme: Programme, kind: ReferralKind
) -> None:
    referral = referred(programme, kind=kind)

    assert desk.get(f"/henvisninger/{referral.pk}/afslutning/").status_code == 404


def test_every_outcome_is_told_in_words_of_its_own() -> None:
    assert set(TOLD_AS) == set(Outcome)


def test_participant_page_leads_to_the_note(desk: Client, programme: Programme) -> None:
    referral = referred(programme)

    person = desk.get(f"/deltagere/{referral.participant_id}/").content.decode()

    assert f"/henvisninger/{referral.pk}/afslutning/" in person
