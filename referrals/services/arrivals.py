"""Receiving a person: from a form, a telephone call or a letter, exactly once."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Programme, User
from core.danish import fold
from core.languages import for_staff
from core.lookups import email_hash, phone_hash
from core.phones import format_phone
from core.references import insert_with_new_reference
from messaging.services import plan_message, sends_sms
from outreach.models import Activity, InterestedPerson, Referrer, TrackedLink
from outreach.services import find_or_create_referrer, mark_turned, note_referral
from participants.enums import AgreementKind, AgreementMethod, Stage
from participants.models import Participant
from participants.queries import (
    LikelySame,
    find_likely_same,
    find_likely_same_as,
    find_same_person,
    surviving_record,
)
from participants.services import give_agreement, register_participant, update_participant
from referrals.enums import RESEMBLES_SOMEBODY, Intake, MessageKind, ReferralKind
from referrals.models import FormVersion, Referral
from referrals.services.answers import Answers
from worklist.enums import TaskKind
from worklist.services import open_task

ASK_ABOUT_FEEDBACK = "Henviseren vil gerne høre, hvordan det går. Spørg, om det er i orden, og notér svaret."
ASK_ABOUT_LATER = "Der er sagt ja til at høre om senere hold. Spørg, om det er i orden, og notér svaret."
AGREEMENT_METHODS = {
    Intake.PHONE: AgreementMethod.PHONE,
    Intake.PAPER: AgreementMethod.PAPER,
    Intake.MEETING: AgreementMethod.MEETING,
}


def lock_arrivals(programme: Programme) -> None:
    """Let one arrival of the programme in at a time, until the transaction ends.

    Two forms about one person, or one form sent twice, then see each other. Weaker than FOR UPDATE, so
    that rows pointing to the programme are still written meanwhile.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)


@for_staff
@transaction.atomic
def receive_referral(
    *,
    programme: Programme,
    kind: ReferralKind,
    answers: Answers,
    submission_key: uuid.UUID,
    now: dt.datetime,
    by: User | None = None,
    intake: Intake = Intake.WEB,
    reference: str = "",
    received_at: dt.datetime | None = None,
    participant: Participant | None = None,
    new_person: bool = False,
    call_due_on: dt.date | None = None,
    agreement_method: AgreementMethod | None = None,
    form_version: FormVersion | None = None,
    tracked_link: TrackedLink | None = None,
    activity: Activity | None = None,
    interested: InterestedPerson | None = None,
) -> Referral:
    """Return the referral of this submission: one, however often and at once it is sent.

    It joins `participant`, whom a colleague has recognised, else the person who is surely known
    (`find_same_person`), unless a colleague has said that it is a `new_person`; anybody else is registered.
    The stage stays; a call task is due after the programme's working days, or on `call_due_on`; receipts
    are planned. `reference` is that of a held arrival that is released; `received_at` is when it came, if
    that was before now. `agreement_method` is how the citizen agreed, where the intake does not tell.
    `form_version` is the form that was answered, None where a colleague typed it in.
    `tracked_link` is what led to the form, `activity` the meeting at which they were written up, and
    `interested` who they were before: from now on they are told of no more cohorts.
    """
    lock_arrivals(programme)
    sent_before: Referral | None = Referral.objects.filter(submission_key=submission_key).first()
    if sent_before is not None:
        return sent_before
    recognised = participant and surviving_record(participant)  # merged since a colleague saw them
    known = None if new_person else recognised or _find_participant(answers)
    person = known or _register(programme, answers, by, now)
    if known is not None:
        _fill_gaps(known, answers, by, now)
    referral = _save(
        referral_of(
            answers,
            programme=programme,
            reference=reference,
            participant=person,
            referrer=referrer_of(programme, answers, received_at or now, now),
            tracked_link=tracked_link,
            activity=activity,
            interested=interested,
            kind=kind,
            intake=intake,
            form_version=form_version,
            submission_key=submission_key,
            received_at=received_at or now,
            entered_by=by,
        )
    )
    _keep_agreements(referral, answers, known, agreement_method, by, now)
    _open_call(referral, answers, known, call_due_on, now)
    _plan_receipt(referral, now)
    if interested is not None:
        mark_turned(person=interested, now=now)
    return referral


# --- The person ------------------------------------------------------------------------------------


def likely_same_as(answers: Answers, *, submission_key: uuid.UUID) -> list[LikelySame]:
    """Return whom a colleague should look at before `receive_referral` registers a new person.

    Nobody when the submission has been received, or when it will join the person who is surely known.
    """
    if Referral.objects.filter(submission_key=submission_key).exists() or _find_participant(answers):
        return []
    return find_likely_same(
        given_name=answers.given_name,
        family_name=answers.family_name,
        phone_hash=phone_hash(answers.phone),
        email_hash=email_hash(answers.email),
        birth_year=answers.birth_year,
        postcode=answers.postcode,
    )


def _find_participant(answers: Answers) -> Participant | None:
    return find_same_person(
        given_name=answers.given_name,
        family_name=answers.family_name,
        phone_hash=phone_hash(answers.phone),
        email_hash=email_hash(answers.email),
        birth_year=answers.birth_year,
    )


def _register(programme: Programme, answers: Answers, by: User | None, now: dt.datetime) -> Participant:
    return register_participant(
        programme=programme,
        given_name=answers.given_name,
        family_name=answers.family_name,
        phone=answers.phone,
        email=answers.email,
        birth_year=answers.birth_year,
        postcode=answers.postcode,
        contact_wishes=answers.contact_wishes,
        language=answers.language if answers.referrer is None else "da",
        by=by,
        now=now,
    )


def _fill_gaps(known: Participant, answers: Answers, by: User | None, now: dt.datetime) -> None:
    """Add what was not known. A telephone or an address is taken over from a colleague's hand alone.

    Otherwise a stranger who knows a name and a number could have a person's messages sent to themselves.
    """
    said = {"birth_year": answers.birth_year, "postcode": answers.postcode}
    if by is not None:
        said |= {"phone": answers.phone, "email": answers.email}
    gaps = {name: value for name, value in said.items() if value and not getattr(known, name)}
    wishes = (known.contact_wishes or "").splitlines()
    if answers.contact_wishes and answers.contact_wishes not in wishes:
        gaps["contact_wishes"] = "\n".join([*wishes, answers.contact_wishes])
    if gaps:
        updated = update_participant(participant=known, by=by, now=now, **gaps)
        for name in gaps:
            setattr(known, name, getattr(updated, name))


# --- The referrer and the row ----------------------------------------------------------------------


def referral_of(answers: Answers, **facts: Any) -> Referral:
    """Return the row of an arrival, not stored yet: what was said, and the `facts` about it."""
    workplace = answers.referrer.workplace if answers.referrer else ""
    return Referral(workplace=workplace, **answers.for_referral(), **facts)


def referrer_of(
    programme: Programme, answers: Answers, came: dt.datetime, now: dt.datetime
) -> Referrer | None:
    """Return who sent the person, made if missing and credited with the day they `came`; None for nobody."""
    said = answers.referrer
    if said is None or not said.name:
        return None
    referrer = find_or_create_referrer(
        programme=programme,
        name=said.name,
        email=said.email,
        phone=said.phone,
        title=said.title,
        organisation_kind=said.organisation_kind,
        workplace=said.workplace,
        language=answers.language,
        now=now,
    )
    return note_referral(referrer=referrer, now=came)


def _save(referral: Referral) -> Referral:
    """Insert the referral under the reference of a held arrival, else under a new one."""
    if referral.reference:
        referral.save(force_insert=True)
    else:
        insert_with_new_reference(referral)
    return referral


# --- What follows ----------------------------------------------------------------------------------


def _keep_agreements(
    referral: Referral,
    answers: Answers,
    known: Participant | None,
    method: AgreementMethod | None,
    by: User | None,
    now: dt.datetime,
) -> None:
    """Keep what the citizen agreed to.

    That the referrer may hear how it goes, or that we may write later, is not taken from a public form about
    a person we know already: whoever knows a name and a number could otherwise read how it goes, or have
    mail sent that was declined. The call task asks instead.
    """
    for agreement in agreed_kinds(answers):
        if agreement == AgreementKind.REFERRED or known is None or by is not None:
            give_agreement(
                participant=referral.participant,
                kind=agreement,
                method=method or agreement_method_of(referral),
                text_version=answers.agreement_text,
                by=by,
                now=now,
            )


def agreed_kinds(answers: Answers) -> list[AgreementKind]:
    """Return what was ticked that the citizen agreed to."""
    said = {
        AgreementKind.REFERRED: answers.agreed,
        AgreementKind.FEEDBACK: answers.feedback_allowed,
        AgreementKind.LATER_CONTACT: answers.later_contact,
    }
    return [kind for kind, yes in said.items() if yes]


def agreement_method_of(referral: Referral) -> AgreementMethod:
    """Return how people agree who come that way."""
    by_form = AgreementMethod.FORM if referral.kind == ReferralKind.SELF else AgreementMethod.REFERRER
    return AGREEMENT_METHODS.get(Intake(referral.intake), by_form)


def _open_call(
    referral: Referral,
    answers: Answers,
    known: Participant | None,
    due_on: dt.date | None,
    now: dt.datetime,
) -> None:
    due_on = due_on or referral.programme.call_by(localdate(now))
    reasons = [why_call(referral, known)]
    if known is not None:
        reasons += _other_contact(known, answers)
        if answers.feedback_allowed and referral.entered_by is None:
            reasons.append(ASK_ABOUT_FEEDBACK)
        if answers.later_contact and referral.entered_by is None:
            reasons.append(ASK_ABOUT_LATER)
    elif referral.intake == Intake.WEB and find_likely_same_as(referral.participant):
        reasons.append(RESEMBLES_SOMEBODY)
    for why in reasons:
        open_task(
            programme=referral.programme,
            kind=TaskKind.CALL,
            participant=referral.participant,
            why=why,
            due_on=due_on,
            now=now,
        )


def why_call(referral: Referral, known: Participant | None) -> str:
    """Return why the person is to be called; a task may be read over a shoulder, so nothing of health."""
    again = known is not None
    if referral.kind == ReferralKind.SELF:
        why = "Har selv henvendt sig igen." if again else "Har selv henvendt sig."
    else:
        sender = referral.workplace or str(ReferralKind(referral.kind).label).lower()
        if referral.kind == ReferralKind.COORDINATOR:
            sender = "koordinatoren"
        why = f"Henvist igen fra {sender}." if again else f"Ny henvisning fra {sender}."
    if known is not None and known.stage == Stage.CLOSED:
        why += " Forløbet var afsluttet."
    return why


def _other_contact(known: Participant, answers: Answers) -> list[str]:
    """Return what the new referral says otherwise of the person's name and how to reach them, or nothing."""
    found = []
    name = f"{answers.given_name} {answers.family_name}"
    if fold(name) != fold(known.full_name):
        found.append(f"Et andet navn i henvisningen: {name}.")
    if answers.phone and answers.phone != known.phone:
        found.append(f"Et andet telefonnummer i henvisningen: {format_phone(answers.phone)}.")
    if answers.email and answers.email.lower() != (known.email or "").lower():
        found.append(f"En anden e-mail i henvisningen: {answers.email}.")
    return found


def _plan_receipt(referral: Referral, now: dt.datetime) -> None:
    if referral.intake != Intake.WEB:
        return
    if referral.kind == ReferralKind.SELF:
        if referral.participant.email or (referral.participant.phone and sends_sms(referral.programme)):
            plan_message(
                programme=referral.programme,
                kind=MessageKind.SIGNUP_RECEIPT.value,
                unique_key=f"{MessageKind.SIGNUP_RECEIPT.value}:{referral.pk}",
                participant=referral.participant,
                subject_ids={"referral": referral.pk},
                now=now,
            )
    elif referral.referrer is not None and referral.referrer.email:
        plan_message(
            programme=referral.programme,
            kind=MessageKind.REFERRAL_RECEIPT.value,
            unique_key=f"{MessageKind.REFERRAL_RECEIPT.value}:{referral.pk}",
            referrer=referral.referrer,
            subject_ids={"referral": referral.pk},
            now=now,
        )
