"""What a form about a person said, apart from how it was asked."""

import dataclasses
import json
from typing import Any

from outreach.enums import OrganisationKind
from referrals.agreement_texts import CURRENT, FIRST
from referrals.models import Referral


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReferrerAnswers:
    """The professional who refers, in their own words; `phone` in E.164 form."""

    name: str = ""
    title: str = ""
    workplace: str = ""
    organisation_kind: OrganisationKind = OrganisationKind.OTHER
    email: str = ""
    phone: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answers:
    """The person and what was said about them; `referrer` is None when nobody sent them."""

    given_name: str
    family_name: str
    phone: str = ""
    email: str = ""
    birth_year: int | None = None
    postcode: str = ""
    contact_wishes: str = ""
    reason: str = ""
    situation: str = ""
    considerations: str = ""
    criteria_met: tuple[str, ...] = ()
    agreed: bool = False
    feedback_allowed: bool = False
    later_contact: bool = False
    # Which version of the sentences of agreement was read (agreement_texts.py).
    agreement_text: str = CURRENT
    heard_about: str = ""
    heard_about_text: str = ""
    language: str = "da"  # of the form: the person's own when they signed up, else the referrer's
    referrer: ReferrerAnswers | None = None

    def for_referral(self) -> dict[str, Any]:
        """Return the answers that a `Referral` keeps under the same names; the rest are the person's."""
        columns = {column.name for column in Referral._meta.concrete_fields} - {"referrer"}
        said = {name: value for name, value in vars(self).items() if name in columns}
        return {**said, "criteria_met": list(self.criteria_met)}

    def to_json(self) -> str:
        """Return the answers as text that `from_json` reads."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Answers":
        """Return what `to_json` was given; answers of an older form may lack fields, and none is invented."""
        kept: dict[str, Any] = json.loads(text)
        kept.setdefault("agreement_text", FIRST)  # kept before there was a second
        kept["criteria_met"] = tuple(kept.get("criteria_met", ()))
        said_of_referrer = kept.pop("referrer", None)
        referrer = None
        if said_of_referrer is not None:
            kind = OrganisationKind(said_of_referrer.pop("organisation_kind", OrganisationKind.OTHER))
            referrer = ReferrerAnswers(**said_of_referrer, organisation_kind=kind)
        return cls(**kept, referrer=referrer)
