"""The coordinator's pages about reminders, and the referrer's page that says "ask somebody else"."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from messaging.enums import MessageState
from outreach.models import Referrer
from referrals.enums import DrawnHalf, NudgeMode, NudgeState, Trigger
from referrals.models import Nudge, NudgeRule
from referrals.nudge_queries import observations, points
from referrals.nudge_texts import STANDARD
from referrals.services import referrer_page_url
from tests.factories import (
    make_message,
    make_nudge,
    make_referral,
    make_referrer,
    rule_of,
)
from worklist.enums import TaskKind
from worklist.models import Task

pytestmark = pytest.mark.usefixtures("in_scope")

RULES = "/samarbejde/paamindelser/"
WAITING = "/samarbejde/paamindelser/venter/"
UNSENT = "/samarbejde/paamindelser/ikke-sendt/"
ELSEWHERE = "/min-side/ikke-relevant/"
NOW = timezone.now()
DAY = dt.timedelta(days=1)


@pytest.fixture
def browser(client_for: Any, coordinator: User) -> Client:
    return client_for(coordinator)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def typed(rule: NudgeRule, **changes: str) -> dict[str, str]:
    """Return the rule's form as a browser would send it back, with `changes`."""
    standard = STANDARD[Trigger(rule.trigger)]
    return {
        "mode": rule.mode,
        "audience": rule.audience,
        "organisation_kind": "",
        "wait_days": str(rule.wait_days),
        "cap_days": str(rule.cap_days),
        "is_on": "on",
        **{f"subject_{language}": words.subject for language, words in standard.items()},
        **{f"body_{language}": words.body for language, words in standard.items()},
        **changes,
    }


# --- Rules -----------------------------------------------------------------------------------------


def test_the_rules_stand_with_what_they_last_sent_and_what_is_known_of_them(
    browser: Client, programme: Programme
) -> None:
    rule = rule_of(programme, Trigger.SILENT, is_on=True, is_measured=True)
    referrer = make_referrer(programme)
    sent = make_message(programme, referrer=referrer, kind="nudge", state=MessageState.SENT, sent_at=NOW)
    make_nudge(programme, referrer=referrer, state=NudgeState.PLANNED, message=sent)
    make_nudge(programme)
    page = text(browser.get(RULES))
    for trigger in Trigger:
        assert trigger.label in page
    assert f"{timezone.localtime(NOW):%d.%m.%Y}" in page
    assert "Se 1, der venter på dig" in page
    assert "Ikke nok endnu: 0 af 100 i hver halvdel" in page
    assert "Måles ikke" in page
    assert rule.is_on


def test_a_rule_is_switched_off_and_on_and_a_second_press_changes_nothing(
    browser: Client, programme: Programme
) -> None:
    rule = rule_of(programme, Trigger.SILENT)
    for wanted in ("0", "0", "1", "1"):
        response = browser.post(f"{RULES}{rule.pk}/til/", {"is_on": wanted})
        assert response.status_code == 302
        rule.refresh_from_db()
        assert rule.is_on == (wanted == "1")


def test_a_rule_is_saved_and_a_text_left_as_it_stands_stays_the_standard_one(
    browser: Client, programme: Programme, coordinator: User
) -> None:
    rule = rule_of(programme, Trigger.SILENT)
    answer = browser.post(
        f"{RULES}{rule.pk}/",
        typed(
            rule, wait_days="30", cap_days="60", mode="approve", subject_da="Kære {navn}", is_measured="on"
        ),
    )
    assert answer.status_code == 302
    rule.refresh_from_db()
    assert (rule.wait_days, rule.cap_days, rule.mode) == (30, 60, NudgeMode.APPROVE)
    assert (rule.subject_da, rule.body_da, rule.subject_en, rule.body_en) == ("Kære {navn}", "", "", "")
    assert (rule.is_measured, rule.changed_by) == (True, coordinator)
    browser.post(f"{RULES}{rule.pk}/", typed(rule, subject_da=""))
    rule.refresh_from_db()
    assert rule.subject_da == ""


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"body_da": "Hej {fornavn}"}, "Pladsholderen {fornavn} findes ikke. Mente du {navn}? Brug en af"),
        ({"body_da": "Hej {xyz}"}, "Pladsholderen {xyz} findes ikke. Brug en af dem, der står under"),
        ({"subject_en": "Hello {name"}, "Et { eller } står alene."),
        ({"wait_days": "13"}, "Skriv et helt tal fra 14 til 364."),
        ({"wait_days": "snart"}, "Skriv et helt tal fra 14 til 364."),
        ({"cap_days": "2"}, "Skriv et helt tal fra 14 til 364."),
        ({"mode": ""}, "Vælg, om de sendes af sig selv, eller når du har godkendt dem."),
        ({"audience": "alle"}, "Vælg en på listen."),
        ({"subject_da": "x" * 121}, "Teksten er 1 tegn for lang."),
        ({"body_da": "Ring om 010190-1234"}, "Det ligner et CPR-nummer."),
    ],
)
def test_a_wrong_answer_is_refused_in_a_sentence_and_everything_typed_is_kept(
    browser: Client, programme: Programme, wrong: dict[str, str], sentence: str
) -> None:
    rule = rule_of(programme, Trigger.SILENT)
    before = NudgeRule.objects.values().get(pk=rule.pk)
    answer = browser.post(f"{RULES}{rule.pk}/", typed(rule, body_en="My own words.", **wrong))
    assert answer.status_code == 422
    page = text(answer)
    assert sentence in page
    assert "My own words." in page
    assert NudgeRule.objects.values().get(pk=rule.pk) == before


def test_a_preview_shows_the_mail_on_real_data_in_both_languages_and_saves_nothing(
    browser: Client, programme: Programme
) -> None:
    rule = rule_of(programme, Trigger.SILENT)
    referrer = make_referrer(programme, name="Åse Østergård")
    answer = browser.post(
        f"{RULES}{rule.pk}/",
        typed(
            rule,
            step="preview",
            preview_for=str(referrer.pk),
            body_da="Kære {navn}. Start {næste_start}.",
            body_en="Dear {navn}.",
        ),
    )
    page = text(answer)
    assert answer.status_code == 200
    assert "Kære Åse Østergård. Start senere." in page
    assert "Dear Åse Østergård." in page
    assert "Du får denne mail, fordi du står som henviser" in page
    rule.refresh_from_db()
    assert rule.body_da == ""
    answer = browser.post(f"{RULES}{rule.pk}/", typed(rule, step="preview"))
    assert answer.status_code == 422
    assert "Vælg en henviser for at se mailen." in text(answer)


# --- What waits for a yes --------------------------------------------------------------------------


def test_all_shown_are_approved_by_one_press_and_those_that_came_since_are_not(
    browser: Client, programme: Programme, coordinator: User
) -> None:
    shown = [make_nudge(programme) for _ in range(3)]
    page = text(browser.get(WAITING))
    assert "Godkend alle 3" in page
    late = make_nudge(programme)
    answer = browser.post(f"{WAITING}godkend/", {"nudge": [each.pk for each in shown]}, follow=True)
    assert "3 påmindelser er godkendt." in text(answer)
    assert "Godkend den ene" in text(answer)
    states = dict(Nudge.objects.values_list("pk", "state"))
    assert {states[each.pk] for each in shown} == {NudgeState.PLANNED}
    assert states[late.pk] == NudgeState.PROPOSED
    again = browser.post(f"{WAITING}godkend/", {"nudge": [each.pk for each in shown]}, follow=True)
    assert "Nogle af dem var der allerede taget stilling til." in text(again)
    assert Nudge.objects.filter(decided_by=coordinator).count() == 3


@pytest.mark.parametrize("sent", [["x"], ["-1"], ["9" * 30], ["1" * 10_000], []])
def test_nonsense_approves_nothing(browser: Client, programme: Programme, sent: list[str]) -> None:
    make_nudge(programme)
    assert browser.post(f"{WAITING}godkend/", {"nudge": sent}).status_code == 302
    assert Nudge.objects.get().state == NudgeState.PROPOSED


def test_one_is_given_its_own_words_and_another_is_chosen_away(browser: Client, programme: Programme) -> None:
    one, other = make_nudge(programme), make_nudge(programme)
    page = text(browser.get(f"{WAITING}{one.pk}/"))
    assert f"Hej {one.referrer}" in page, "as it will be sent"
    answer = browser.post(f"{WAITING}{one.pk}/", {"subject": "Kære {navn}", "body": "Tak for sidst."})
    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.subject, one.body, one.state) == ("Kære {navn}", "Tak for sidst.", NudgeState.PROPOSED)
    assert "Egen tekst" in text(browser.get(WAITING))
    browser.post(f"{WAITING}{other.pk}/vaelg-fra/")
    other.refresh_from_db()
    assert other.state == NudgeState.DROPPED
    assert "Valgt fra på listen." in text(browser.get(UNSENT))
    late = browser.post(f"{WAITING}{other.pk}/vaelg-fra/", follow=True)
    assert "Der er taget stilling til påmindelsen i mellemtiden." in text(late)
    late = browser.post(f"{WAITING}{other.pk}/", {"subject": "a", "body": "b"}, follow=True)
    assert "Der er taget stilling til påmindelsen i mellemtiden." in text(late)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"subject": ""}, "Skriv et emne."),
        ({"body": ""}, "Skriv, hvad der skal stå i mailen."),
        ({"body": "{telefonnummer}"}, "Pladsholderen {telefonnummer} findes ikke."),
    ],
)
def test_words_for_one_person_are_held_to_the_same(
    browser: Client, programme: Programme, wrong: dict[str, str], sentence: str
) -> None:
    nudge = make_nudge(programme)
    answer = browser.post(f"{WAITING}{nudge.pk}/", {"subject": "Mit emne", "body": "Min tekst", **wrong})
    assert answer.status_code == 422
    assert sentence in text(answer)
    nudge.refresh_from_db()
    assert nudge.body == ""


def test_what_was_not_sent_stands_with_its_reason(browser: Client, programme: Programme) -> None:
    for state, told in (
        (MessageState.CANCELLED, "Henviseren er stoppet i jobbet."),
        (MessageState.FAILED, "Modtageren har ingen e-mailadresse."),
        (MessageState.RETURNED, "Mailen kom retur."),
        (MessageState.SENT, ""),
    ):
        referrer = make_referrer(programme, name=f"Henviser {state}")
        message = make_message(
            programme,
            referrer=referrer,
            kind="nudge",
            state=state,
            sent_at=NOW,
            returned_at=NOW if state == MessageState.RETURNED else None,
            fault=told if state == MessageState.FAILED else "",
            cancelled_because=told if state == MessageState.CANCELLED else "",
        )
        make_nudge(programme, referrer=referrer, state=NudgeState.PLANNED, message=message, decided_at=NOW)
    page = text(browser.get(UNSENT))
    assert "Henviseren er stoppet i jobbet." in page
    assert "Modtageren har ingen e-mailadresse." in page
    assert "Mailen kom retur." in page
    assert "Henviser sent" not in page


# --- What works ------------------------------------------------------------------------------------


def drawn(programme: Programme, half: DrawnHalf, days_ago: int, referred_after: int | None) -> Nudge:
    """Return somebody drawn so long ago who sent somebody so many days later, or nobody."""
    at = NOW - days_ago * DAY
    referrer = make_referrer(programme)
    if referred_after is not None:
        make_referral(programme, referrer=referrer, received_at=at + referred_after * DAY)
    return make_nudge(programme, referrer=referrer, half=half, drawn_at=at, state=NudgeState.WAITING)


def test_counted_is_who_referred_within_three_weeks_whatever_became_of_the_reminder(
    programme: Programme,
) -> None:
    rule = rule_of(programme, Trigger.SILENT)
    drawn(programme, DrawnHalf.NOW, 30, 20)
    drawn(programme, DrawnHalf.NOW, 30, 22)  # too late
    drawn(programme, DrawnHalf.LATER, 30, -2)  # before the draw
    drawn(programme, DrawnHalf.LATER, 25, None)
    drawn(programme, DrawnHalf.NOW, 20, 1)  # its weeks have not passed
    make_nudge(programme, drawn_at=NOW - 40 * DAY)  # of a round that is not measured
    seen = observations(NOW)[rule.pk]
    assert sorted((one.half.value, one.referred) for one in seen) == [
        ("later", False),
        ("later", False),
        ("now", False),
        ("now", True),
    ]


def test_the_page_of_an_effect_says_not_enough_until_it_is(browser: Client, programme: Programme) -> None:
    rule = rule_of(programme, Trigger.SILENT, is_measured=True)
    page = text(browser.get(f"{RULES}{rule.pk}/virkning/"))
    assert "De første tal kommer" in page
    drawn(programme, DrawnHalf.NOW, 30, 2)
    drawn(programme, DrawnHalf.LATER, 30, None)
    page = text(browser.get(f"{RULES}{rule.pk}/virkning/"))
    assert "Ikke nok endnu" in page
    assert "Der skal 100 i hver halvdel" in page
    assert "Forskel: +100,0 procentpoint" in page
    assert "Påmindelsen giver" not in page


def test_the_page_of_an_effect_says_more_when_it_is_clear(browser: Client, programme: Programme) -> None:
    rule = rule_of(programme, Trigger.SILENT, is_measured=True)
    first = make_nudge(programme)
    referrers = [make_referrer(programme) for _ in range(200)]
    at = NOW - 30 * DAY
    Nudge.objects.bulk_create(
        Nudge(
            programme=programme,
            round=first.round,
            referrer=referrer,
            half=DrawnHalf.NOW if number % 2 else DrawnHalf.LATER,
            drawn_at=at,
            due_at=at,
        )
        for number, referrer in enumerate(referrers)
    )
    for number in range(1, 81, 2):
        make_referral(programme, referrer=referrers[number], received_at=at + DAY)
    page = text(browser.get(f"{RULES}{rule.pk}/virkning/"))
    assert "Påmindelsen giver flere henvisninger" in page
    assert "Forskel: +40,0 procentpoint" in page
    assert "40 af 100" in page
    assert "Giver flere henvisninger: +40,0 procentpoint" in text(browser.get(RULES))


@pytest.mark.parametrize(
    ("share", "told"), [(0.041, "+4,1"), (-0.2, "−20,0"), (0.0, "0,0"), (-0.0001, "0,0"), (None, "–")]
)
def test_points_are_written_as_danes_do(share: float | None, told: str) -> None:
    assert points(share) == told


def test_pages_take_the_same_queries_with_few_and_many(browser: Client, programme: Programme) -> None:
    def asked() -> list[int]:
        counts = []
        for url in (RULES, WAITING, UNSENT, f"{RULES}{rule.pk}/virkning/"):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(url).status_code == 200
            counts.append(len(queries))
        return counts

    rule = rule_of(programme, Trigger.SILENT)

    def fill() -> None:
        make_nudge(programme)
        make_nudge(programme, state=NudgeState.DROPPED, dropped_because="Fordi.")
        drawn(programme, DrawnHalf.NOW, 30, 2)
        drawn(programme, DrawnHalf.LATER, 30, None)

    fill()
    asked()  # what is asked once and kept
    few = asked()
    for _ in range(6):
        fill()
    assert asked() == few


# --- Ask somebody else -----------------------------------------------------------------------------


@pytest.fixture
def referrer(programme: Programme) -> Referrer:
    return make_referrer(programme, name="Henrik Holm")


def opened(client: Client, referrer: Referrer) -> Any:
    page = referrer_page_url(referrer=referrer, now=timezone.now()).removeprefix("http://testserver")
    return client.get(page.replace("/min-side/", ELSEWHERE), follow=True)


def test_looking_changes_nothing_and_one_press_leaves_the_referrer_in_peace(
    client: Client, referrer: Referrer
) -> None:
    response = opened(client, referrer)
    assert response.redirect_chain == [(ELSEWHERE, 302)]
    referrer.refresh_from_db()
    assert referrer.not_relevant_at is None
    for _ in range(2):
        answer = client.post(ELSEWHERE, {"name": "", "email": "", "phone": ""}, follow=True)
    assert "Det er noteret. Tak for hjælpen." in text(answer)
    referrer.refresh_from_db()
    assert referrer.not_relevant_at is not None
    task = Task.objects.get(kind=TaskKind.REFERRER_POINTS_ELSEWHERE)
    assert task.reasons == ["Skriver: Ikke relevant for mig. Har ikke peget på en anden."]
    client.post("/min-side/", {"choice": "resume"})
    referrer.refresh_from_db()
    assert referrer.not_relevant_at is None


def test_the_colleague_stands_in_a_task_and_in_no_message(
    client: Client, browser: Client, referrer: Referrer
) -> None:
    opened(client, referrer)
    client.post(ELSEWHERE, {"name": "Bo Ny", "email": "bo@jobcenter.example", "phone": "20 12 34 56"})
    page = text(browser.get("/opgaver/"))
    assert "Spørg en anden end Henrik Holm" in page
    assert "Bo Ny, bo@jobcenter.example, 20 12 34 56" in page
    with scope(programme=referrer.programme):
        assert not referrer.messages.exists()
        assert not Referrer.objects.filter(name="Bo Ny").exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "Bo Ny"}, "Skriv kollegaens e-mail eller telefon"),
        ({"email": "bo@x.example"}, "Skriv, hvad kollegaen hedder."),
        ({"name": "Bo", "email": "bo@"}, "Skriv en hel e-mailadresse"),
        ({"name": "Bo", "phone": "123"}, "Skriv et telefonnummer med 8 cifre"),
    ],
)
def test_half_a_colleague_is_asked_for_the_rest_and_nothing_is_noted(
    client: Client, referrer: Referrer, said: dict[str, str], sentence: str
) -> None:
    opened(client, referrer)
    answer = client.post(ELSEWHERE, said)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert next(iter(said.values())) in text(answer)
    referrer.refresh_from_db()
    assert referrer.not_relevant_at is None


def test_the_language_is_switched_without_sending(client: Client, referrer: Referrer) -> None:
    opened(client, referrer)
    answer = client.post(ELSEWHERE, {"name": "Bo Ny", "page_language": "en"}, follow=True)
    assert "Not relevant for me" in text(answer)
    assert "Bo Ny" in text(answer)
    referrer.refresh_from_db()
    assert referrer.not_relevant_at is None
