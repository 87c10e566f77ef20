"""What a participant does on their own page that needs more than one package."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from core.danish import add_working_days
from participants.enums import AgreementKind, AgreementMethod
from participants.models import Agreement, Participant
from participants.services import give_agreement, update_participant, withdraw_agreement
from worklist.enums import TaskKind
from worklist.services import open_task

NO_LONGER_REFERRED = "Har trukket sit ja til at blive henvist tilbage. Ring, og hør, hvad personen ønsker."

REACHED_BY = {"phone": "sit telefonnummer", "email": "sin e-mail"}
# Raise it with every change of a sentence in recruitment.queries.own_page.AGREED.
OWN_PAGE_TEXTS = "egen-side-1"


@transaction.atomic
def withdraw_own_agreement(*, participant: Participant, kind: AgreementKind, now: dt.datetime) -> bool:
    """End the agreement as the person wishes; return whether it was in force.

    Without the yes to being referred nobody may go on as if nothing had happened: a call is due today, or
    on the next working day.
    """
    withdrawn = withdraw_agreement(participant=participant, kind=kind, by=None, now=now)
    if withdrawn and kind == AgreementKind.REFERRED:
        open_task(
            programme=participant.programme,
            kind=TaskKind.CALL,
            why=NO_LONGER_REFERRED,
            due_on=add_working_days(localdate(now), 0),
            now=now,
            participant=participant,
        )
    return withdrawn


@transaction.atomic
def give_own_agreement(*, participant: Participant, kind: AgreementKind, now: dt.datetime) -> Agreement:
    """Return the agreement in force, given by the person themselves to the sentence on their own page."""
    return give_agreement(
        participant=participant,
        kind=kind,
        method=AgreementMethod.OWN_PAGE,
        text_version=OWN_PAGE_TEXTS,
        by=None,
        now=now,
    )


@transaction.atomic
def change_own_contact(
    *,
    participant: Participant,
    phone: str,
    email: str,
    contact_wishes: str,
    language: str,
    now: dt.datetime,
) -> bool:
    """Let the person correct how they are reached, and keep what it was; return whether it changed.

    Another number or address opens a call for the next working day: whoever holds the link is the person
    for us, so a colleague hears on the new number whether it is. The old one is told nothing.
    """
    said = {"phone": phone, "email": email, "contact_wishes": contact_wishes, "language": language}
    locked: Participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    changed = {name for name, value in said.items() if (getattr(locked, name) or "") != value}
    update_participant(participant=locked, by=None, now=now, **said)
    reached_by = [label for name, label in REACHED_BY.items() if name in changed]
    if reached_by:
        open_task(
            programme=locked.programme,
            kind=TaskKind.CALL,
            why=f"Har selv rettet {' og '.join(reached_by)}. Ring, og hør, om det passer.",
            due_on=add_working_days(localdate(now) + dt.timedelta(days=1), 0),
            now=now,
            participant=locked,
        )
    return bool(changed)
