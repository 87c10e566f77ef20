"""Every write to partner organisations and referrers."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Programme, User
from core.danish import fold, name_key
from core.lookups import email_hash, phone_hash
from outreach.enums import OrganisationKind
from outreach.models import NEWS_SWITCHES, Organisation, Referrer
from outreach.services.care import settle_partner
from outreach.services.succession import ask_again_after_a_move

# A second press on the button within this time means the same referrer.
SAME_PRESS = dt.timedelta(minutes=1)
KEY_LENGTH = 600  # a letter of another alphabet takes eight places in the key
EDITABLE_OF_ORGANISATION = ("name", "kind", "note", "is_tended", "visit_every_weeks")
EDITABLE_OF_REFERRER = (
    "organisation",
    "name",
    "title",
    "email",
    "phone",
    "language",
    "is_key_person",
    "is_ambassador",
    "is_leader",
    "onboarded_on",
    "tried_activity_on",
    *NEWS_SWITCHES,
)


class OrganisationNameTaken(Exception):
    """The programme has a partner of that name, however it is spelled."""


class ReferrerEmailTaken(Exception):
    """The programme knows a referrer by that e-mail address."""


# --- Organisations ---------------------------------------------------------------------------------


@transaction.atomic
def create_organisation(
    *,
    programme: Programme,
    name: str,
    kind: OrganisationKind,
    note: str = "",
    is_tended: bool = False,
    visit_every_weeks: int | None = None,
    by: User | None,
    now: dt.datetime,
) -> Organisation:
    """Return a new partner; one that `is_tended` asks for visits and for contact with its leaders.

    :raises OrganisationNameTaken: when the programme has one of that name.
    """
    organisation = Organisation(
        programme=programme,
        name=name,
        kind=kind,
        note=note,
        is_tended=is_tended,
        visit_every_weeks=visit_every_weeks,
        created_at=now,
    )
    return _save_organisation(organisation)


@transaction.atomic
def update_organisation(
    *, organisation: Organisation, by: User | None, now: dt.datetime, **fields: Any
) -> Organisation:
    """Correct what is known of the partner.

    :raises OrganisationNameTaken: when another partner of the programme has that name.
    :raises TypeError: when asked to change anything but `EDITABLE_OF_ORGANISATION`.
    """
    refuse_unknown(fields, EDITABLE_OF_ORGANISATION)
    locked: Organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    saved = _save_organisation(locked)
    settle_partner(organisation=saved, now=now)
    return saved


def _save_organisation(organisation: Organisation) -> Organisation:
    organisation.name_key = name_key(organisation.name)[:KEY_LENGTH]
    organisation.name_folded = fold(organisation.name)[:KEY_LENGTH]
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise OrganisationNameTaken from error
    return organisation


@transaction.atomic
def find_or_create_organisation(
    *, programme: Programme, name: str, kind: OrganisationKind, now: dt.datetime
) -> Organisation:
    """Return the programme's partner of that name in any spelling, made if missing."""
    key = name_key(name)[:KEY_LENGTH]
    found: Organisation | None = Organisation.objects.filter(programme=programme, name_key=key).first()
    if found is not None:
        return found
    try:
        return create_organisation(programme=programme, name=name, kind=kind, by=None, now=now)
    except OrganisationNameTaken:  # made by another request in this moment
        made: Organisation = Organisation.objects.get(programme=programme, name_key=key)
        return made


# --- Referrers -------------------------------------------------------------------------------------


@transaction.atomic
def create_referrer(
    *,
    programme: Programme,
    name: str,
    email: str = "",
    phone: str = "",
    title: str = "",
    language: str = "da",
    organisation: Organisation | None = None,
    is_key_person: bool = False,
    is_ambassador: bool = False,
    is_leader: bool = False,
    onboarded_on: dt.date | None = None,
    tried_activity_on: dt.date | None = None,
    by: User | None,
    now: dt.datetime,
) -> Referrer:
    """Return a new referrer; `phone` in E.164 form.

    Without an address nothing tells two of the same name apart: the same person at the same place within
    `SAME_PRESS` is the one that was made first.

    :raises ReferrerEmailTaken: when the programme knows somebody by that address.
    """
    if not email:
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # the second press waits
        made: Referrer | None = Referrer.objects.filter(
            programme=programme,
            name_key=name_key(name)[:KEY_LENGTH],
            organisation=organisation,
            title=title,
            phone_hash=phone_hash(phone),
            email_hash="",
            created_at__gt=now - SAME_PRESS,
        ).first()
        if made is not None:
            return made
    referrer = Referrer(
        programme=programme,
        organisation=organisation,
        name=name,
        title=title,
        email=email,
        phone=phone,
        language=language,
        is_key_person=is_key_person,
        is_ambassador=is_ambassador,
        is_leader=is_leader,
        onboarded_on=onboarded_on,
        tried_activity_on=tried_activity_on,
        created_at=now,
    )
    saved = _save_referrer(referrer)
    settle_partner(organisation=organisation, now=now)
    return saved


@transaction.atomic
def update_referrer(*, referrer: Referrer, by: User | None, now: dt.datetime, **fields: Any) -> Referrer:
    """Correct what is known of the referrer; look-ups and sorting follow.

    :raises ReferrerEmailTaken: when the programme knows another by that address.
    :raises TypeError: when asked to change anything but `EDITABLE_OF_REFERRER`.
    """
    refuse_unknown(fields, EDITABLE_OF_REFERRER)
    locked: Referrer = Referrer.objects.select_for_update(no_key=True).get(pk=referrer.pk)
    place = locked.organisation_id
    for name, value in fields.items():
        setattr(locked, name, value)
    saved = _save_referrer(locked)
    if saved.organisation_id != place:
        ask_again_after_a_move(referrer=saved, now=now)
    settle_partner(organisation=saved.organisation, now=now)
    return saved


def _save_referrer(referrer: Referrer) -> Referrer:
    referrer.name_key = name_key(referrer.name)[:KEY_LENGTH]
    referrer.email_hash = email_hash(referrer.email or "")
    referrer.phone_hash = phone_hash(referrer.phone or "")
    try:
        with transaction.atomic():
            referrer.save()
    except IntegrityError as error:
        raise ReferrerEmailTaken from error
    return referrer


@transaction.atomic
def find_or_create_referrer(
    *,
    programme: Programme,
    name: str,
    email: str = "",
    phone: str = "",
    title: str = "",
    language: str = "da",
    organisation_kind: OrganisationKind = OrganisationKind.OTHER,
    workplace: str = "",
    now: dt.datetime,
) -> Referrer:
    """Return the referrer that the programme knows by `email`, made if missing.

    Without an address it is the one of the same name with the same telephone or workplace. What a
    public form says fills in gaps and never changes what is known; `language` is a new referrer's.
    """
    organisation = None
    if workplace:
        organisation = find_or_create_organisation(
            programme=programme, name=workplace, kind=organisation_kind, now=now
        )
    known = _find_referrer(programme, name, email, phone, organisation)
    if known is not None:
        return _fill_gaps(known, organisation=organisation, title=title, phone=phone)
    try:
        return create_referrer(
            programme=programme,
            name=name,
            email=email,
            phone=phone,
            title=title,
            language=language,
            organisation=organisation,
            by=None,
            now=now,
        )
    except ReferrerEmailTaken:  # made by another request in this moment
        made: Referrer = Referrer.objects.get(programme=programme, email_hash=email_hash(email))
        return made


def _find_referrer(
    programme: Programme, name: str, email: str, phone: str, organisation: Organisation | None
) -> Referrer | None:
    referrers = Referrer.objects.select_for_update(no_key=True).filter(programme=programme)
    found: Referrer | None
    if email:
        found = referrers.filter(email_hash=email_hash(email)).first()
        return found
    same_name = referrers.filter(name_key=name_key(name)[:KEY_LENGTH]).order_by("pk")
    if phone:
        found = same_name.filter(phone_hash=phone_hash(phone)).first()
        if found is not None:
            return found
    if organisation is None:
        return None
    found = same_name.filter(organisation=organisation).first()
    return found


def _fill_gaps(referrer: Referrer, **said: Any) -> Referrer:
    gaps = {name: value for name, value in said.items() if value and not getattr(referrer, name)}
    if not gaps:
        return referrer
    for name, value in gaps.items():
        setattr(referrer, name, value)
    return _save_referrer(referrer)


def refuse_unknown(fields: dict[str, Any], editable: tuple[str, ...]) -> None:
    unknown = set(fields) - set(editable)
    if unknown:
        raise TypeError(f"Not editable: {', '.join(sorted(unknown))}.")
