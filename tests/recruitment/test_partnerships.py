"""The coordinator sees which partnerships may break and why, and keeps them from it."""

import datetime as dt
import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from core.danish import add_working_days
from core.dates import format_danish_date
from courses.enums import EnrolmentState
from outreach.enums import ActivityKind, ActivityState, Vulnerability
from outreach.models import Activity, CooperationAgreement, Organisation, Referrer
from outreach.services import tend_partners
from participants.enums import Outcome, Stage
from recruitment.queries.partners import Became, what_became
from tests.factories import (
    NOW,
    make_activity,
    make_channel,
    make_cohort,
    make_cooperation_agreement,
    make_enrolment,
    make_organisation,
    make_participant,
    make_referral,
    make_referrer,
    make_task,
    make_tracked_link,
)
from worklist.enums import TaskKind
from worklist.models import Task

LONG_AGO = NOW - dt.timedelta(days=900)


@pytest.fixture
def browser(client_for, coordinator) -> Client:
    return client_for(coordinator)


@pytest.fixture
def partner(programme) -> Organisation:
    """A place that all of it is wrong with."""
    made = make_organisation(programme, name="Jobcenter Ærø", is_tended=True, created_at=LONG_AGO)
    make_referrer(programme, name="Åse Nøgle", organisation=made, is_key_person=True)
    make_referrer(programme, name="Jonas Gået", organisation=made, is_key_person=True, left_on=NOW.date())
    return made


def today() -> dt.date:
    return timezone.localdate()


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def page_of(browser: Client, partner: Organisation) -> str:
    return text(browser.get(reverse("recruitment:partner_detail", kwargs={"pk": partner.pk})))


def url(name: str, partner: Organisation) -> str:
    return reverse(f"recruitment:{name}", kwargs={"pk": partner.pk})


# --- Vulnerability ---------------------------------------------------------------------------------


def test_partner_detail_says_why_it_is_vulnerable_and_what_to_do(browser, partner):
    page = page_of(browser, partner)
    for sentence in (
        "Jonas Gået var nøgleperson og er stoppet. Ingen har overtaget. Aftal, hvem der overtager, "
        "mens kollegerne husker jer.",
        "Samarbejdet hviler på Åse Nøgle alene. Find en til, så samarbejdet holder, hvis Åse Nøgle "
        "skifter job.",
        "I har ikke noteret, at nogen har besøgt stedet. Det bør ske hver 6. uge. Aftal et besøg",
        "I har ikke noteret, at nogen har talt med ledelsen. Det bør ske hver fjerde måned.",
    ):
        assert sentence in page
    gone = Referrer._base_manager.get(name="Jonas Gået")
    assert reverse("recruitment:referrer_left", kwargs={"pk": gone.pk}) in page
    for plan in ("visit", "leader"):
        assert f"?organisation={partner.pk}&plan={plan}" in page


def test_partner_detail_says_nothing_of_the_kind_where_all_is_well(browser, programme):
    assert "Det kræver opmærksomhed" not in page_of(browser, make_organisation(programme))


def test_a_visit_is_planned_in_one_tap_and_the_weakness_and_its_reason_are_gone(browser, programme, partner):
    with scope(programme=programme):
        tend_partners(programme=programme, now=timezone.now())
    beforehand = browser.get(f"/samarbejde/aktiviteter/ny/?organisation={partner.pk}&plan=leader")
    initial = beforehand.context["form"].initial
    assert initial == {
        "organisation": str(partner.pk),
        "channel": None,
        "title": "Møde med ledelsen hos Jobcenter Ærø",
        "kind": ActivityKind.VISIT,
        "planned_on": add_working_days(today(), 5),
        "with_leader": True,
    }
    browser.post(
        "/samarbejde/aktiviteter/ny/",
        {
            "organisation": partner.pk,
            "title": initial["title"],
            "kind": "visit",
            "planned_on": format_danish_date(initial["planned_on"]),
            "with_leader": "on",
        },
    )
    page = page_of(browser, partner)
    assert "har besøgt stedet" not in page
    assert "har talt med ledelsen" not in page
    with scope(programme=programme):
        task = Task.objects.open().get(kind=TaskKind.TEND_PARTNER)
        assert task.reasons == ["Samarbejdet hviler på Åse Nøgle alene."]


@pytest.mark.parametrize(
    "asked", ["organisation=x&plan=visit", "organisation=99999999999999&plan=visit", "plan=y"]
)
def test_a_plan_for_nowhere_is_an_empty_form(browser, asked):
    page = browser.get(f"/samarbejde/aktiviteter/ny/?{asked}")
    assert page.status_code == 200
    assert "title" not in page.context["form"].initial


def test_a_plan_for_another_programmes_partner_tells_nothing_of_it(browser, other_programme):
    foreign = make_organisation(other_programme, name="Fremmed Sted")
    page = browser.get(f"/samarbejde/aktiviteter/ny/?organisation={foreign.pk}&plan=visit")
    assert "Fremmed Sted" not in text(page)


def test_a_long_name_still_gives_a_title_that_can_be_saved(browser, programme):
    place = make_organisation(programme, name="Å" * 150)
    page = browser.get(f"/samarbejde/aktiviteter/ny/?organisation={place.pk}&plan=visit")
    assert len(page.context["form"].initial["title"]) == 150


def test_tasks_of_partners_lead_to_where_they_are_done(browser, programme, partner):
    make_cooperation_agreement(programme, organisation=partner, review_on=today() + dt.timedelta(days=3))
    with scope(programme=programme):
        tend_partners(programme=programme, now=timezone.now())
    page = text(browser.get("/opgaver/"))
    for title in (
        "Pas på samarbejdet med Jobcenter Ærø",
        "Gennemgå aftalen med Jobcenter Ærø",
        "Find ud af, hvem der overtager efter Jonas Gået",
    ):
        assert title in page
    gone = Referrer._base_manager.get(name="Jonas Gået")
    for address in (
        url("partner_detail", partner),
        url("partner_agreement", partner),
        reverse("recruitment:referrer_left", kwargs={"pk": gone.pk}),
    ):
        assert f'class="button button-secondary" href="{address}"' in page


# --- The list --------------------------------------------------------------------------------------


def names(browser: Client, asked: str = "") -> list[str]:
    page = browser.get(f"/samarbejde/{asked}")
    assert page.status_code == 200
    return [line.organisation.name for line in page.context["lines"]]


def test_partner_list_puts_what_needs_attention_first(browser, programme, partner):
    make_organisation(programme, name="Aldrig talt med")
    spoken = make_organisation(programme, name="Bageren")
    make_activity(programme, organisation=spoken, state=ActivityState.DONE, held_on=today())
    one = make_organisation(programme, name="Én nøgleperson")
    make_referrer(programme, organisation=one, is_key_person=True)
    assert names(browser) == ["Jobcenter Ærø", "Én nøgleperson", "Aldrig talt med", "Bageren"]


def test_partner_list_is_narrowed_by_kind_weakness_contact_and_name(browser, programme, partner):
    quiet = make_organisation(programme, name="3F Vest", kind="union")
    make_activity(
        programme,
        organisation=quiet,
        kind=ActivityKind.PHONE,
        state=ActivityState.DONE,
        held_on=today() - dt.timedelta(days=60),
    )
    make_organisation(programme, name="Lægehuset", kind="gp")

    assert names(browser, "?kind=union") == ["3F Vest"]
    assert names(browser, "?attention=any") == ["Jobcenter Ærø"]
    for kind in Vulnerability:
        found = [] if kind == Vulnerability.NO_KEY_PERSON else ["Jobcenter Ærø"]
        assert names(browser, f"?attention={kind}") == found
    assert names(browser, "?contact=1") == ["Jobcenter Ærø", "Lægehuset", "3F Vest"]
    assert names(browser, "?contact=3") == ["Jobcenter Ærø", "Lægehuset"]
    assert names(browser, "?contact=ever&kind=gp") == ["Lægehuset"]
    assert names(browser, "?search=vest") == ["3F Vest"]
    assert names(browser, "?search=aeroe") == names(browser, "?search=Ærø") == ["Jobcenter Ærø"]
    assert names(browser, "?kind=x&attention=x&contact=x") == ["Jobcenter Ærø", "Lægehuset", "3F Vest"]


def test_partner_list_narrowed_to_nothing_says_how_to_see_more(browser, partner):
    assert "Ingen organisationer passer" in text(browser.get("/samarbejde/?kind=gp"))


def test_partner_list_shows_the_next_step_whichever_comes_first(browser, programme, partner):
    make_task(
        programme,
        kind=TaskKind.PARTNER_STEP,
        organisation=partner,
        why="Send folderen",
        due_on=today() + dt.timedelta(days=9),
    )
    assert "Send folderen" in text(browser.get("/samarbejde/"))
    make_activity(programme, organisation=partner, title="Frokost", planned_on=today() + dt.timedelta(days=2))
    page = text(browser.get("/samarbejde/"))
    assert "Frokost" in page
    assert "Send folderen" not in page


def test_partner_pages_take_the_same_queries_with_one_and_many(browser, programme, partner):
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    def fill(count: int) -> None:
        for _ in range(count):
            place = make_organisation(programme, is_tended=True, created_at=LONG_AGO)
            for where in (place, partner):
                person = make_referrer(programme, organisation=where, is_key_person=True, left_on=NOW.date())
                make_referral(programme, referrer=person)
                make_activity(programme, organisation=where, referrer=person)
                make_cooperation_agreement(programme, organisation=where, agreed_with=person, ended_at=NOW)
            make_task(programme, kind=TaskKind.PARTNER_STEP, organisation=place)

    fill(1)
    addresses = ("/samarbejde/", "/samarbejde/?attention=any&contact=3", url("partner_detail", partner))
    few = [asked(address) for address in addresses]
    fill(20)
    assert [asked(address) for address in addresses] == few


def test_what_became_counts_people_and_leaves_mistakes_out(programme, partner):
    person = make_referrer(programme, organisation=partner)
    cohort = make_cohort(programme)
    fates = [(EnrolmentState.COMPLETED, NOW), (EnrolmentState.STOPPED, NOW), (EnrolmentState.ENROLLED, None)]
    for state, started_at in fates:
        someone = make_participant(programme, stage=Stage.PLACED)
        make_enrolment(cohort, someone, state=state, started_at=started_at)
        make_referral(programme, participant=someone, referrer=person)
    make_referral(programme, participant=someone, referrer=person)  # sent twice: two arrivals, one person
    mistake = make_participant(programme, stage=Stage.CLOSED, outcome=Outcome.MISTAKE)
    make_referral(programme, participant=mistake, referrer=person)
    elsewhere = make_organisation(programme)
    make_referral(programme, referrer=make_referrer(programme, organisation=elsewhere))
    with scope(programme=programme):
        assert what_became([partner.pk]) == {partner.pk: Became(4, 2, 1, NOW)}


# --- Notes, steps, agreements ----------------------------------------------------------------------


def test_partner_contact_is_noted_and_is_the_latest(browser, programme, partner):
    answers = {
        "kind": "phone",
        "held_on": format_danish_date(today()),
        "minutes": "10",
        "note": "Ringer igen.",
    }
    assert browser.post(url("partner_contact", partner), answers).status_code == 302
    browser.post(url("partner_contact", partner), answers)
    with scope(programme=programme):
        noted = Activity.objects.get()
    assert (noted.organisation, noted.note, noted.with_leader) == (partner, "Ringer igen.", False)
    page = page_of(browser, partner)
    assert "Ringer igen." in page
    assert f"<dt>Seneste kontakt</dt><dd>{format_danish_date(today())}" in page


def test_partner_contact_says_what_is_wrong_and_keeps_what_was_typed(browser, programme, partner):
    gone = Referrer._base_manager.get(name="Jonas Gået")
    elsewhere = make_referrer(programme, organisation=make_organisation(programme))
    tomorrow = format_danish_date(today() + dt.timedelta(days=1))
    for person in (gone, elsewhere):
        answer = browser.post(
            url("partner_contact", partner),
            {"kind": "x", "held_on": tomorrow, "minutes": "-1", "referrer": person.pk, "note": "Behold mig"},
        )
        assert answer.status_code == 422
        page = text(answer)
        for sentence in (
            "Vælg, hvordan I talte sammen.",
            "Dagen er ikke kommet endnu. Skriv i dag eller en tidligere dag.",
            "Skriv minutterne som et helt tal, højst 1440.",
            "Vælg en person på listen.",
            "Behold mig",
        ):
            assert sentence in page
    with scope(programme=programme):
        assert not Activity.objects.exists()


def test_partner_step_is_written_changed_and_lies_among_the_tasks(browser, programme, partner):
    where = url("partner_step", partner)
    day = format_danish_date(today())
    browser.post(where, {"what": "Send folderen", "due_on": day})
    assert "Send folderen" in text(browser.get(where))
    browser.post(where, {"what": "Ring til lederen", "due_on": day})
    with scope(programme=programme):
        assert Task.objects.open().get().why == "Ring til lederen"
    assert "Ring til lederen" in page_of(browser, partner)
    assert "Næste skridt med Jobcenter Ærø" in text(browser.get("/opgaver/"))


def test_partner_step_of_yesterday_or_of_nothing_is_refused(browser, programme, partner):
    answer = browser.post(
        url("partner_step", partner),
        {"what": "", "due_on": format_danish_date(today() - dt.timedelta(days=1))},
    )
    assert answer.status_code == 422
    assert "Skriv, hvad du vil gøre" in text(answer)
    assert "Dagen er gået." in text(answer)
    with scope(programme=programme):
        assert not Task.objects.exists()


def agreed(**changed) -> dict[str, str]:
    return {
        "they_do": "Nævner os på teammødet.",
        "we_do": "Kommer hver sjette uge.",
        "agreed_on": format_danish_date(today()),
        "review_on": format_danish_date(today() + dt.timedelta(days=180)),
        **changed,
    }


def test_partner_agreement_is_written_gone_through_and_the_earlier_one_kept(browser, programme, partner):
    where = url("partner_agreement", partner)
    browser.post(where, agreed())
    assert "Nævner os på teammødet." in text(browser.get(where))
    browser.post(where, agreed(they_do="Spørger alle nye sygemeldte."))
    page = page_of(browser, partner)
    assert "Spørger alle nye sygemeldte." in page
    assert "Tidligere aftaler (1)" in page
    assert "Nævner os på teammødet." in page
    with scope(programme=programme):
        assert CooperationAgreement.objects.count() == 2


def test_partner_agreement_that_is_due_says_so(browser, programme, partner):
    make_cooperation_agreement(
        programme, organisation=partner, agreed_on=today() - dt.timedelta(days=99), review_on=today()
    )
    assert "Skal gennemgås" in page_of(browser, partner)


def test_partner_agreement_says_what_is_missing(browser, programme, partner):
    answer = browser.post(
        url("partner_agreement", partner),
        {
            "they_do": "",
            "we_do": "Kommer. 010203-1234",
            "agreed_on": format_danish_date(today() + dt.timedelta(days=1)),
            "review_on": format_danish_date(today()),
        },
    )
    assert answer.status_code == 422
    for sentence in (
        "Skriv, hvad de gør",
        "Det ligner et CPR-nummer.",
        "Dagen er ikke kommet endnu.",
        "Vælg en dag, der kommer",
    ):
        assert sentence in text(answer)
    with scope(programme=programme):
        assert not CooperationAgreement.objects.exists()


def test_partner_agreement_that_has_ended_stands_among_the_earlier(browser, programme, partner):
    make_cooperation_agreement(programme, organisation=partner)
    for _ in range(2):
        assert browser.post(url("partner_agreement_end", partner)).status_code == 302
    page = page_of(browser, partner)
    assert "Skriv en aftale" in page
    assert "Tidligere aftaler (1)" in page


def test_partner_edit_keeps_cadence_and_whether_it_is_tended(browser, programme, partner):
    typed = {
        "name": partner.name,
        "kind": "jobcentre",
        "note": "",
        "is_tended": "on",
        "visit_every_weeks": "2",
    }
    assert browser.post(url("partner_edit", partner), typed).status_code == 302
    assert "Bør ske hver 2. uge" in page_of(browser, partner)
    browser.post(url("partner_edit", partner), {**typed, "is_tended": "", "visit_every_weeks": ""})
    with scope(programme=programme):
        changed = Organisation.objects.get(pk=partner.pk)
    assert (changed.is_tended, changed.visit_every_weeks, changed.cadence_weeks) == (False, None, 6)


@pytest.mark.parametrize("weeks", ["0", "105", "seks", "-1"])
def test_partner_edit_refuses_a_cadence_that_is_none(browser, partner, weeks):
    answer = browser.post(
        url("partner_edit", partner), {"name": partner.name, "kind": "gp", "visit_every_weeks": weeks}
    )
    assert answer.status_code == 422
    assert "et helt tal fra 1 til 104" in text(answer)


@pytest.mark.parametrize(
    "name", ["partner_contact", "partner_step", "partner_agreement", "partner_agreement_end"]
)
def test_partnership_pages_of_another_programme_are_not_found(browser, other_programme, name):
    foreign = make_organisation(other_programme)
    assert browser.post(url(name, foreign), agreed()).status_code == 404
    with scope(programme=other_programme):
        assert not CooperationAgreement.objects.exists()


# --- A hand-over -----------------------------------------------------------------------------------


def test_referrer_left_hands_over_the_role_the_links_and_the_channels(browser, programme, partner):
    leaving = Referrer._base_manager.get(name="Åse Nøgle")
    mona = make_referrer(programme, name="Mona Ægidius", organisation=partner)
    link = make_tracked_link(programme, label="Mail fra Åse Nøgle")
    make_tracked_link(programme, label="Åse Nøgle, gammel", retired_at=NOW)
    make_channel(programme, name="Teammødet", referrer=leaving)
    where = reverse("recruitment:referrer_left", kwargs={"pk": leaving.pk})
    page = text(browser.get(where))
    assert "Mail fra Åse Nøgle" in page
    assert "gammel" not in page

    browser.post(where, {"successor": mona.pk, "as_key_person": "on", "links": [link.pk]})

    mona.refresh_from_db()
    link.refresh_from_db()
    assert (mona.is_key_person, link.label) == (True, "Mail fra Mona Ægidius")
    cover = text(browser.get("/samarbejde/kanaler/"))
    assert "Mona Ægidius" in cover
    assert "Ingen endnu" not in cover
    here = reverse("recruitment:referrer_here", kwargs={"pk": leaving.pk})
    browser.post(here)
    assert "Åse Nøgle" in text(browser.get("/samarbejde/kanaler/"))


def test_referrer_left_asks_for_a_role_only_where_there_was_one(browser, programme, partner):
    colleague = make_referrer(programme, name="Kollega", organisation=partner)
    form = browser.get(reverse("recruitment:referrer_left", kwargs={"pk": colleague.pk})).context["form"]
    assert list(form.fields) == ["successor"]


def test_referrer_left_takes_no_link_of_another_programme(browser, programme, other_programme, partner):
    leaving = Referrer._base_manager.get(name="Åse Nøgle")
    make_tracked_link(programme, label="Mail fra Åse Nøgle")
    foreign = make_tracked_link(other_programme, label="Mail fra Åse Nøgle")
    mona = make_referrer(programme, organisation=partner)
    where = reverse("recruitment:referrer_left", kwargs={"pk": leaving.pk})
    answer = browser.post(where, {"successor": mona.pk, "links": [foreign.pk]})
    assert answer.status_code == 422
    assert "Vælg links på listen." in text(answer)
    leaving.refresh_from_db()
    assert leaving.left_on is None
