"""Every kind of message, written for marked persons: no mark of anybody else, and no word of health."""

import dataclasses
import datetime as dt
import re

import pytest
from django.db.models import Q

from accounts.models import Programme
from messaging.kinds import Rendered
from messaging.models import OutboundMessage
from messaging.services import preview_message
from outreach.models import Referrer
from outreach.rules import STILL_THERE
from participants.models import Participant
from recruitment.message_table import rows
from referrals.models import Referral
from tests.factories import NOW, make_participant, make_referrer, make_task, make_venue
from tests.recruitment.test_message_table import DUE, World
from tests.referrals.paths import refer_with_a_yes
from worklist.enums import TaskKind

PEOPLE = 6
# What a mail to a citizen may not say, nor a subject or sender to anybody (domain: messages).
OF_HEALTH = ("depression", "angst", "stress", "diagnose", "who-5", "trivsel", "sygdom", "psyk", "mental")
OF_THE_PROGRAMME = ("kultur på recept", "recept", "museet", "keramik")
ROWS = {row.name: row for row in rows()}
TO_COLLEAGUES = ["week_digest"]
TO_REFERRERS = [name for name, row in ROWS.items() if STILL_THERE in row.kind.rules]


def marked_person(programme: Programme, number: int, **fields: object) -> Participant:
    return make_participant(
        programme,
        given_name=f"Fornavnsmærke{number}",
        family_name=f"Efternavnsmærke{number}",
        phone=f"+45209900{number:02d}",
        email=f"mailmaerke{number}@borger.example",
        contact_wishes=f"Ønskemærke{number}",
        note=f"Notemærke{number} depression",
        created_at=NOW - dt.timedelta(days=1),
        **fields,
    )


def marks_of(person: Participant) -> list[str]:
    number = person.given_name.removeprefix("Fornavnsmærke")
    return [
        *(f"{kind}mærke{number}" for kind in ("Fornavns", "Efternavns", "Ønske", "Note", "Grund", "Hensyn")),
        f"mailmaerke{number}@",
        f"209900{int(number):02d}",
        f"20 99 00 {int(number):02d}",
    ]


def make_world(programme: Programme, number: int) -> World:
    referrer: Referrer = make_referrer(
        programme, name=f"Henvisermærke{number}", created_at=NOW - dt.timedelta(weeks=30)
    )
    person = marked_person(programme, number)
    referral: Referral = refer_with_a_yes(
        programme,
        referrer,
        participant=person,
        received_at=NOW - dt.timedelta(days=1),
        reason=f"Grundmærke{number} angst",
        considerations=f"Hensynmærke{number}",
        workplace=f"Stedmærke{number}",
    )
    return World(programme, referrer, referral)


def written(name: str, world: World) -> Rendered:
    DUE[name](world)
    message = (
        OutboundMessage.objects.select_related("programme", "participant", "referrer", "interested")
        .filter(
            Q(referrer=world.referrer)
            | Q(participant=world.person)
            | Q(user__isnull=False)
            | Q(interested__isnull=False)
        )
        .latest("pk")
    )
    preview = preview_message(message=message, now=NOW)
    assert preview.rendered is not None
    assert preview.unwanted_because == ""
    return preview.rendered


def all_of(rendered: Rendered) -> str:
    fields = dataclasses.asdict(rendered)
    whole = "\n".join(str(value) for field, value in fields.items() if field != "address").lower()
    return re.sub(r"/[a-z2-7]{26}/", "/…/", whole)


@pytest.mark.parametrize("name", TO_REFERRERS)
def test_no_mail_to_a_referrer_holds_a_mark_of_any_citizen(in_scope: Programme, name: str) -> None:
    worlds = [make_world(in_scope, number) for number in range(1, PEOPLE + 1)]
    for world in worlds:
        said = all_of(written(name, world))
        for other in worlds:
            found = [mark for mark in marks_of(other.person) if mark.lower() in said]
            assert found == []
        strangers = [other for other in worlds if other is not world]
        assert not any(other.referral.reference.lower() in said for other in strangers)
        subject = said.split("\n", 1)[0]
        assert [word for word in OF_HEALTH if word in subject] == []


@pytest.mark.parametrize("name", TO_COLLEAGUES)
def test_no_mail_to_a_colleague_holds_a_mark_of_anybody_or_a_word_of_health(
    in_scope: Programme, name: str
) -> None:
    worlds = [make_world(in_scope, number) for number in range(1, PEOPLE + 1)]
    for world in worlds:
        make_task(in_scope, kind=TaskKind.CALL, participant=world.person, why="Grundmærke: angst")
    said = all_of(written(name, worlds[0]))
    assert str(TaskKind.CALL.label).lower() in said
    marks = [mark for world in worlds for mark in marks_of(world.person)]
    marks += [f"henvisermærke{number}" for number in range(1, PEOPLE + 1)]
    assert [mark for mark in marks if mark.lower() in said] == []
    assert [word for word in OF_HEALTH if word in said] == []


@pytest.mark.parametrize("name", sorted(set(ROWS) - set(TO_REFERRERS) - set(TO_COLLEAGUES)))
def test_no_mail_to_a_citizen_holds_a_mark_of_another_or_a_word_of_health(
    in_scope: Programme, name: str
) -> None:
    make_venue(in_scope, name="Museet i byen")
    worlds = [make_world(in_scope, number) for number in range(1, PEOPLE + 1)]
    for world in worlds:
        said = all_of(written(name, world))
        third = [mark for other in worlds if other is not world for mark in marks_of(other.person)]
        third += [f"henvisermærke{number}" for number in range(1, PEOPLE + 1)]
        third += [f"stedmærke{number}" for number in range(1, PEOPLE + 1)]
        said_of_self = [f"{kind}mærke" for kind in ("note", "grund", "hensyn", "ønske")]
        assert [mark for mark in [*third, *said_of_self] if mark.lower() in said] == []
        assert [word for word in (*OF_HEALTH, *OF_THE_PROGRAMME) if word in said] == []
