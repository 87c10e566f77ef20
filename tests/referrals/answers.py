"""Believable answers: what a service takes, and what a browser posts."""

from typing import Any

from outreach.enums import OrganisationKind
from referrals.services import Answers, ReferrerAnswers

# What a caseworker types; the page's own hidden fields are added where a test needs them.
TYPED_BY_CASEWORKER: dict[str, Any] = {
    "given_name": "Åse-Marie",
    "family_name": "Ærøskøbing",
    "phone": "20 12 34 56",
    "email": "",
    "birth_year": "1979",
    "postcode": "6700",
    "contact_wishes": "Ring efter kl. 10",
    "reason": "Mangler et sted at komme.",
    "situation": "Sygedagpenge",
    "considerations": "Svært ved trapper",
    "criteria_met": ["Personen er fyldt 18 år"],
    "agreed": "on",
    "feedback_allowed": "on",
    "referrer_name": "Henrik Holm",
    "referrer_title": "Sagsbehandler",
    "referrer_workplace": "Jobcenter Esbjerg",
    "referrer_email": "henrik@jobcenter.example",
    "referrer_phone": "75 12 34 56",
    "heard_about": "colleague",
}
TYPED_BY_CITIZEN: dict[str, Any] = {
    "given_name": "Anna",
    "family_name": "Sørensen",
    "phone": "+45 2012 3456",
    "email": "anna@borger.example",
    "contact_wishes": "Om formiddagen",
    "reason": "Jeg vil gerne ud blandt andre.",
}


def referral_answers(**changed: Any) -> Answers:
    """Return what the caseworker's form says."""
    referrer = ReferrerAnswers(
        name="Henrik Holm",
        title="Sagsbehandler",
        workplace="Jobcenter Esbjerg",
        organisation_kind=OrganisationKind.JOBCENTRE,
        email="henrik@jobcenter.example",
        phone="+4575123456",
    )
    said: dict[str, Any] = {
        "given_name": "Åse-Marie",
        "family_name": "Ærøskøbing",
        "phone": "+4520123456",
        "birth_year": 1979,
        "postcode": "6700",
        "reason": "Mangler et sted at komme.",
        "situation": "Sygedagpenge",
        "considerations": "Svært ved trapper",
        "criteria_met": ("Personen er fyldt 18 år",),
        "agreed": True,
        "feedback_allowed": True,
        "heard_about": "colleague",
        "referrer": referrer,
    }
    return Answers(**{**said, **changed})


def own_answers(**changed: Any) -> Answers:
    """Return what a citizen's own form says."""
    said: dict[str, Any] = {
        "given_name": "Anna",
        "family_name": "Sørensen",
        "phone": "+4520123456",
        "email": "anna@borger.example",
        "contact_wishes": "Om formiddagen",
    }
    return Answers(**{**said, **changed})
