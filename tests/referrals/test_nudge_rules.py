"""The rules of reminders: when each has somebody due, what keeps one from being sent, and the two halves."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import IntegrityError
from django_scopes import scope, scopes_disabled

from accounts.models import Programme, User
from courses.models import Cohort
from messaging.channels import open_channel
from messaging.models import OutboundMessage
from messaging.services import Outcome, deliver_message
from outreach.enums import ActivityState, OrganisationKind
from outreach.models import Activity, Referrer
from referrals.enums import Audience, DrawnHalf, MessageKind, NudgeMode, NudgeState, Trigger
from referrals.models import Nudge, NudgeRound, NudgeRule, Referral
from referrals.nudge_texts import PLACEHOLDERS, STANDARD, has_stray_brace, unknown_placeholders
from referrals.services import (
    NudgeHasMovedOn,
    approve_nudges,
    change_rule,
    create_ready_rules,
    drop_nudge,
    plan_nudges,
    point_elsewhere,
    resume_reminders,
    reword_nudge,
    stop_reminders,
)
from tests.concurrency import at_once
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_cohort,
    make_enrolment,
    make_nudge,
    make_organisation,
    make_programme,
    make_referral,
    make_referrer,
    make_user,
    rule_of,
)
from tests.smtp_sink import SmtpSink, running_sink
from worklist.enums import TaskKind
from worklist.models import Task

DAY = dt.timedelta(days=1)
LONG_AGO = NOW - 140 * DAY


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    with running_sink() as sink:
        yield sink


def all_nudges() -> list[Nudge]:
    with scopes_disabled():
        return list(Nudge.objects.select_related("message", "referrer", "round__rule").order_by("pk"))


def send(message: OutboundMessage, now: dt.datetime = NOW) -> Outcome:
    with scope(programme=message.programme), open_channel("email") as channel:
        return deliver_message(message_id=message.pk, channel=channel, now=now)


def send_all(now: dt.datetime = NOW) -> list[Outcome]:
    return [send(nudge.message, now) for nudge in all_nudges() if nudge.message]


def reason_of(message: OutboundMessage) -> str:
    with scopes_disabled():
        return str(OutboundMessage.objects.get(pk=message.pk).cancelled_because)


# --- Ready rules -----------------------------------------------------------------------------------


def test_a_new_programme_has_every_rule_and_two_runs_make_them_once(programme: Programme) -> None:
    with scope(programme=programme):
        NudgeRule.objects.all().delete()
        create_ready_rules(programme=programme, now=NOW)
        create_ready_rules(programme=programme, now=NOW)
        rules = {rule.trigger: rule for rule in NudgeRule.objects.all()}
    assert set(rules) == set(Trigger.values)
    automatic = {trigger for trigger, rule in rules.items() if rule.mode == NudgeMode.AUTOMATIC}
    assert automatic == {Trigger.SILENT}, "the rest wants a yes"


def test_only_what_a_rule_holds_can_be_changed(programme: Programme) -> None:
    rule, user = rule_of(programme, Trigger.NEWS), make_user(programme)
    with scope(programme=programme):
        changed = change_rule(rule=rule, by=user, now=NOW, wait_days=7)
        assert (changed.wait_days, changed.changed_by, changed.changed_at) == (7, user, NOW)
        with pytest.raises(TypeError):
            change_rule(rule=rule, by=user, now=NOW, trigger=Trigger.SILENT)


@pytest.mark.parametrize("trigger", Trigger)
@pytest.mark.parametrize("language", ["da", "en"])
def test_standard_texts_hold_only_what_can_be_filled(trigger: Trigger, language: str) -> None:
    words = STANDARD[trigger][language]
    text = f"{words.subject}\n{words.body}"
    assert unknown_placeholders(text) == []
    assert not has_stray_brace(text)
    assert "{navn}" in text


@pytest.mark.parametrize(
    ("typed", "unknown", "stray"),
    [
        ("Hej {navn}, {næste_start} og {Gennemført}", [], False),
        ("Hej {fornavn}", ["fornavn"], False),
        ("Hej {navn", [], True),
        ("Hej navn}", [], True),
        ("Hej {}", [""], False),
    ],
)
def test_placeholders_are_known_however_they_are_spelled(typed: str, unknown: list[str], stray: bool) -> None:
    assert unknown_placeholders(typed) == unknown
    assert has_stray_brace(typed) == stray
    assert "gennemfoert" in PLACEHOLDERS


# --- When somebody is due --------------------------------------------------------------------------


@dataclass
class Case:
    """What makes a trigger true for one referrer and not for another, and what makes it false again."""

    trigger: Trigger
    makes_true: Callable[[Programme], Referrer]
    makes_false: Callable[[Programme], object]
    because: str


def of_new_cohort(programme: Programme) -> Referrer:
    make_cohort(programme, created_at=NOW - 2 * DAY, starts_on=TODAY + 60 * DAY)
    return make_referrer(programme)


def of_nearing_cohort(programme: Programme) -> Referrer:
    make_cohort(programme, created_at=LONG_AGO, starts_on=TODAY + 8 * DAY, capacity=4)
    return make_referrer(programme)


def of_visit(programme: Programme) -> Referrer:
    place = make_organisation(programme)
    make_activity(programme, organisation=place, state=ActivityState.DONE, held_on=TODAY - 3 * DAY)
    return make_referrer(programme, organisation=place)


def of_hand_over(programme: Programme) -> Referrer:
    place = make_organisation(programme)
    follower = make_referrer(programme, organisation=place)
    make_referrer(programme, organisation=place, left_on=TODAY - 4 * DAY, successor=follower)
    return follower


def of_thanks(programme: Programme) -> Referrer:
    referrer = make_referrer(programme)
    make_referral(programme, referrer=referrer, received_at=NOW - 40 * DAY)
    return referrer


def of_news(programme: Programme) -> Referrer:
    return make_referrer(programme, is_ambassador=True)


def of_silence(programme: Programme) -> Referrer:
    return make_referrer(programme, created_at=LONG_AGO)


def fill_cohorts(programme: Programme) -> None:
    with scope(programme=programme):
        for cohort in Cohort.objects.all():
            for _ in range(cohort.capacity):
                make_enrolment(cohort)


def undo(model: type, **change: object) -> Callable[[Programme], object]:
    return lambda programme: model.objects.update(**change)


NO_SEATS = "Holdet er fyldt, aflyst eller ved at begynde."
CASES = [
    Case(Trigger.NEW_COHORT, of_new_cohort, fill_cohorts, NO_SEATS),
    Case(Trigger.DEADLINE, of_nearing_cohort, fill_cohorts, NO_SEATS),
    Case(
        Trigger.UNDER_FILLED,
        of_nearing_cohort,
        fill_cohorts,
        "Holdet mangler ikke længere folk, er aflyst eller ved at begynde.",
    ),
    Case(
        Trigger.AFTER_VISIT,
        of_visit,
        undo(Activity, state=ActivityState.DROPPED, held_on=None),
        "Besøget er ikke længere noteret som gennemført.",
    ),
    Case(
        Trigger.HAND_OVER,
        of_hand_over,
        undo(Referrer, left_on=None, successor=None),
        "Henviseren følger ikke længere en kollegas henvisninger.",
    ),
    Case(
        Trigger.THANKS,
        of_thanks,
        undo(Referral, referrer=None),
        "Henviseren står ikke længere for nogen henvisning.",
    ),
]
TRUE_OF = {case.trigger: case.makes_true for case in CASES} | {
    Trigger.NEWS: of_news,
    Trigger.SILENT: of_silence,
}


def only(programme: Programme, trigger: Trigger, **fields: object) -> NudgeRule:
    """Return the only rule that is on: it sends by itself and at once unless `fields` say otherwise."""
    with scope(programme=programme):
        NudgeRule.objects.update(is_on=False)
    return rule_of(programme, trigger, is_on=True, **{"mode": NudgeMode.AUTOMATIC, **fields})


@pytest.mark.parametrize("trigger", Trigger)
def test_each_rule_reaches_whom_it_is_about_and_nobody_when_it_is_off(
    programme: Programme, smtp_sink: SmtpSink, trigger: Trigger
) -> None:
    due = TRUE_OF[trigger](programme)
    only(programme, trigger, is_measured=False)
    with scope(programme=programme):
        NudgeRule.objects.update(is_on=False)
    assert plan_nudges(now=NOW) == 0
    only(programme, trigger)
    plan_nudges(now=NOW)
    assert due in [nudge.referrer for nudge in all_nudges()]
    assert set(send_all()) == {Outcome.SENT}
    assert due.email in smtp_sink.recipients
    body = str(smtp_sink.mails[0].get_body(("plain",)).get_content())
    assert "{" not in body
    assert "Hej Henrik" in body


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.trigger.value)
def test_a_reminder_is_not_sent_when_its_occasion_is_gone(
    programme: Programme, smtp_sink: SmtpSink, case: Case
) -> None:
    case.makes_true(programme)
    only(programme, case.trigger)
    plan_nudges(now=NOW)
    with scope(programme=programme):
        case.makes_false(programme)
    assert set(send_all()) == {Outcome.CANCELLED}
    assert {reason_of(nudge.message) for nudge in all_nudges()} == {case.because}
    assert not smtp_sink.mails


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"starts_on": TODAY + 1 * DAY}, False),
        ({"starts_on": TODAY + 10 * DAY}, True),
        ({"starts_on": TODAY + 11 * DAY}, False),
        ({"starts_on": TODAY + 5 * DAY, "cancelled_at": NOW}, False),
    ],
    ids=["tomorrow is too late", "the day the rule says", "not yet", "cancelled"],
)
def test_a_cohort_is_near_from_the_rules_days_on(
    programme: Programme, fields: dict[str, object], due: bool
) -> None:
    make_cohort(programme, **fields)
    make_referrer(programme)
    only(programme, Trigger.DEADLINE)
    assert plan_nudges(now=NOW) == int(due)


@pytest.mark.parametrize(("taken", "due"), [(1, True), (2, False)])
def test_a_cohort_lacks_people_below_half(programme: Programme, taken: int, due: bool) -> None:
    cohort = make_cohort(programme, capacity=4)
    for _ in range(taken):
        make_enrolment(cohort)
    make_referrer(programme)
    only(programme, Trigger.UNDER_FILLED)
    assert plan_nudges(now=NOW) == int(due)


def test_an_old_cohort_is_no_news(programme: Programme) -> None:
    make_cohort(programme, created_at=NOW - 40 * DAY, starts_on=TODAY + 60 * DAY)
    make_referrer(programme)
    only(programme, Trigger.NEW_COHORT)
    assert plan_nudges(now=NOW) == 0


def test_an_audience_and_a_kind_of_organisation_narrow_a_rule(programme: Programme) -> None:
    jobcentre = make_organisation(programme)
    practice = make_organisation(programme, kind=OrganisationKind.GP)
    wanted = make_referrer(programme, created_at=LONG_AGO, organisation=practice, is_key_person=True)
    make_referrer(programme, created_at=LONG_AGO, organisation=jobcentre, is_key_person=True)
    make_referrer(programme, created_at=LONG_AGO, organisation=practice)
    only(
        programme, Trigger.SILENT, audience=Audience.KEY_PERSONS, organisation_kind=OrganisationKind.GP.value
    )
    plan_nudges(now=NOW)
    assert [nudge.referrer for nudge in all_nudges()] == [wanted]


# --- How often -------------------------------------------------------------------------------------


def test_whoever_is_due_by_two_rules_hears_the_more_pressing(programme: Programme) -> None:
    make_cohort(programme, starts_on=TODAY + 8 * DAY)
    make_referrer(programme, created_at=LONG_AGO)
    only(programme, Trigger.SILENT)
    rule_of(programme, Trigger.DEADLINE, is_on=True, mode=NudgeMode.AUTOMATIC)
    plan_nudges(now=NOW)
    assert [nudge.round.rule.trigger for nudge in all_nudges()] == [Trigger.DEADLINE]


def test_no_rule_reminds_within_the_programmes_days_of_another(
    programme: Programme, smtp_sink: SmtpSink
) -> None:
    of_new_cohort(programme)
    only(programme, Trigger.NEW_COHORT)
    plan_nudges(now=NOW)
    assert send_all() == [Outcome.SENT]
    only(programme, Trigger.NEWS, audience=Audience.ALL)
    assert plan_nudges(now=NOW + 20 * DAY) == 0
    assert plan_nudges(now=NOW + 22 * DAY) == 1


def test_the_same_rule_waits_out_its_own_days(programme: Programme, smtp_sink: SmtpSink) -> None:
    make_referrer(programme)
    for weeks in (1, 5, 8):
        make_cohort(programme, created_at=NOW - DAY + weeks * 7 * DAY, starts_on=TODAY + 150 * DAY)
    only(programme, Trigger.NEW_COHORT, cap_days=40)
    sent = []
    for day in range(80):
        now = NOW + day * DAY
        plan_nudges(now=now)
        sent += [day for outcome in send_all(now) if outcome is Outcome.SENT]
    assert len(sent) == 2
    assert sent[1] - sent[0] >= 40


@pytest.mark.django_db(transaction=True)
def test_of_two_reminders_sent_at_once_one_gets_through(smtp_sink: SmtpSink) -> None:
    """Both were planned before either was sent; whichever is claimed first keeps the other back."""
    programme = make_programme(slug="to-paa-en-gang")
    for _ in range(5):
        referrer = make_referrer(programme, created_at=LONG_AGO)
        pair = [planned(programme, trigger, referrer) for trigger in (Trigger.SILENT, Trigger.HAND_OVER)]
        with scope(programme=programme):
            Referrer.objects.create(
                programme=programme,
                name="Gået",
                name_key="g",
                successor=referrer,
                left_on=TODAY,
                created_at=NOW,
            )
        messages = iter(pair)
        outcomes = at_once(lambda m=messages: send(next(m)), times=2, threads=2)
        assert sorted(outcome.value for outcome in outcomes) == ["cancelled", "sent"]
    assert len(smtp_sink.mails) == 5


def planned(programme: Programme, trigger: Trigger, referrer: Referrer) -> OutboundMessage:
    nudge = make_nudge(programme, trigger, referrer=referrer)
    with scope(programme=programme):
        approve_nudges(programme=programme, nudges=[nudge.pk], by=make_user(programme), now=NOW)
        nudge.refresh_from_db()
    return nudge.message


@pytest.mark.django_db(transaction=True)
def test_twenty_planners_at_once_draw_each_referrer_once() -> None:
    programme = make_programme(slug="tyve")
    for _ in range(7):
        make_referrer(programme, created_at=LONG_AGO)
    rule_of(programme, Trigger.SILENT, is_measured=True)
    at_once(lambda: plan_nudges(now=NOW), times=20, threads=20)
    drawn = all_nudges()
    assert len(drawn) == 7
    assert len({nudge.round_id for nudge in drawn}) == 1
    assert sorted(nudge.half for nudge in drawn).count(DrawnHalf.NOW) in (3, 4)
    assert [nudge.state for nudge in drawn].count(NudgeState.PLANNED) in (3, 4)


def test_the_database_holds_a_round_to_one_reminder_for_each(programme: Programme) -> None:
    nudge = make_nudge(programme)
    with pytest.raises(IntegrityError):
        make_nudge(programme, round=nudge.round, referrer=nudge.referrer)


# --- The two halves --------------------------------------------------------------------------------


def measured_round(programme: Programme, number: int = 6, **fields: object) -> list[Nudge]:
    for _ in range(number):
        make_referrer(programme, created_at=LONG_AGO)
    only(programme, Trigger.SILENT, is_measured=True, **fields)
    plan_nudges(now=NOW)
    return all_nudges()


def test_half_of_a_measured_round_waits_three_weeks_and_nobody_is_left_out(
    programme: Programme, smtp_sink: SmtpSink
) -> None:
    drawn = measured_round(programme)
    halves = {half: [each for each in drawn if each.half == half] for half in DrawnHalf}
    assert {half: len(found) for half, found in halves.items()} == {DrawnHalf.NOW: 3, DrawnHalf.LATER: 3}
    assert send_all() == [Outcome.SENT] * 3
    assert plan_nudges(now=NOW + 20 * DAY) == 0
    assert plan_nudges(now=NOW + 21 * DAY) == 3
    send_all(NOW + 21 * DAY)
    assert sorted(smtp_sink.recipients) == sorted(each.referrer.email for each in drawn)


def test_a_round_goes_on_drawing_by_its_own_seed_as_more_come_due(programme: Programme) -> None:
    measured_round(programme, number=3)
    for _ in range(3):
        make_referrer(programme, created_at=NOW - 41 * DAY)
    plan_nudges(now=NOW + DAY)
    drawn = all_nudges()
    assert len({each.round_id for each in drawn}) == 1
    assert [each.half for each in drawn].count(DrawnHalf.NOW) == 3


@pytest.mark.parametrize(
    ("happens", "because"),
    [
        (
            lambda each: make_referral(each.programme, referrer=each, received_at=NOW + 3 * DAY),
            "Henviseren har sendt en henvisning i mellemtiden.",
        ),
        (lambda each: stop_reminders(referrer=each, now=NOW), "Henviseren har frabedt sig påmindelser."),
    ],
    ids=["a referral", "a stop"],
)
def test_what_happens_in_the_three_weeks_keeps_the_later_half_from_being_sent(
    programme: Programme, smtp_sink: SmtpSink, happens: Callable[[Referrer], object], because: str
) -> None:
    (late,) = [each for each in measured_round(programme, number=2) if each.half == DrawnHalf.LATER]
    with scope(programme=programme):
        happens(late.referrer)
    plan_nudges(now=NOW + 21 * DAY)
    (late,) = [each for each in all_nudges() if each.half == DrawnHalf.LATER]
    assert send(late.message, NOW + 21 * DAY) is Outcome.CANCELLED
    assert reason_of(late.message) == because


def test_whoever_waits_in_the_later_half_is_left_in_peace_by_other_rules(programme: Programme) -> None:
    measured_round(programme, number=2)
    make_cohort(programme, starts_on=TODAY + 9 * DAY)
    rule_of(programme, Trigger.DEADLINE, is_on=True, mode=NudgeMode.AUTOMATIC)
    assert plan_nudges(now=NOW + DAY) == 0


# --- Approving -------------------------------------------------------------------------------------


@pytest.fixture
def kirsten(programme: Programme) -> User:
    return make_user(programme)


def proposed(programme: Programme) -> Nudge:
    make_referrer(programme, created_at=LONG_AGO)
    only(programme, Trigger.SILENT, mode=NudgeMode.APPROVE)
    assert plan_nudges(now=NOW) == 1
    return all_nudges()[0]


def test_what_wants_a_yes_is_sent_after_it_and_not_before(
    programme: Programme, kirsten: User, smtp_sink: SmtpSink
) -> None:
    nudge = proposed(programme)
    assert (nudge.state, nudge.message) == (NudgeState.PROPOSED, None)
    with scope(programme=programme):
        assert approve_nudges(programme=programme, nudges=[nudge.pk], by=kirsten, now=NOW) == 1
    (nudge,) = all_nudges()
    assert (nudge.state, nudge.decided_by, nudge.message.subject_ids) == (
        NudgeState.PLANNED,
        kirsten,
        {"nudge": nudge.pk},
    )
    assert send_all() == [Outcome.SENT]


def test_a_reminder_with_words_of_its_own_says_those(
    programme: Programme, kirsten: User, smtp_sink: SmtpSink
) -> None:
    nudge = proposed(programme)
    with scope(programme=programme):
        reword_nudge(nudge=nudge, subject="Kære {navn}", body="Tak for snakken.", by=kirsten, now=NOW)
        approve_nudges(programme=programme, nudges=[nudge.pk], by=kirsten, now=NOW)
    send_all()
    (mail,) = smtp_sink.mails
    assert mail["Subject"].strip() == f"Kære {nudge.referrer.name}"
    text = str(mail.get_body(("plain",)).get_content())
    assert "Tak for snakken." in text
    assert "/min-side/" in text, "how it is stopped stands under every words"


def test_a_dropped_proposal_keeps_who_and_why_and_cannot_be_approved(
    programme: Programme, kirsten: User
) -> None:
    nudge = proposed(programme)
    with scope(programme=programme):
        drop_nudge(nudge=nudge, by=kirsten, now=NOW)
        assert approve_nudges(programme=programme, nudges=[nudge.pk], by=kirsten, now=NOW) == 0
        for act in (drop_nudge, lambda **about: reword_nudge(subject="x", body="y", **about)):
            with pytest.raises(NudgeHasMovedOn):
                act(nudge=nudge, by=kirsten, now=NOW)
    (nudge,) = all_nudges()
    assert (nudge.dropped_because, nudge.decided_by) == ("Valgt fra på listen.", kirsten)


@pytest.mark.django_db(transaction=True)
def test_twenty_who_approve_at_once_plan_one_message() -> None:
    programme = make_programme(slug="tyve-godkender")
    nudge, user = proposed(programme), make_user(programme)

    def approve() -> int:
        with scope(programme=programme):
            return approve_nudges(programme=programme, nudges=[nudge.pk], by=user, now=NOW)

    assert sum(at_once(approve, times=20)) == 1
    with scopes_disabled():
        assert OutboundMessage.objects.filter(kind=MessageKind.NUDGE).count() == 1


def test_a_proposal_lapses_after_a_week(programme: Programme) -> None:
    proposed(programme)
    plan_nudges(now=NOW + 6 * DAY)
    assert all_nudges()[0].state == NudgeState.PROPOSED
    plan_nudges(now=NOW + 7 * DAY)
    assert all_nudges()[0].dropped_because == "Ikke godkendt inden for 7 dage."


def test_proposals_of_a_rule_that_is_switched_off_go(programme: Programme) -> None:
    proposed(programme)
    rule_of(programme, Trigger.SILENT, is_on=False)
    plan_nudges(now=NOW + DAY)
    assert all_nudges()[0].dropped_because == "Reglen er slået fra."


def test_whoever_waits_for_a_rule_that_is_switched_off_is_free_for_others(programme: Programme) -> None:
    measured_round(programme, number=2)
    rule_of(programme, Trigger.SILENT, is_on=False)
    plan_nudges(now=NOW + DAY)
    (late,) = [each for each in all_nudges() if each.half == DrawnHalf.LATER]
    assert (late.state, late.dropped_because) == (NudgeState.DROPPED, "Reglen er slået fra.")


def test_who_referred_in_the_three_weeks_is_not_even_proposed(programme: Programme) -> None:
    drawn = measured_round(programme, number=2, mode=NudgeMode.APPROVE)
    (late,) = [each for each in drawn if each.half == DrawnHalf.LATER]
    make_referral(programme, referrer=late.referrer, received_at=NOW + DAY)
    plan_nudges(now=NOW + 21 * DAY)
    (late,) = [each for each in all_nudges() if each.half == DrawnHalf.LATER]
    assert (late.state, late.dropped_because) == (
        NudgeState.DROPPED,
        "Henviseren har sendt en henvisning i mellemtiden.",
    )


@pytest.mark.parametrize("switched", ["rule", "programme"])
def test_what_is_switched_off_after_planning_is_not_sent(
    programme: Programme, smtp_sink: SmtpSink, switched: str
) -> None:
    of_silence(programme)
    only(programme, Trigger.SILENT)
    plan_nudges(now=NOW)
    if switched == "rule":
        rule_of(programme, Trigger.SILENT, is_on=False)
    else:
        Programme.objects.update(nudges_on=False)
    assert send_all() == [Outcome.CANCELLED]
    why = {"rule": "Reglen er slået fra.", "programme": "Programmet har slået påmindelser fra."}
    assert reason_of(all_nudges()[0].message) == why[switched]


# --- Ask somebody else -----------------------------------------------------------------------------


def test_whoever_points_elsewhere_is_left_in_peace_and_a_task_tells_whom_to_ask(
    programme: Programme, smtp_sink: SmtpSink
) -> None:
    referrer = of_silence(programme)
    only(programme, Trigger.SILENT)
    plan_nudges(now=NOW)
    with scope(programme=programme):
        for _ in range(2):
            point_elsewhere(
                referrer=referrer, name="Bo Ny", email="bo@jobcenter.example", phone="+4520123456", now=NOW
            )
        task = Task.objects.get(kind=TaskKind.REFERRER_POINTS_ELSEWHERE)
    assert task.referrer == referrer
    assert task.reasons == [
        "Skriver: Ikke relevant for mig. Spørg hellere Bo Ny, bo@jobcenter.example, 20 12 34 56."
    ]
    assert send_all() == [Outcome.CANCELLED]
    assert reason_of(all_nudges()[0].message) == (
        "Henviseren har sagt, at det ikke er relevant, og peget på en anden."
    )
    assert smtp_sink.mails == [], "and nobody writes to Bo"
    assert plan_nudges(now=NOW + 90 * DAY) == 0
    with scope(programme=programme):
        resume_reminders(referrer=referrer, now=NOW + 90 * DAY)
    assert plan_nudges(now=NOW + 90 * DAY) == 1


def test_rounds_and_rules_of_another_programme_stay_out_of_reach(
    programme: Programme, other_programme: Programme
) -> None:
    of_silence(other_programme)
    plan_nudges(now=NOW)
    with scope(programme=programme):
        assert not Nudge.objects.exists()
        assert not NudgeRound.objects.exists()
    with scope(programme=other_programme):
        assert Nudge.objects.get().programme == other_programme
