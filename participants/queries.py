"""Reads about participants that more than one package needs."""

from django.db.models import Q

from core.danish import fold
from participants.models import Participant


def find_same_person(
    *, given_name: str, family_name: str, phone_hash: str, email_hash: str, birth_year: int | None
) -> Participant | None:
    """Return the participant who is surely the same: same folded name, same phone or e-mail, no other year.

    Two people may share a telephone, so name and number must both agree.
    """
    contact = Q()
    if phone_hash:
        contact |= Q(phone_hash=phone_hash)
    if email_hash:
        contact |= Q(email_hash=email_hash)
    if not contact:
        return None
    same = Participant.objects.filter(contact, name_folded=fold(f"{given_name} {family_name}"))
    if birth_year is not None:
        same = same.filter(Q(birth_year=birth_year) | Q(birth_year=None))
    found: Participant | None = same.order_by("pk").first()
    return found
