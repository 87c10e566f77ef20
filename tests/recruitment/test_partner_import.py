"""A list of partners comes in from a spreadsheet: all or nothing, and nobody twice."""

import datetime as dt
import html
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope
from python_calamine import CalamineWorkbook

from core.tables import write_xlsx
from outreach.enums import OrganisationKind
from outreach.models import Organisation, PartnerDraft, Referrer
from outreach.services.partner_lists import KEPT, ListedPartner, import_partner_draft, keep_partner_draft
from outreach.tasks import forget_drafts
from recruitment.forms.partner_import import MOST_LINES, read_partners
from tests.concurrency import at_once
from tests.factories import NOW, make_organisation, make_programme, make_referrer, make_user

UPLOAD = "/samarbejde/import/"
HEADER = "Organisation;Slags;Navn;Stilling;E-mail;Telefon;Nøgleperson;Leder;Introduceret den"
LINES = (
    "Jobcenter Ærø;Jobcenter;Åse Nøgle;Socialrådgiver;aase@aeroe.example;20 12 34 56;ja;nej;05.11.2025",
    "Jobcenter Ærø;;Lis Leder;;lis@aeroe.example;;;x;",
    "Lægerne på Torvet;;Per Østrup;;;20 12 34 57;;;",
    "3F Vest;Fagforening;;;;;;;",
)


@pytest.fixture
def browser(client_for, coordinator) -> Client:
    return client_for(coordinator)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def listed(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *(lines or LINES)]).encode()


def upload(browser: Client, content: bytes, **options):
    return browser.post(UPLOAD, {"file": SimpleUploadedFile("partnere.csv", content)}, **options)


def nothing_kept(programme) -> bool:
    with scope(programme=programme):
        return not (
            Organisation.objects.exists() or Referrer.objects.exists() or PartnerDraft.objects.exists()
        )


def imported(browser: Client, content: bytes) -> str:
    check = upload(browser, content)
    assert check.status_code == 302, text(check)
    return text(browser.post(check.url, follow=True))


def test_a_list_is_shown_before_and_then_taken_in(browser, programme):
    checked = upload(browser, listed(), follow=True)
    page = text(checked)
    assert "<strong>3</strong> nye organisationer og <strong>3</strong> nye henvisere." in page
    for shown in (
        "Åse Nøgle",
        "20 12 34 56",
        "Almen praksis",
        "Kun stedet",
        "Stedet står ovenfor. Ny person.",
    ):
        assert shown in page
    with scope(programme=programme):
        assert not Organisation.objects.exists()

    done = text(browser.post(checked.redirect_chain[0][0], follow=True))

    assert "3 nye organisationer og 3 nye henvisere er oprettet." in done
    with scope(programme=programme):
        places = {place.name: place for place in Organisation.objects.all()}
        people = {person.name: person for person in Referrer.objects.all()}
        assert PartnerDraft.objects.get().content == ""
    assert {name: place.kind for name, place in places.items()} == {
        "Jobcenter Ærø": OrganisationKind.JOBCENTRE,
        "Lægerne på Torvet": OrganisationKind.GP,
        "3F Vest": OrganisationKind.UNION,
    }
    assert all(place.is_tended for place in places.values())
    aase = people["Åse Nøgle"]
    assert (aase.title, aase.email, aase.phone) == ("Socialrådgiver", "aase@aeroe.example", "+4520123456")
    assert (aase.is_key_person, aase.is_leader, aase.onboarded_on) == (True, False, dt.date(2025, 11, 5))
    assert (people["Lis Leder"].is_leader, people["Lis Leder"].organisation) == (
        True,
        places["Jobcenter Ærø"],
    )


def test_the_same_list_again_doubles_nobody(browser, programme):
    imported(browser, listed())
    page = text(upload(browser, listed(*LINES, "3F Vest;;Kurt;;;;;;"), follow=True))
    assert page.count("Fagforening") == 2
    page = text(upload(browser, listed(), follow=True))
    assert "<strong>0</strong> nye organisationer og <strong>0</strong> nye henvisere." in page
    assert "3 kender I i forvejen" in page
    assert "Stedet findes. I kender Åse Nøgle." in page
    assert "0 nye organisationer og 0 nye henvisere er oprettet. 3 kendte I i forvejen." in imported(
        browser, listed()
    )
    with scope(programme=programme):
        assert (Organisation.objects.count(), Referrer.objects.count()) == (3, 3)


def test_a_button_pressed_twice_takes_the_list_in_once(browser, programme):
    check = upload(browser, listed())
    browser.post(check.url)
    assert "allerede importeret eller kasseret" in text(browser.post(check.url, follow=True))
    assert "allerede importeret eller kasseret" in text(browser.get(check.url, follow=True))
    with scope(programme=programme):
        assert Referrer.objects.count() == 3


def test_gaps_are_filled_and_what_is_known_stays(browser, programme):
    place = make_organisation(programme, name="Jobcenter Ærø", kind="other", is_tended=False)
    known = make_referrer(
        programme, name="Åse N.", email="aase@aeroe.example", title="Leder af team", organisation=place
    )
    unplaced = make_referrer(programme, name="Lis Leder", email="lis@aeroe.example")
    imported(browser, listed())
    for row in (place, known, unplaced):
        row.refresh_from_db()
    assert (place.kind, place.is_tended) == ("other", False)
    assert (known.name, known.title, known.phone, known.is_key_person) == (
        "Åse N.",
        "Leder af team",
        "+4520123456",
        True,
    )
    assert unplaced.organisation == place


def test_who_is_known_elsewhere_or_has_left_is_told_of_and_stays_as_they_are(browser, programme):
    elsewhere = make_organisation(programme, name="Borgerservice")
    make_referrer(programme, name="Åse Nøgle", email="aase@aeroe.example", organisation=elsewhere)
    left = make_referrer(programme, name="Lis Leder", email="lis@aeroe.example", left_on=NOW.date())
    page = text(upload(browser, listed(), follow=True))
    assert "I kender Åse Nøgle hos Borgerservice, og der bliver personen." in page
    assert "Lis Leder er noteret som stoppet, og det bliver stående." in page
    imported(browser, listed())
    with scope(programme=programme):
        assert Referrer.objects.get(email_hash=left.email_hash).left_on == NOW.date()
        assert Referrer.objects.get(name="Åse Nøgle").organisation == elsewhere
        assert Referrer.objects.count() == 3


def test_without_an_address_the_same_name_at_the_same_place_is_the_same_person(browser, programme):
    place = make_organisation(programme, name="Lægerne på Torvet", kind="gp")
    make_referrer(programme, name="PER ØSTRUP", email="", organisation=place)
    imported(browser, listed(LINES[2], "Andet sted;;Per Østrup;;;;;;"))
    with scope(programme=programme):
        names = sorted(Referrer.objects.values_list("name", "organisation__name"))
    assert names == [("PER ØSTRUP", "Lægerne på Torvet"), ("Per Østrup", "Andet sted")]


def test_two_of_one_name_at_one_place_with_two_addresses_are_two(browser, programme):
    imported(browser, listed("X;;Bo Bo;;bo1@x.example;;;;", "X;;Bo Bo;;bo2@x.example;;;;", "X;;Bo Bo;;;;;;"))
    with scope(programme=programme):
        assert Referrer.objects.count() == 2


@pytest.mark.parametrize(
    ("line", "column", "sentence"),
    [
        (";Jobcenter;Åse;;;;;;", "Organisation", "Skriv stedets navn"),
        ("X;Svømmehal;Åse;;;;;;", "Slags", "Skriv en af: Jobcenter, Almen praksis"),
        ("X;;Åse;;ikke en mail;;;;", "E-mail", "Skriv en hel e-mailadresse"),
        ("X;;Åse;;;12;;;", "Telefon", "Skriv et telefonnummer med 8 cifre"),
        ("X;;Åse;;;;måske;;", "Nøgleperson", "Skriv ja eller nej"),
        ("X;;Åse;;;;;;i går", "Introduceret den", "Skriv datoen som dag, måned og år"),
        ("X;;;Leder;;;;;", "Navn", "Skriv navnet, eller slet Stilling"),
        ("X;;Åse 010203-1234;;;;;;", "Navn", "Det ligner et CPR-nummer."),
        ("X;;Anna;;aase@aeroe.example;;;;", "E-mail", "En anden har samme e-mail på linje 2. Ret den ene"),
        ("jobcenter ærø;Fagforening;Anna;;;;;;", "Slags", "Stedet er af en anden slags på linje 2"),
        (
            "X;;Åse;;;;;;;;for;mange",
            "–",
            "Linjen har 12 felter, og overskriften har 9. Ret linjen",
        ),
    ],
)
def test_a_fault_on_one_line_keeps_all_out_and_says_which_and_what_to_do(
    browser, programme, line, column, sentence
):
    answer = upload(browser, listed(LINES[0], line))
    assert answer.status_code == 422
    page = text(answer)
    assert "Linje 3" in page
    assert f'data-title="Kolonne">{column}<' in page
    assert sentence in page
    assert "010203" not in page
    assert nothing_kept(programme)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Filen er tom"),
        (listed(header=HEADER.replace("Organisation", "Hvad")), "Skriv “Organisation” som overskrift"),
        (listed("X;1", header="Organisation;CPR-nr"), "Slet kolonnen. Vi må ikke modtage CPR-numre"),
        (b"%PDF-1.4", "Det er ikke et regneark"),
        (listed(*["X;;;;;;;;"] * (MOST_LINES + 1)), "Der er mere end 1.000 linjer i filen"),
        (HEADER.encode(), "Der er kun en overskrift i filen"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused(browser, programme, content, sentence):
    answer = upload(browser, content)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert nothing_kept(programme)


def test_no_file_at_all_says_to_choose_one(browser):
    answer = browser.post(UPLOAD, {})
    assert answer.status_code == 422
    assert "Vælg filen med listen." in text(answer)


def test_a_kind_told_on_any_line_is_the_places_own():
    read = read_partners(listed("Stedet;;A;;;;;;", "Stedet;Boligforening;B;;;;;;"))
    assert {one.kind for one in read.listed} == {OrganisationKind.HOUSING}


def test_a_spreadsheet_with_other_headings_is_understood():
    content = write_xlsx(
        ["Sted", "Kontaktperson", "Tlf", "Fast kontakt", "Hårfarve"],
        [["Psykologerne ved Åen", "Vibeke Søholm", "20123456", "Ja", "rød"]],
        sheet="Ark1",
    )
    read = read_partners(content)
    assert read.faults == ()
    assert read.listed == (
        ListedPartner(
            line=2,
            organisation="Psykologerne ved Åen",
            kind=OrganisationKind.PSYCHOLOGIST,
            name="Vibeke Søholm",
            phone="+4520123456",
            is_key_person=True,
        ),
    )
    assert dict(read.columns)["Hårfarve"] == ""


def test_the_empty_lists_can_be_filled_in_and_read(browser):
    csv = browser.get(f"{UPLOAD}tom-liste.csv")
    assert csv["Content-Disposition"] == 'attachment; filename="partnere.csv"'
    head = csv.content.decode("utf-8-sig").strip()
    filled = f'{head}\n"Jobcenter Ærø";"Jobcenter";"Åse";"";"";"";"ja";"nej";"";"";""'
    assert read_partners(filled.encode()).listed[0].is_key_person

    xlsx = browser.get(f"{UPLOAD}tom-liste.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.content))
    assert book.sheet_names == ["Partnere", "Vejledning"]


def test_a_list_can_be_set_aside_and_found_again_the_same_day(browser, programme):
    check = upload(browser, listed())
    assert "Du er i gang med en liste" in text(browser.get(UPLOAD))
    assert "Listen er kasseret" in text(browser.post(f"{check.url}kasser/", follow=True))
    assert "Du er i gang med en liste" not in text(browser.get(UPLOAD))
    browser.post(check.url)
    with scope(programme=programme):
        assert not Organisation.objects.exists()
        assert PartnerDraft.objects.get().content == ""


def test_a_list_stands_encrypted_and_is_gone_within_a_day(browser, programme):
    upload(browser, listed())
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, file_name FROM outreach_partnerdraft")
        assert all(b"aeroe" not in bytes(cell) for cell in cursor.fetchone())
    forget_drafts()
    assert PartnerDraft._base_manager.count() == 1
    PartnerDraft._base_manager.update(created_at=timezone.now() - KEPT - dt.timedelta(seconds=1))
    forget_drafts()
    assert not PartnerDraft._base_manager.exists()


def test_checking_a_list_takes_the_same_queries_for_one_line_as_for_many(browser):
    def asked(count: int) -> int:
        lines = [f"Sted {number};;Navn {number};;n{number}@x.example;;;;" for number in range(count)]
        check = upload(browser, listed(*lines))
        with CaptureQueriesContext(connection) as queries:
            browser.get(check.url)
        return len(queries)

    assert asked(1) == asked(60)


@pytest.mark.django_db(transaction=True)
def test_a_list_imported_from_two_tabs_at_once_comes_in_once():
    programme = make_programme()
    by = make_user(programme)
    with scope(programme=programme):
        draft = keep_partner_draft(
            programme=programme,
            file_name="x.csv",
            listed=read_partners(listed()).listed,
            by=by,
            now=NOW,
        )

    def press() -> object:
        with scope(programme=programme):
            return import_partner_draft(draft=draft, by=by, now=NOW)

    results = at_once(press, times=4, threads=4)
    assert sum(result is not None for result in results) == 1
    with scope(programme=programme):
        assert (Organisation.objects.count(), Referrer.objects.count()) == (3, 3)
