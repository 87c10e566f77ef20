"""Partners and what came of them; figures about the work, exact, and no person's name but the referrer's."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet

from core.danish import add_working_days
from core.keys import key_in
from core.search import holds_words
from courses.enums import EnrolmentState
from courses.models import Enrolment
from outreach.enums import ActivityKind, ActivityState
from outreach.models import Activity, CooperationAgreement, Organisation, Referrer
from outreach.vulnerability import Weakness, left_behind, partners_at_risk, weaknesses_of
from participants.enums import Outcome
from recruitment.enums import ANY_WEAKNESS, SinceContact
from referrals.models import Referral
from worklist.enums import TaskKind
from worklist.models import Task

PLAN_AHEAD_DAYS = 5  # working days: time enough to agree on a day
PLAN_TITLES = {"visit": "Besøg hos {place}", "leader": "Møde med ledelsen hos {place}"}


# --- The list --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartnerFilter:
    """What the list is narrowed to; "" narrows nothing."""

    search: str = ""
    kind: str = ""
    attention: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Became:
    """What became of those a partner sent: arrivals, and how many people among them began and completed."""

    received: int = 0
    started: int = 0
    completed: int = 0
    last_received_at: dt.datetime | None = None


@dataclass(frozen=True)
class NextStep:
    """What comes next with a partner: a step that was written down, or an activity that is planned."""

    what: str
    on: dt.date
    activity: Activity | None = None


@dataclass(frozen=True)
class PartnerLine:
    """A partner, a row of `partners`, as the list and its own page show it."""

    organisation: Any
    weaknesses: list[Weakness]
    became: Became
    next_step: NextStep | None

    @property
    def people(self) -> list[Referrer]:
        """Those who are still there, as they are listed."""
        return [person for person in self.organisation.referrers.all() if person.left_on is None]


def partners(today: dt.date, left: list[Referrer], wanted: PartnerFilter | None = None) -> QuerySet[Any]:
    """Return organisations, what needs attention most first, with people and plans; narrowed by `wanted`.

    `left` is `outreach.vulnerability.left_behind()`.
    """
    steps = Task.objects.open().filter(kind=TaskKind.PARTNER_STEP)
    plans = Activity.objects.filter(state=ActivityState.PLANNED).order_by("planned_on", "pk")
    rows = partners_at_risk(today, left).prefetch_related(
        Prefetch("referrers", referrers()),
        Prefetch("tasks", steps, to_attr="steps"),
        Prefetch("activities", plans, to_attr="plans"),
    )
    silence = F("last_contact_on").asc(nulls_first=True)
    rows = rows.order_by("-weaknesses", "-is_tended", silence, "name_key", "pk")
    return rows.filter(_condition(wanted, today)) if wanted else rows


def _condition(wanted: PartnerFilter, today: dt.date) -> Q:
    condition = holds_words(wanted.search) if wanted.search else Q()
    if wanted.kind:
        condition &= Q(kind=wanted.kind)
    if wanted.attention == ANY_WEAKNESS:
        condition &= Q(weaknesses__gt=0)
    elif wanted.attention:
        condition &= Q(**{f"weak_{wanted.attention}": True})
    if wanted.contact:
        condition &= _not_since(SinceContact(wanted.contact), today)
    return condition


def _not_since(since: SinceContact, today: dt.date) -> Q:
    never = Q(last_contact_on=None)
    if since == SinceContact.EVER:
        return never
    return never | Q(last_contact_on__lt=today - dt.timedelta(weeks=since.weeks))


def partner_lines(rows: Collection[Any], left: list[Referrer]) -> list[PartnerLine]:
    """Return each row of `partners` as a page shows it; one query for them all."""
    became = what_became([row.pk for row in rows])
    return [
        PartnerLine(row, weaknesses_of(row, left), became.get(row.pk, Became()), _next_step(row))
        for row in rows
    ]


def _next_step(row: Any) -> NextStep | None:
    steps = [NextStep(task.why, task.due_on) for task in row.steps]
    steps += [NextStep(activity.title, activity.planned_on, activity) for activity in row.plans[:1]]
    return min(steps, key=lambda step: step.on, default=None)


def what_became(organisations: Collection[int]) -> dict[int, Became]:
    """Return by key of an organisation what became of those it sent, but those sent by mistake; one query."""
    places = Enrolment.objects.filter(participant=OuterRef("participant"))
    begun = Exists(places.filter(started_at__isnull=False))
    completed = Exists(places.filter(state=EnrolmentState.COMPLETED))
    counted = (
        Referral.objects.filter(referrer__organisation__in=organisations)
        .exclude(participant__outcome=Outcome.MISTAKE)
        .order_by()
        .values("referrer__organisation")
        .annotate(
            received=Count("pk"),
            started=Count("participant", filter=begun, distinct=True),
            completed=Count("participant", filter=completed, distinct=True),
            last_received_at=Max("received_at"),
        )
    )
    return {row.pop("referrer__organisation"): Became(**row) for row in counted}


# --- One partner -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Partnership:
    """All that a partner's page tells, but its activities and links."""

    line: PartnerLine
    agreement: CooperationAgreement | None
    earlier: list[CooperationAgreement]
    review_is_due: bool


def partnership(pk: int, today: dt.date) -> Partnership | None:
    """Return the partner as its page shows it; None where there is no such row."""
    left = left_behind()
    lines = partner_lines(list(partners(today, left).filter(pk=pk)), left)
    if not lines:
        return None
    agreements = list(
        CooperationAgreement.objects.filter(organisation=pk)
        .select_related("agreed_with")
        .order_by(F("ended_at").desc(nulls_first=True), "-pk")
    )
    agreement = agreements.pop(0) if agreements and agreements[0].ended_at is None else None
    return Partnership(
        line=lines[0],
        agreement=agreement,
        earlier=agreements,
        review_is_due=agreement is not None and agreement.review_on <= today,
    )


def suggested_plan(asked: dict[str, str], today: dt.date) -> dict[str, Any]:
    """Return how a form to plan an activity is filled in beforehand.

    `organisation` and `channel` are chosen as they are; `plan` is "visit" or "leader" and fills in the rest.
    """
    chosen: dict[str, Any] = {name: asked.get(name) for name in ("organisation", "channel")}
    key, plan = key_in(asked.get("organisation", "")), asked.get("plan", "")
    place = None if key is None else Organisation.objects.filter(pk=key).first()
    if place is None or plan not in PLAN_TITLES:
        return chosen
    return chosen | {
        "title": PLAN_TITLES[plan].format(place=place.name)[: Activity._meta.get_field("title").max_length],
        "kind": ActivityKind.VISIT,
        "planned_on": add_working_days(today, PLAN_AHEAD_DAYS),
        "with_leader": plan == "leader",
    }


# --- Referrers -------------------------------------------------------------------------------------


def referrers() -> QuerySet[Referrer]:
    """Return referrers by name, those who have left last, each with `referrals_total` and who took over."""
    rows: QuerySet[Referrer] = (
        Referrer.objects.select_related("successor")
        .annotate(referrals_total=Count("referrals"))
        .order_by(F("left_on").desc(nulls_first=True), "name_key", "pk")
    )
    return rows


def referrers_without_organisation() -> QuerySet[Referrer]:
    """Return those whose workplace we do not know."""
    return referrers().filter(organisation=None)


@dataclass(frozen=True)
class ReminderState:
    """Whether reminders reach a referrer, in words and as the kind of badge that shows it."""

    text: str
    badge: str


def reminder_state(referrer: Referrer, *, now: dt.datetime) -> ReminderState:
    """Return why or why not a reminder may reach the referrer at `now`."""
    if referrer.left_on is not None:
        return ReminderState("Stoppet i jobbet", "neutral")
    if not referrer.email_hash:
        return ReminderState("Ingen e-mail", "warning")
    if referrer.stopped_at is not None:
        return ReminderState("Har sagt nej til påmindelser", "neutral")
    if referrer.not_relevant_at is not None:
        return ReminderState("Har peget på en anden", "neutral")
    if referrer.paused_until is not None and referrer.paused_until > now:
        return ReminderState("Holder pause", "info")
    return ReminderState("Får påmindelser", "success")
