"""While a colleague types an arrival: whom it may be about."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.keys import key_in
from core.lookups import email_hash, phone_hash
from participants.models import Participant
from participants.queries import find_while_typing
from referrals.forms.registration import RegistrationForm
from referrals.queries import Resemblance, last_referrals, resemblances


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def arrival_resembling(request: StaffRequest) -> HttpResponse:
    """Answer with the people whom the half-typed form may be about. A POST, for no name stands in an
    address or a log; it writes nothing, and what is typed wrongly is left out.
    """
    form = RegistrationForm(request.POST, programme=request.programme)
    return render(request, "referrals/_resembling.html", {"people": people_typed(form), "announce": True})


def people_typed(form: RegistrationForm) -> list[Resemblance]:
    """Return those whom the form as typed so far may be about; two queries at most."""
    form.is_valid()
    said = form.cleaned_data
    likely = find_while_typing(
        given_name=said.get("given_name", ""),
        family_name=said.get("family_name", ""),
        phone_hash=phone_hash(said.get("phone", "")),
        email_hash=email_hash(said.get("email", "")),
        birth_year=said.get("birth_year"),
        postcode=said.get("postcode", ""),
    )
    return resemblances(likely, last_referrals([found.participant for found in likely])) if likely else []


def chosen_person(answer: str) -> Participant | None:
    """Return the person whom the button "Det er samme person" named, None where it named nobody here."""
    key = key_in(answer)
    found: Participant | None = None if key is None else Participant.objects.filter(pk=key).first()
    return found


def with_gaps_filled(typed: QueryDict, chosen: Participant | None) -> QueryDict:
    """Return what was typed; of a person who is known already, what has not been typed yet is at hand."""
    if chosen is None:
        return typed
    filled = typed.copy()
    for name in ("given_name", "family_name"):
        if not filled.get(name, "").strip():
            filled[name] = getattr(chosen, name)
    if not filled.get("phone", "").strip() and not filled.get("email", "").strip():
        filled["phone"], filled["email"] = chosen.phone or "", chosen.email or ""
    return filled
