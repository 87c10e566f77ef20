"""The administrator edits every setting of the programme, and nobody else does."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.enums import Role
from accounts.models import Membership, Programme
from recruitment.settings_sections import NOT_SETTINGS, NOTED_ONLY, SECTIONS, section_for
from tests.factories import make_user
from tests.test_architecture import PACKAGES, ROOT

# Where a setting is kept, shown or declared; being named there is not being obeyed.
NAMED_IN = {"accounts/models.py", "accounts/personal_data.py", "recruitment/settings_sections.py"}


def test_settings_have_every_field_of_a_programme_in_exactly_one_section():
    shown = [field for section in SECTIONS for field in section.fields]
    fields = {field.name for field in Programme._meta.concrete_fields}
    assert len(shown) == len(set(shown))
    assert set(shown) == fields - NOT_SETTINGS


def texts_and_figures():
    return [field for section in SECTIONS for field in section.fields]


def test_settings_that_nothing_obeys_say_so():
    """A figure on the page that changes nothing would be a promise nobody keeps."""
    code = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    pages = list((ROOT / "templates").rglob("*.html"))
    obeying = "\n".join(
        path.read_text(encoding="utf-8")
        for path in code + pages
        if "migrations" not in path.parts and str(path.relative_to(ROOT)) not in NAMED_IN
    )
    shown = {field.removesuffix("_da").removesuffix("_en") for field in texts_and_figures()}
    assert {field for field in shown if field not in obeying} == set(NOTED_ONLY)


@pytest.mark.parametrize("slug", ["beskyttelse"])
def test_settings_section_says_what_is_only_noted(client, slug):
    page = client.get(reverse("recruitment:settings_section", kwargs={"section": slug})).content.decode()
    noted = [NOTED_ONLY[name] for name in section_for(slug).fields if name in NOTED_ONLY]
    assert noted
    assert all(str(sentence) in page for sentence in noted)


@pytest.fixture
def client(client_for, administrator):
    return client_for(administrator)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.slug)
def test_settings_section_saves_what_it_shows(client, programme, section):
    url = reverse("recruitment:settings_section", kwargs={"section": section.slug})
    form = client.get(url).context["form"]
    answers = {name: form[name].value() for name in form.fields}
    answers = {name: value for name, value in answers.items() if value is not False}

    response = client.post(url, answers)

    assert response.status_code == 302, response.context["form"].errors
    before = Programme.objects.filter(pk=programme.pk).values(*section.fields).get()
    assert before == {name: getattr(programme, name) for name in section.fields}


def test_settings_section_keeps_a_text_in_both_languages(client, programme):
    section = section_for("tekster")
    url = reverse("recruitment:settings_section", kwargs={"section": section.slug})
    form = client.get(url).context["form"]
    answers = {name: form[name].value() for name in form.fields}
    client.post(url, answers | {"about_da": "Kom og syng.", "about_en": "Come and sing."})
    saved = Programme.objects.get(pk=programme.pk)
    assert saved.about == "Kom og syng."
    with translation.override("en"):
        assert saved.about == "Come and sing."
    client.post(url, answers | {"about_da": "Kom og syng.", "about_en": ""})
    with translation.override("en"):
        assert Programme.objects.get(pk=programme.pk).about == "Kom og syng."


def test_settings_section_asks_for_the_danish_text_and_not_for_the_english(client):
    url = reverse("recruitment:settings_section", kwargs={"section": "tekster"})
    form = client.get(url).context["form"]
    answers = {name: form[name].value() for name in form.fields} | {"about_da": "", "criteria_en": ""}
    response = client.post(url, answers)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"about_da"}
    assert "Skriv, hvad programmet er." in response.content.decode()


@pytest.mark.parametrize("field", ["criteria_en", "procedure_en"])
def test_settings_section_wants_as_many_english_lines_as_danish(client, field):
    """Each line stands for the Danish line beside it, on forms that were switched while being filled in."""
    url = reverse("recruitment:settings_section", kwargs={"section": "tekster"})
    form = client.get(url).context["form"]
    answers = {name: form[name].value() for name in form.fields} | {field: "One line alone"}
    response = client.post(url, answers)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert "lige så mange linjer" in response.content.decode()


def test_settings_section_changes_a_text_and_keeps_the_rest(client, programme):
    url = reverse("recruitment:settings_section", kwargs={"section": "vejen-ind"})
    figures = {"first_contact_days": "5", "task_minutes_call": "20", "coordinator_hours": "18"}
    client.post(url, {**figures, "hourly_rate": "400"})
    saved = Programme.objects.get(pk=programme.pk)
    assert (saved.first_contact_days, saved.coordinator_hours) == (5, 18)
    assert saved.name == programme.name


def test_settings_section_says_what_to_do_and_keeps_what_was_typed(client):
    url = reverse("recruitment:settings_section", kwargs={"section": "program"})
    response = client.post(
        url,
        {
            "name": "",
            "slug": "Æ Ø",
            "municipality": "Prøve",
            "municipality_code": "12",
            "contact_phone": "112",
        },
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "Skriv programmets navn." in page
    assert "Skriv fire cifre." in page
    assert 'value="Prøve"' in page


def test_settings_section_refuses_a_slug_that_is_taken(client, other_programme, programme):
    url = reverse("recruitment:settings_section", kwargs={"section": "program"})
    form = client.get(url).context["form"]
    answers = {name: form[name].value() for name in form.fields} | {"slug": other_programme.slug}
    assert client.post(url, answers).status_code == 422


def test_settings_section_says_how_large_a_number_may_be(client):
    url = reverse("recruitment:settings_section", kwargs={"section": "hold-og-maalinger"})
    form = client.get(url).context["form"]
    answers = {name: form[name].value() for name in form.fields}
    page = client.post(url, answers | {"completed_percent": "333", "default_capacity": "0"}).content.decode()
    assert "Skriv højst 100." in page
    assert "Skriv mindst 1." in page


def test_settings_section_that_does_not_exist_is_not_found(client):
    assert client.get("/indstillinger/findes-ikke/").status_code == 404


def test_member_list_gives_a_colleague_access_and_mails_a_link(client, programme, mailoutbox):
    response = client.post(
        reverse("recruitment:member_list"),
        {"name": "Åse Ny", "email": "aase@kommune.example", "role": "coordinator"},
        follow=True,
    )
    membership = Membership.objects.get(user__email="aase@kommune.example")
    assert membership.programme == programme
    assert membership.role == Role.COORDINATOR
    assert "Åse Ny er nu medlem" in response.content.decode()
    assert [mail.to for mail in mailoutbox] == [["aase@kommune.example"]]


def test_member_list_keeps_the_role_of_the_last_administrator(client, programme, administrator):
    membership = Membership.objects.get(user=administrator)
    url = reverse("recruitment:member_role", kwargs={"pk": membership.pk})
    page = client.post(url, {"role": "manager"}, follow=True).content.decode()
    membership.refresh_from_db()
    assert membership.role == Role.ADMINISTRATOR
    assert "mindst én administrator" in page


def test_member_remove_takes_access_away_at_once(client, client_for, programme):
    colleague = make_user(programme, Role.MANAGER)
    browser = client_for(colleague)
    membership = Membership.objects.get(user=colleague)
    client.post(reverse("recruitment:member_remove", kwargs={"pk": membership.pk}))
    assert not Membership.objects.filter(pk=membership.pk).exists()
    assert browser.get("/statistik/").status_code in {302, 403, 404}


def test_member_remove_of_the_last_administrator_is_refused(client, administrator):
    membership = Membership.objects.get(user=administrator)
    client.post(reverse("recruitment:member_remove", kwargs={"pk": membership.pk}))
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_member_of_another_programme_is_not_found(client, coordinator_elsewhere):
    foreign = Membership.objects.get(user=coordinator_elsewhere)
    for name in ("member_role", "member_remove"):
        url = reverse(f"recruitment:{name}", kwargs={"pk": foreign.pk})
        assert client.post(url, {"role": "manager"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.role == Role.COORDINATOR


def test_member_list_takes_the_same_queries_with_one_and_thirty_members(
    client, programme, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20) as few:
        client.get(reverse("recruitment:member_list"))
    for _ in range(30):
        make_user(programme, Role.MANAGER)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(reverse("recruitment:member_list"))
