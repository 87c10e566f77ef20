"""A list of partners and their people from a spreadsheet: kept encrypted while it is checked, then taken in.

What is known is never changed by a list: gaps are filled and roles added, and nobody is moved or doubled.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction

from accounts.models import Programme, User
from core.danish import name_key
from core.lookups import email_hash
from outreach.enums import OrganisationKind
from outreach.models import Organisation, PartnerDraft, Referrer
from outreach.services.partners import (
    KEY_LENGTH,
    create_organisation,
    create_referrer,
    update_referrer,
)

# A list is checked and taken in in one sitting; whoever is called away finds it again the same day.
KEPT = dt.timedelta(hours=24)
GAPS = ("organisation", "title", "email", "phone", "onboarded_on", "tried_activity_on")
ROLES = ("is_key_person", "is_ambassador", "is_leader")


@dataclass(frozen=True, kw_only=True)
class ListedPartner:
    """One line: a place, and perhaps somebody there (`name` is "" for the place alone)."""

    line: int
    organisation: str
    kind: OrganisationKind
    name: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    is_key_person: bool = False
    is_ambassador: bool = False
    is_leader: bool = False
    onboarded_on: dt.date | None = None
    tried_activity_on: dt.date | None = None


class Known(StrEnum):
    """What a list finds of a place or a person."""

    NOTHING = ""
    NEW = "new"
    ABOVE = "above"  # on a line higher up
    HERE = "here"
    ELSEWHERE = "elsewhere"  # a person, whom we know at another place
    LEFT = "left"


@dataclass(frozen=True)
class Found:
    """One line and what is known of it already."""

    listed: ListedPartner
    kind: OrganisationKind  # of the place as we know it, or as the list says
    place: Known
    person: Known
    referrer: Referrer | None = None


@dataclass(frozen=True)
class Imported:
    """How many places and people are new, and how many people were known."""

    places: int
    people: int
    known: int


class _Register:
    """The places and people of the programme, asked for once; what a list adds joins them."""

    def __init__(self) -> None:
        self.places = {place.name_key: place for place in Organisation.objects.all()}
        self.by_email: dict[str, Referrer] = {}
        self.by_name: dict[tuple[str, int | None], Referrer] = {}
        for referrer in Referrer.objects.select_related("organisation").order_by("-pk"):
            self.add(referrer)

    def add(self, referrer: Referrer) -> None:
        if referrer.email_hash:
            self.by_email[referrer.email_hash] = referrer
        self.by_name[referrer.name_key, referrer.organisation_id] = referrer

    def person(self, listed: ListedPartner, place: Organisation | None) -> Referrer | None:
        """Return whom the line means: by address; else by name at the place, unless both have another."""
        found = self.by_email.get(email_hash(listed.email)) if listed.email else None
        if found is not None or place is None:
            return found
        same_name = self.by_name.get((_key(listed.name), place.pk))
        return None if same_name and listed.email and same_name.email_hash else same_name


def look_up(listed: Sequence[ListedPartner]) -> list[Found]:
    """Return for each line what is known of it; two queries."""
    register, places, people = _Register(), set[str](), set[tuple[str, str]]()
    found = []
    for one in listed:
        place_key = _key(one.organisation)
        place = register.places.get(place_key)
        referrer = register.person(one, place) if one.name else None
        who = (
            email_hash(one.email) if one.email else "",
            "" if one.email else f"{place_key} {_key(one.name)}",
        )
        found.append(
            Found(
                one,
                kind=OrganisationKind(place.kind) if place else one.kind,
                place=Known.HERE if place else Known.ABOVE if place_key in places else Known.NEW,
                person=_known(one, place, referrer, who in people),
                referrer=referrer,
            )
        )
        places.add(place_key)
        people.add(who)
    return found


def _known(
    listed: ListedPartner, place: Organisation | None, referrer: Referrer | None, above: bool
) -> Known:
    if not listed.name:
        return Known.NOTHING
    if referrer is None:
        return Known.ABOVE if above else Known.NEW
    if referrer.left_on is not None:
        return Known.LEFT
    elsewhere = referrer.organisation_id is not None and (
        place is None or place.pk != referrer.organisation_id
    )
    return Known.ELSEWHERE if elsewhere else Known.HERE


# --- Keeping it ------------------------------------------------------------------------------------


@transaction.atomic
def keep_partner_draft(
    *, programme: Programme, file_name: str, listed: Sequence[ListedPartner], by: User, now: dt.datetime
) -> PartnerDraft:
    """Keep what was read until it is imported; an older list of `by` is gone."""
    PartnerDraft.objects.filter(programme=programme, created_by=by).delete()
    content = json.dumps([dataclasses.asdict(one) for one in listed], ensure_ascii=False, default=str)
    draft: PartnerDraft = PartnerDraft.objects.create(
        programme=programme, file_name=file_name[:200], content=content, created_at=now, created_by=by
    )
    return draft


def open_partner_draft(draft: PartnerDraft) -> list[ListedPartner]:
    """Return what was read."""
    return [_unpacked(one) for one in json.loads(draft.content or "[]")]


def _unpacked(said: dict[str, Any]) -> ListedPartner:
    days = ("onboarded_on", "tried_activity_on")
    days_read = {name: said[name] and dt.date.fromisoformat(said[name]) for name in days}
    return ListedPartner(**{**said, **days_read, "kind": OrganisationKind(said["kind"])})


def drop_partner_draft(*, draft: PartnerDraft, now: dt.datetime) -> None:
    """Forget the list; nothing of it is imported."""
    PartnerDraft.objects.filter(pk=draft.pk, closed_at=None).update(file_name="", content="", closed_at=now)


def forget_partner_drafts(*, now: dt.datetime) -> int:
    """Forget every list that was uploaded longer ago than `KEPT`, of every programme; return how many."""
    return int(PartnerDraft._base_manager.filter(created_at__lt=now - KEPT).delete()[0])


# --- Taking it in ----------------------------------------------------------------------------------


@transaction.atomic
def import_partner_draft(*, draft: PartnerDraft, by: User, now: dt.datetime) -> Imported | None:
    """Take in the list, all or nothing, and empty the draft; None when it was imported or dropped before.

    New places are tended ones. Known people are looked up anew: who came meanwhile is not doubled.

    :raises ReferrerEmailTaken: when somebody comes by that address in this very moment.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=draft.programme_id)
    locked: PartnerDraft = (
        PartnerDraft.objects.select_for_update(no_key=True, of=("self",))
        .select_related("programme")
        .get(pk=draft.pk)
    )
    if locked.closed_at is not None:
        return None
    register, counts = _Register(), {"places": 0, "people": 0, "known": 0}
    for one in open_partner_draft(locked):
        place = register.places.get(_key(one.organisation))
        if place is None:
            place = _new_place(locked.programme, one, by, now)
            register.places[place.name_key] = place
            counts["places"] += 1
        if one.name:
            counts[_take_in(register, one, place, by, now)] += 1
    drop_partner_draft(draft=locked, now=now)
    return Imported(**counts)


def _new_place(programme: Programme, one: ListedPartner, by: User, now: dt.datetime) -> Organisation:
    return create_organisation(
        programme=programme, name=one.organisation, kind=one.kind, is_tended=True, by=by, now=now
    )


def _take_in(register: _Register, one: ListedPartner, place: Organisation, by: User, now: dt.datetime) -> str:
    """Take in the person of the line; return which count they belong to."""
    said = {name: getattr(one, name) for name in (*GAPS[1:], *ROLES)}
    referrer = register.person(one, place)
    if referrer is None:
        made = create_referrer(
            programme=place.programme, name=one.name, organisation=place, by=by, now=now, **said
        )
        register.add(made)
        return "people"
    said["organisation"] = place
    added = {name: value for name, value in said.items() if value and not getattr(referrer, name)}
    if added:
        register.add(update_referrer(referrer=referrer, by=by, now=now, **added))
    return "known"


def _key(text: str) -> str:
    return name_key(text)[:KEY_LENGTH]
