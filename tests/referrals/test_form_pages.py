"""The administrator's editor, and how the public pages follow what is published."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django_scopes import scope

from accounts.enums import Role
from accounts.models import Programme, User
from referrals.enums import ReferralKind
from referrals.forms.arrival import ArrivalForm
from referrals.forms.editor import MOST_CRITERIA, FormContentForm
from referrals.forms.kinds import BY_SLUG, PROFESSIONAL_KINDS, shown_form
from referrals.forms.summary import summary_of
from referrals.models import FormVersion, HeldArrival, Referral, WaitingArrival
from referrals.services import current_form, keep_versions, release_arrival
from tests.factories import make_user
from tests.referrals.answers import TYPED_BY_CASEWORKER, TYPED_BY_CITIZEN
from tests.referrals.pages import form_fields

REFER = "/henvis/kultur/jobcenter/"
SIGN_UP = "/tilmeld/kultur/"
LIST = "/indstillinger/formularer/"
EDITOR = f"{LIST}jobcenter/"


@pytest.fixture
def admin(client_for: Any, administrator: User) -> Client:
    browser: Client = client_for(administrator)
    return browser


def text(response: HttpResponse) -> str:
    return response.content.decode()


def edited(admin: Client, path: str = EDITOR, **changed: Any) -> dict[str, Any]:
    """Return what the editor would send, as it stands, with `changed`."""
    return {**form_fields(admin.get(path)), **changed}


def publish(admin: Client, path: str = EDITOR, **changed: Any) -> HttpResponse:
    return admin.post(path, {**edited(admin, path, **changed), "step": "publish"})


def close(admin: Client, path: str = EDITOR) -> None:
    fields = edited(admin, path)
    del fields["is_open"]
    assert admin.post(path, {**fields, "step": "publish"}).status_code == 302


def only_referral(programme: Programme) -> Referral:
    with scope(programme=programme):
        referral: Referral = Referral.objects.select_related("form_version").get()
    return referral


# --- The editor ------------------------------------------------------------------------------------


def test_form_list_names_every_form_and_who_published_it(
    admin: Client, administrator: User, programme: Programme
) -> None:
    assert "Vises nu, og gemmes" in text(admin.get(LIST))
    publish(admin, lead="Kort og godt.")

    page = text(admin.get(LIST))

    for spec in PROFESSIONAL_KINDS:
        assert f'href="{LIST}{spec.path}/"' in page
    assert f"af {administrator}" in page


def test_form_list_takes_as_many_queries_with_many_versions(admin: Client, programme: Programme) -> None:
    admin.get(LIST)
    counts = []
    for number in range(2):
        publish(admin, lead=f"Indledning {number}")
        with CaptureQueriesContext(connection) as queries:
            admin.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("slug", BY_SLUG)
def test_form_edit_opens_for_every_form(admin: Client, programme: Programme, slug: str) -> None:
    page = text(admin.get(f"{LIST}{slug}/"))

    assert "Målgruppe" in page
    assert programme.target_group in page  # in grey, where the form has none of its own


@pytest.mark.parametrize("slug", ["ukendt", "self", "ny"])
def test_form_edit_of_no_form_is_not_found(admin: Client, slug: str) -> None:
    assert admin.get(f"{LIST}{slug}/").status_code == 404
    assert admin.get(f"{LIST}{slug}/1/").status_code == 404


def test_form_edit_shows_the_page_before_it_is_published_and_writes_nothing(
    admin: Client, programme: Programme
) -> None:
    typed = edited(admin, lead="Kort og godt.", target_group="Kun for os", asked=["birth_year"])

    preview = admin.post(EDITOR, {**typed, "step": "preview"})

    page = text(preview)
    assert preview.status_code == 200
    assert "Sådan bliver formularen." in page
    assert "Kort og godt." in page
    assert "Kun for os" in page
    assert 'name="situation"' not in page
    assert 'value="check"' not in page  # nothing can be sent from here
    with scope(programme=programme):
        assert not FormVersion.objects.exists()
    assert "Kort og godt." not in text(Client().get(REFER))


def test_form_edit_publishes_what_the_preview_carries(
    admin: Client, administrator: User, programme: Programme
) -> None:
    typed = edited(admin, lead="Kort og godt.", asked=["birth_year", "considerations"])
    carried = form_fields(admin.post(EDITOR, {**typed, "step": "preview"}))

    assert admin.post(EDITOR, {**carried, "step": "publish"}).status_code == 302

    page = text(Client().get(REFER))
    assert "Kort og godt." in page
    for asked, name in ((True, "birth_year"), (True, "considerations"), (False, "situation")):
        assert (f'name="{name}"' in page) is asked
    for always in ("given_name", "phone", "reason", "agreed", "feedback_allowed", "referrer_email"):
        assert f'name="{always}"' in page
    with scope(programme=programme):
        newest = FormVersion.objects.of(ReferralKind.JOBCENTRE).first()
    assert newest.published_by == administrator


def test_form_edit_leads_back_from_the_preview_with_everything_typed(
    admin: Client, programme: Programme
) -> None:
    typed = edited(admin, lead="Kort og godt.", procedure="Først\nSå", criteria_en="", asked=["birth_year"])
    carried = form_fields(admin.post(EDITOR, {**typed, "step": "preview"}))

    again = form_fields(admin.post(EDITOR, {**carried, "step": "edit"}))

    assert again == {**typed, "asked": "birth_year"}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"lead": "x" * 301}, "Teksten er 1 tegn for lang."),
        ({"target_group": "Ring til 010203-1234"}, "Det ligner et CPR-nummer."),
        ({"information_text": "a\x00b"}, "Teksten indeholder et tegn, vi ikke kan gemme."),
        ({"criteria": "Har lyst\nHar lyst"}, "Skriv hvert kriterium én gang."),
        (
            {"criteria": "\n".join(map(str, range(MOST_CRITERIA + 1)))},
            f"Skriv højst {MOST_CRITERIA} kriterier.",
        ),
        ({"criteria": "Har lyst\nKan", "criteria_en": "Wants to"}, str(FormContentForm.UNEQUAL)),
        ({"asked": ["given_name"]}, "given_name"),
        ({"based_on": "x"}, "Der er 1 fejl"),
    ],
)
def test_form_edit_answers_bad_input_with_help_and_keeps_it(
    admin: Client, programme: Programme, changed: dict[str, Any], sentence: str
) -> None:
    for step in ("preview", "publish"):
        response = admin.post(EDITOR, {**edited(admin, **changed), "step": step})

        assert response.status_code == 422
        assert sentence in text(response)
    with scope(programme=programme):
        assert not FormVersion.objects.exists()


def test_form_edit_in_two_tabs_refuses_the_second_and_keeps_what_it_typed(
    admin: Client, programme: Programme
) -> None:
    second_tab = edited(admin, lead="Den anden fane")
    publish(admin, lead="Den første fane")

    refused = admin.post(EDITOR, {**second_tab, "step": "publish"})

    assert refused.status_code == 422
    assert "En anden har udgivet en version imens" in text(refused)
    kept = form_fields(refused)
    assert kept["lead"] == "Den anden fane"
    assert "Den første fane" in text(Client().get(REFER))
    # Having been told, they may publish it all the same.
    assert admin.post(EDITOR, {**kept, "step": "publish"}).status_code == 302
    assert "Den anden fane" in text(Client().get(REFER))


def test_form_version_shows_what_an_older_one_said(admin: Client, programme: Programme) -> None:
    publish(admin, lead="Den gamle")
    publish(admin, lead="Den nye")

    assert f"{EDITOR}2/" in text(admin.get(EDITOR))
    page = text(admin.get(f"{EDITOR}2/"))
    assert "Den gamle" in page
    assert "Den nye" not in page
    assert "Version 2" in page
    assert 'value="check"' not in page
    assert admin.get(f"{EDITOR}9/").status_code == 404


def test_form_version_of_another_programme_is_not_found(
    admin: Client, client_for: Any, programme: Programme, other_programme: Programme, now: dt.datetime
) -> None:
    publish(admin, lead="Kun vores")
    elsewhere = client_for(make_user(other_programme, Role.ADMINISTRATOR))

    assert admin.get(f"{EDITOR}2/").status_code == 200
    assert elsewhere.get(f"{EDITOR}2/").status_code == 404
    assert "Kun vores" not in text(elsewhere.get(EDITOR))


# --- A closed form ---------------------------------------------------------------------------------


def test_a_closed_form_leaves_the_choice_and_its_address_says_where_to_go(
    admin: Client, programme: Programme
) -> None:
    assert REFER in text(Client().get("/henvis/kultur/"))
    close(admin)

    assert REFER not in text(Client().get("/henvis/kultur/"))
    page = Client().get(REFER)
    assert page.status_code == 200
    assert "Formularen er lukket lige nu" in text(page)
    assert "/henvis/kultur/" in text(page)
    assert programme.contact_phone in text(page)
    assert 'name="given_name"' not in text(page)


def test_a_closed_form_takes_no_new_ones_and_shows_what_was_typed(
    admin: Client, programme: Programme
) -> None:
    close(admin)

    refused = Client().post(REFER, {**TYPED_BY_CASEWORKER, "step": "send"})

    assert refused.status_code == 422
    assert "er ikke sendt" in text(refused)
    assert "Mangler et sted at komme." in text(refused)
    with scope(programme=programme):
        assert not Referral.objects.exists()


def test_a_form_that_stood_open_when_it_was_closed_is_still_taken(
    admin: Client, client: Client, programme: Programme
) -> None:
    ready = form_fields(client.post(REFER, {**form_fields(client.get(REFER)), **TYPED_BY_CASEWORKER}))
    close(admin)

    assert client.post(REFER, {**ready, "drawn": "", "step": "send"}).status_code == 302

    assert only_referral(programme).form_version.number == 1


def test_a_closed_sign_up_tells_to_call(admin: Client, programme: Programme) -> None:
    close(admin, f"{LIST}tilmeld/")

    page = text(Client().get(SIGN_UP))
    assert "Formularen er lukket lige nu" in page
    assert "/henvis/kultur/jobcenter/" not in page


def test_the_choice_with_every_form_closed_tells_to_call(
    admin: Client, programme: Programme, now: dt.datetime
) -> None:
    for spec in PROFESSIONAL_KINDS:
        close(admin, f"{LIST}{spec.path}/")

    page = text(Client().get("/henvis/kultur/"))
    assert "Formularerne er lukket lige nu." in page
    assert programme.contact_name in page


# --- Which version was answered --------------------------------------------------------------------


def test_opening_a_form_writes_nothing_and_sending_it_keeps_its_version(
    client: Client, programme: Programme
) -> None:
    empty = form_fields(client.get(REFER))
    client.post(REFER, {**empty, **TYPED_BY_CASEWORKER, "step": "check"})
    with scope(programme=programme):
        assert not FormVersion.objects.exists()

    client.post(REFER, {**empty, **TYPED_BY_CASEWORKER, "drawn": "", "step": "send"})

    version = only_referral(programme).form_version
    assert (version.kind, version.number, version.published_by) == ("jobcentre", 1, None)


def test_a_form_that_was_changed_meanwhile_is_answered_as_it_was_opened(
    admin: Client, client: Client, programme: Programme
) -> None:
    opened = form_fields(client.get(REFER))
    publish(admin, target_group="Noget helt andet", criteria="Et nyt kriterium", asked=[])

    typed = {**opened, **TYPED_BY_CASEWORKER, "drawn": ""}
    wrong = client.post(REFER, {**typed, "given_name": "", "step": "check"})
    assert wrong.status_code == 422
    assert programme.target_group in text(wrong)  # what they read, and not the new text
    assert "Noget helt andet" not in text(wrong)
    checked = client.post(REFER, {**typed, "step": "check"})
    assert "Sygedagpenge" in text(checked)  # a question that is no longer asked of others
    assert client.post(REFER, {**form_fields(checked), "step": "send"}).status_code == 302

    referral = only_referral(programme)
    assert referral.form_version.number == 1
    assert referral.situation == "Sygedagpenge"
    assert referral.criteria_met == ["Personen er fyldt 18 år"]


def test_a_form_of_no_known_version_is_shown_again_with_everything_typed(
    admin: Client, client: Client, programme: Programme, other_programme: Programme
) -> None:
    publish(admin, lead="Kun her")
    elsewhere = form_fields(client.get("/henvis/andetsteds/jobcenter/"))["form_version"]
    for carried in ("99-abc", "1-000000000000", elsewhere):
        for step in ("check", "send"):
            shown = client.post(REFER, {**TYPED_BY_CASEWORKER, "form_version": carried, "step": step})

            assert shown.status_code == 422
            assert "Formularen er ændret, siden du åbnede den" in text(shown)
            kept = form_fields(shown)
            for name, typed in TYPED_BY_CASEWORKER.items():
                assert kept[name] == (typed[0] if isinstance(typed, list) else typed), name
    with scope(programme=programme):
        assert not Referral.objects.exists()
    # Sent again, it is taken under the version they have now read.
    assert client.post(REFER, {**kept, "drawn": "", "step": "send"}).status_code == 302
    assert only_referral(programme).form_version.number == 2


@pytest.mark.parametrize("step", ["check", "send"])
def test_a_form_without_a_version_is_shown_again_with_everything_typed(
    client: Client, programme: Programme, step: str
) -> None:
    """A page that was cut short, or a program: we cannot say which words the person has agreed to."""
    for carried in ({}, {"form_version": ""}):
        shown = client.post(REFER, {**TYPED_BY_CASEWORKER, **carried, "step": step})

        assert shown.status_code == 422
        assert "Formularen kom ikke helt frem til os. Alt, du har skrevet, står her stadig." in text(shown)
        kept = form_fields(shown)
        for name, typed in TYPED_BY_CASEWORKER.items():
            assert kept[name] == (typed[0] if isinstance(typed, list) else typed), name
    with scope(programme=programme):
        assert not Referral.objects.exists()
        assert not WaitingArrival.objects.exists()
    # Sent again from there, it says what was read.
    assert client.post(REFER, {**kept, "drawn": "", "step": "send"}).status_code == 302
    assert only_referral(programme).form_version.number == 1


def test_a_form_without_a_version_tells_of_its_faults_at_once_too(
    client: Client, programme: Programme
) -> None:
    wrong = client.post(REFER, {**TYPED_BY_CASEWORKER, "given_name": "", "step": "send"})
    assert wrong.status_code == 422
    assert "Skriv borgerens fornavn" in text(wrong)
    assert "Formularen kom ikke helt frem" in text(wrong)


def test_a_held_arrival_keeps_the_version_until_it_is_released(
    admin: Client, client: Client, programme: Programme, coordinator: User, now: dt.datetime
) -> None:
    opened = form_fields(client.get(SIGN_UP))
    client.post(SIGN_UP, {**opened, **TYPED_BY_CITIZEN, "website": "x", "step": "send"})
    publish(admin, f"{LIST}tilmeld/", lead="Ny indledning")

    with scope(programme=programme):
        held = HeldArrival.objects.get()
        assert held.form_version.number == 1
        referral = release_arrival(held=held, by=coordinator, now=now)
        assert referral.form_version == held.form_version


def test_the_coordinator_sees_which_version_was_answered(
    client: Client, client_for: Any, coordinator: User, programme: Programme
) -> None:
    client.post(REFER, {**form_fields(client.get(REFER)), **TYPED_BY_CASEWORKER, "drawn": "", "step": "send"})
    referral = only_referral(programme)

    page = text(client_for(coordinator).get(f"/deltagere/{referral.participant_id}/"))

    assert "formularens version 1" in page


def test_settings_that_change_a_text_change_the_form_and_number_it(
    admin: Client, programme: Programme
) -> None:
    path = "/indstillinger/tekster/"
    admin.post(path, {**form_fields(admin.get(path)), "target_group_da": "Alle over 30 år"})

    assert "Alle over 30 år" in text(Client().get(REFER))
    with scope(programme=programme):
        programme.refresh_from_db()
        assert current_form(programme, ReferralKind.JOBCENTRE).number == 2
        assert keep_versions(programme=programme, now=dt.datetime.now(dt.UTC)) == []


@pytest.mark.parametrize("spec", BY_SLUG.values(), ids=lambda spec: spec.slug)
def test_every_form_tells_for_whom_what_is_looked_at_what_happens_and_how_details_are_treated(
    client: Client, programme: Programme, spec: Any
) -> None:
    page = text(client.get(f"/henvis/kultur/{spec.path}/" if spec.path else SIGN_UP))
    form = page[
        page.index('class="arrival-form"') : page.index("</form>", page.index('class="arrival-form"'))
    ]

    assert programme.target_group in form
    for criterion in programme.criteria_list:
        assert criterion in form
    for step in spec.procedure or programme.procedure_list:
        assert str(step) in form
    assert programme.information_text.split(". ")[0] in form
    assert ("Du kan ikke vedhæfte filer" in form[: form.index("</fieldset>", form.index("reason"))]) is (
        spec.by_professional
    )


def test_the_details_of_a_referrer_who_came_by_their_own_link_are_folded_away(
    client: Client, programme: Programme
) -> None:
    own = {name: typed for name, typed in TYPED_BY_CASEWORKER.items() if name.startswith("referrer_")}

    page = text(client.post(REFER, {**own, "step": "edit"}))

    assert "Henrik Holm, Jobcenter Esbjerg, henrik@jobcenter.example" in page
    assert "Ret dine oplysninger" in page
    # Nothing is folded where something is lacking, or where somebody has come back to correct it.
    assert "Ret dine oplysninger" not in text(
        client.post(REFER, {**own, "referrer_name": "", "step": "edit"})
    )
    checked = form_fields(client.post(REFER, {**form_fields(client.get(REFER)), **TYPED_BY_CASEWORKER}))
    assert "Ret dine oplysninger" not in text(client.post(REFER, {**checked, "step": "edit"}))


def test_the_english_texts_are_in_sight_once_something_is_written_there(admin: Client) -> None:
    def unfolded() -> bool:
        return '<details class="details" open>' in text(admin.get(EDITOR))

    assert not unfolded()
    publish(admin, lead_en="It takes two minutes.")
    assert unfolded()


def test_the_english_page_reads_english_and_keeps_a_criterion_in_danish(
    admin: Client, client: Client, programme: Programme
) -> None:
    publish(admin, criteria="Fyldt 18 år\nHar lyst", criteria_en="Over 18\nWants to", lead_en="Two minutes.")
    with scope(programme=programme), translation.override("en"):
        spec = shown_form(BY_SLUG["jobcenter"], current_form(programme, ReferralKind.JOBCENTRE))
        assert str(spec.lead) == "Two minutes."
        form = ArrivalForm({**TYPED_BY_CASEWORKER, "criteria_met": ["Har lyst"]}, spec=spec)
        assert form.is_valid()
        assert "Wants to" in str(form["criteria_met"])
        assert form.answers().criteria_met == ("Har lyst",)
        read_back = [row for section in summary_of(spec, form.answers()) for row in section.rows]
        assert "Wants to" in [value for _, value in read_back]


def test_criteria_are_read_once_with_a_box_each_or_without(admin: Client, programme: Programme) -> None:
    for path, asked in ((REFER, True), (SIGN_UP, False)):
        page = text(Client().get(path))
        assert page.count(programme.criteria_list[0]) == (2 if asked else 1)  # a box has its value and label
    publish(admin, asked=["birth_year"])

    page = text(Client().get(REFER))
    assert 'name="criteria_met"' not in page
    assert page.count(programme.criteria_list[0]) == 1
