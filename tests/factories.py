"""Rows for tests: each function makes one believable row, and what it stands on where that is not given.

Rows are made straight through the models, so that a test can stand at any point of the path. Call
them inside or outside a scope alike.
"""

import datetime as dt
import itertools
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django_scopes import scope

from accounts.enums import Role
from accounts.models import Membership, Programme, User
from accounts.programme_texts import starting_texts
from accounts.translation import TRANSLATED
from core.danish import fold, name_key
from core.lookups import email_hash, phone_hash
from core.references import new_reference
from courses.enums import EnrolmentState
from courses.models import Cohort, Enrolment, Session, Venue
from evaluation.enums import Mode, Occasion
from evaluation.models import WHO5_ITEMS, Response
from messaging.models import OutboundMessage
from outreach.enums import ActivityKind, Arena, InterestAgreed, LinkTarget, OrganisationKind, Strategy
from outreach.models import (
    Activity,
    Channel,
    CooperationAgreement,
    InterestedPerson,
    Organisation,
    PartnerDraft,
    Referrer,
    TrackedLink,
)
from participants.enums import Outcome, Stage
from participants.models import Participant, StageChange
from referrals.enums import NudgeState, ReferralKind, Trigger
from referrals.form_content import form_content
from referrals.models import (
    FormVersion,
    HeldArrival,
    ImportDraft,
    Nudge,
    NudgeRound,
    NudgeRule,
    Referral,
    WaitingArrival,
)
from referrals.services import Answers, DraftContent, ListedArrival, Match, create_ready_rules
from worklist.enums import TaskKind
from worklist.models import Task

NOW = dt.datetime(2026, 3, 10, 10, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))  # a Tuesday
TODAY = NOW.date()
PASSWORD = "en lang adgangskode"
_number = itertools.count(1)


def make_programme(**fields: Any) -> Programme:
    number = next(_number)
    name = fields.pop("name", f"Kultur på Recept {number}")
    municipality = fields.pop("municipality", "Prøve Kommune")
    fields = {f"{field}_da" if field in TRANSLATED else field: value for field, value in fields.items()}
    programme = Programme.objects.create(
        **{
            "name": name,
            "slug": f"program-{number}",
            "municipality": municipality,
            "municipality_code": "0561",
            "contact_name": "Kirsten Koordinator",
            "contact_phone": "+4520123456",
            "contact_email": f"kontakt{number}@kommune.example",
            "phone_hours_da": "mandag–torsdag kl. 9–12",
            **starting_texts(name=name, municipality=municipality),
            **fields,
        }
    )
    _give_rules(programme)
    return programme


def _give_rules(programme: Programme) -> None:
    """Let silent referrers be reminded at once, all of them; a test switches on what it is about."""
    with scope(programme=programme):
        create_ready_rules(programme=programme, now=NOW)
        NudgeRule.objects.update(is_measured=False)
        NudgeRule.objects.exclude(trigger=Trigger.SILENT).update(is_on=False)


def rule_of(programme: Programme, trigger: Trigger, **fields: Any) -> NudgeRule:
    """Return the programme's rule for `trigger`, changed as `fields` say."""
    with scope(programme=programme):
        NudgeRule.objects.filter(trigger=trigger).update(**fields or {"is_on": True})
        return NudgeRule.objects.get(trigger=trigger)


def make_user(programme: Programme | None = None, role: Role = Role.COORDINATOR, **fields: Any) -> User:
    number = next(_number)
    password = fields.pop("password", PASSWORD)
    user = User.objects.create_user(
        email=fields.pop("email", f"bruger{number}@kommune.example"),
        password=password,
        name=fields.pop("name", f"Bruger {number}"),
        **fields,
    )
    if programme is not None:
        Membership.objects.create(user=user, programme=programme, role=role)
    return user


def make_participant(programme: Programme, **fields: Any) -> Participant:
    number = next(_number)
    given_name = fields.pop("given_name", "Anna")
    family_name = fields.pop("family_name", f"Sørensen{number}")
    phone = fields.pop("phone", f"+4520{number % 1_000_000:06d}")
    email = fields.pop("email", f"anna{number}@borger.example")
    at = fields.pop("created_at", NOW)
    stage = fields.pop("stage", Stage.RECEIVED)
    outcome = fields.pop("outcome", Outcome.DECLINED if stage == Stage.CLOSED else "")
    with scope(programme=programme):
        participant = Participant.objects.create(
            programme=programme,
            reference=new_reference(),
            given_name=given_name,
            family_name=family_name,
            name_key=name_key(f"{family_name} {given_name}"),
            name_folded=fold(f"{given_name} {family_name}"),
            phone=phone,
            phone_hash=phone_hash(phone),
            email=email,
            email_hash=email_hash(email),
            stage=stage,
            outcome=outcome,
            stage_changed_at=at,
            created_at=at,
            **{"birth_year": 1982, "postcode": "6700", **fields},
        )
        StageChange.objects.create(programme=programme, participant=participant, to_stage=stage, at=at)
    return participant


def make_organisation(programme: Programme, **fields: Any) -> Organisation:
    name = fields.pop("name", f"Jobcenter {next(_number)}")
    with scope(programme=programme):
        return Organisation.objects.create(
            programme=programme,
            name=name,
            name_key=name_key(name),
            name_folded=fold(name),
            **{"kind": OrganisationKind.JOBCENTRE, "created_at": NOW, **fields},
        )


def make_referrer(programme: Programme, **fields: Any) -> Referrer:
    number = next(_number)
    name = fields.pop("name", f"Henrik Henviser{number}")
    email = fields.pop("email", f"henviser{number}@jobcenter.example")
    phone = fields.pop("phone", "")
    with scope(programme=programme):
        return Referrer.objects.create(
            programme=programme,
            name=name,
            name_key=name_key(name),
            email=email,
            email_hash=email_hash(email),
            phone=phone,
            phone_hash=phone_hash(phone),
            **{"created_at": NOW, **fields},
        )


def make_cooperation_agreement(programme: Programme, **fields: Any) -> CooperationAgreement:
    organisation = fields.pop("organisation", None) or make_organisation(programme)
    with scope(programme=programme):
        return CooperationAgreement.objects.create(
            programme=programme,
            organisation=organisation,
            **{
                "they_do": "Nævner os på hvert teammøde.",
                "we_do": "Kommer hver sjette uge.",
                "agreed_on": TODAY - dt.timedelta(days=100),
                "review_on": TODAY + dt.timedelta(days=100),
                "created_at": NOW,
                **fields,
            },
        )


def make_channel(programme: Programme, **fields: Any) -> Channel:
    name = fields.pop("name", f"Biblioteket {next(_number)}")
    with scope(programme=programme):
        return Channel.objects.create(
            programme=programme,
            name=name,
            name_key=name_key(name),
            **{"arena": Arena.PUBLIC, "strategy": Strategy.OPEN, "created_at": NOW, **fields},
        )


def make_activity(programme: Programme, **fields: Any) -> Activity:
    with scope(programme=programme):
        return Activity.objects.create(
            programme=programme,
            **{
                "kind": ActivityKind.VISIT,
                "title": f"Besøg {next(_number)}",
                "planned_on": TODAY,
                "minutes": 60,
                "created_at": NOW,
                **fields,
            },
        )


def make_tracked_link(programme: Programme, **fields: Any) -> TrackedLink:
    with scope(programme=programme):
        return TrackedLink.objects.create(
            programme=programme,
            **{
                "code": f"k{next(_number)}",
                "target": LinkTarget.SIGN_UP,
                "label": "Plakaten i vaskeriet",
                "created_at": NOW,
                **fields,
            },
        )


def make_interested(programme: Programme, **fields: Any) -> InterestedPerson:
    number = next(_number)
    name = fields.pop("name", f"Ida Interesseret{number}")
    phone = fields.pop("phone", f"+4522{number % 1_000_000:06d}")
    email = fields.pop("email", "")
    with scope(programme=programme):
        return InterestedPerson.objects.create(
            programme=programme,
            name=name,
            name_key=name_key(name),
            phone=phone,
            phone_hash=phone_hash(phone),
            email=email,
            email_hash=email_hash(email),
            submission_key=uuid.uuid4(),
            **{
                "agreed_at": NOW,
                "agreed_how": InterestAgreed.MEETING,
                "agreement_text": "1",
                "created_at": NOW,
                **fields,
            },
        )


def make_referral(programme: Programme, **fields: Any) -> Referral:
    participant = fields.pop("participant", None) or make_participant(programme)
    with scope(programme=programme):
        return Referral.objects.create(
            programme=programme,
            participant=participant,
            reference=new_reference(),
            submission_key=uuid.uuid4(),
            **{
                "kind": ReferralKind.JOBCENTRE,
                "reason": "Har brug for et fællesskab.",
                "received_at": NOW,
                **fields,
            },
        )


def make_venue(programme: Programme, **fields: Any) -> Venue:
    with scope(programme=programme):
        return Venue.objects.create(
            programme=programme,
            **{"name": f"Museet {next(_number)}", "address": "Torvegade 1, 6700 Esbjerg", **fields},
        )


def make_cohort(programme: Programme, **fields: Any) -> Cohort:
    number = next(_number)
    starts_on = fields.pop("starts_on", TODAY + dt.timedelta(days=14))
    with scope(programme=programme):
        return Cohort.objects.create(
            programme=programme,
            starts_on=starts_on,
            **{
                "name": f"Forårsholdet {number}",
                "ends_on": starts_on + dt.timedelta(weeks=6),
                "capacity": 12,
                "created_at": NOW,
                **fields,
            },
        )


def make_session(cohort: Cohort, **fields: Any) -> Session:
    starts_at = fields.pop("starts_at", NOW + dt.timedelta(days=14))
    with scope(programme=cohort.programme):
        return Session.objects.create(
            programme=cohort.programme,
            cohort=cohort,
            starts_at=starts_at,
            **{"title": "Keramik", "ends_at": starts_at + dt.timedelta(hours=3), **fields},
        )


def make_enrolment(cohort: Cohort, participant: Participant | None = None, **fields: Any) -> Enrolment:
    participant = participant or make_participant(cohort.programme, stage=Stage.PLACED)
    with scope(programme=cohort.programme):
        return Enrolment.objects.create(
            programme=cohort.programme,
            cohort=cohort,
            participant=participant,
            **{"state": EnrolmentState.ENROLLED, "state_changed_at": NOW, "created_at": NOW, **fields},
        )


def make_task(programme: Programme, **fields: Any) -> Task:
    with scope(programme=programme):
        return Task.objects.create(
            programme=programme,
            **{
                "kind": TaskKind.CALL,
                "why": "Ny henvisning.",
                "due_on": TODAY,
                "created_at": NOW,
                **fields,
            },
        )


def make_message(programme: Programme, **fields: Any) -> OutboundMessage:
    if "referrer" not in fields and "participant" not in fields:
        fields["referrer"] = make_referrer(programme)
    with scope(programme=programme):
        return OutboundMessage.objects.create(
            programme=programme,
            **{
                "kind": "referrer_link" if "referrer" in fields else "signup_receipt",
                "unique_key": f"test:{next(_number)}",
                "planned_at": NOW,
                "send_after": NOW,
                **fields,
            },
        )


def make_nudge(programme: Programme, trigger: Trigger = Trigger.SILENT, **fields: Any) -> Nudge:
    """Return a reminder in a round of its own, proposed unless said otherwise."""
    referrer = fields.pop("referrer", None) or make_referrer(programme)
    with scope(programme=programme):
        round_ = fields.pop("round", None) or NudgeRound.objects.create(
            programme=programme,
            rule=rule_of(programme, trigger),
            occasion=f"test:{next(_number)}",
            seed=1,
            is_measured=False,
            opened_at=NOW,
        )
        return Nudge.objects.create(
            programme=programme,
            round=round_,
            referrer=referrer,
            **{
                "drawn_at": NOW,
                "due_at": NOW,
                "proposed_at": NOW,
                "state": NudgeState.PROPOSED,
                **fields,
            },
        )


def make_form_version(programme: Programme, **fields: Any) -> FormVersion:
    kind = fields.pop("kind", ReferralKind.JOBCENTRE)
    with scope(programme=programme):
        return FormVersion.objects.create(
            programme=programme,
            kind=kind,
            **{
                "number": next(_number),
                "content": form_content(programme, kind).to_json(),
                "published_at": NOW,
                **fields,
            },
        )


def make_held_arrival(programme: Programme, **fields: Any) -> HeldArrival:
    with scope(programme=programme):
        return HeldArrival.objects.create(
            programme=programme,
            **{
                "reference": new_reference(),
                "kind": ReferralKind.SELF,
                "answers": Answers(given_name="Anna", family_name="Held", phone="+4520111111").to_json(),
                "reasons": "honeypot",
                "submission_key": uuid.uuid4(),
                "received_at": NOW,
                **fields,
            },
        )


def make_waiting_arrival(programme: Programme, **fields: Any) -> WaitingArrival:
    with scope(programme=programme):
        return WaitingArrival.objects.create(
            programme=programme,
            **{
                "reference": new_reference(),
                "kind": ReferralKind.SELF,
                "answers": Answers(given_name="Anna", family_name="Venter", phone="+4520111112").to_json(),
                "submission_key": uuid.uuid4(),
                "received_at": NOW,
                **fields,
            },
        )


def make_import_draft(programme: Programme, **fields: Any) -> ImportDraft:
    """Return a list of two, the second of whom is likely the first."""
    number = next(_number)
    listed = [
        ListedArrival(
            line=line,
            kind=ReferralKind.SELF,
            answers=Answers(given_name=name, family_name="Listesen", phone=f"+4531{number:06d}"),
            submission_key=uuid.uuid4(),
        )
        for line, name in ((2, "Kirsten"), (3, "Kirstn"))
    ]
    found = (Match("l2", None, 2, ("Samme telefonnummer",), False),)
    content = DraftContent(arrivals=tuple(listed), matches={3: found}, columns=(("navn", "Navn"),))
    with scope(programme=programme):
        return ImportDraft.objects.create(
            programme=programme,
            **{
                "file_name": "venteliste.csv",
                "content": content.to_json(),
                "row_count": len(listed),
                "created_at": NOW,
                **fields,
            },
        )


def make_partner_draft(programme: Programme, **fields: Any) -> PartnerDraft:
    with scope(programme=programme):
        return PartnerDraft.objects.create(
            programme=programme, **{"file_name": "partnere.csv", "created_at": NOW, **fields}
        )


def make_response(
    participant: Participant,
    occasion: Occasion = Occasion.BEFORE,
    items: tuple[int | None, ...] = (2, 2, 1, 2, 2),
    **fields: Any,
) -> Response:
    with scope(programme=participant.programme):
        return Response.objects.create(
            programme=participant.programme,
            participant=participant,
            pseudonym=participant.pseudonym,
            occasion=occasion,
            **dict(zip(WHO5_ITEMS, items, strict=True)),
            **{
                "text_version": "who5-da-1998",
                "mode": Mode.PAPER,
                "answered_on": TODAY,
                "recorded_at": NOW,
                **fields,
            },
        )
