"""A waiting list from a spreadsheet, through the pages: each file as promised, all or nothing."""

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from core.tables import read_table, write_csv, write_xlsx
from messaging.models import OutboundMessage
from participants.enums import AgreementMethod
from participants.models import Agreement, Participant
from referrals.enums import Intake, ReferralKind
from referrals.forms.imports import TEMPLATE_HEADER, read_list
from referrals.models import ImportDraft, Referral
from referrals.services import forget_import_drafts
from tests.factories import make_import_draft, make_participant
from tests.html_forms import forms_on
from tests.referrals.pages import form_fields
from worklist.models import Task

pytestmark = pytest.mark.django_db

UPLOAD = "/henvisninger/import/"
HEADER = "Fornavn;Efternavn;Telefon;E-mail;Fødselsår;Postnr;Dato;Henvist af;Bemærkning"
ASE = "Åse;Ærøskøbing;20 12 34 56;;1979;6700;05-11-2025;Jobcenter Esbjerg;Vil gerne ud"
BO = "Bo;Østergård;+45 20123457;bo@borger.example;;;;;"
LIST = f"{HEADER}\n{ASE}\n{BO}\n"


@pytest.fixture
def desk(client_for, coordinator: User) -> Client:
    return client_for(coordinator)


def upload(desk: Client, content: bytes | str, name: str = "liste.csv", **said: Any) -> HttpResponse:
    raw = content.encode() if isinstance(content, str) else content
    return desk.post(UPLOAD, {"file": SimpleUploadedFile(name, raw), **said})


def text(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def nothing_is_kept(programme: Programme) -> bool:
    with scope(programme=programme):
        return not (Participant.objects.exists() or Referral.objects.exists() or ImportDraft.objects.exists())


def refused(desk: Client, programme: Programme, content: bytes | str, name: str = "liste.csv") -> str:
    """Return the page that refuses the file, of which nothing may be kept."""
    answer = upload(desk, content, name)
    assert answer.status_code == 422
    assert nothing_is_kept(programme)
    return text(answer)


def make_ase(programme: Programme) -> Participant:
    """Return the first of the list, as somebody known."""
    name = {"given_name": "Åse", "family_name": "Ærøskøbing"}
    return make_participant(programme, **name, phone="+4520123456", birth_year=1979)


def asked(page: HttpResponse) -> dict[str, list[str]]:
    """Return what a browser would send with the questions of the check page."""
    (form,) = (one for one in forms_on(page.content.decode()) if one.method == "post" and not one.action)
    return form.data


def imported(desk: Client, content: bytes | str, **said: Any) -> HttpResponse:
    """Upload the file and press "Importér" with the answers as they stand."""
    checked = upload(desk, content, **said)
    assert checked.status_code == 302, text(checked)
    page = desk.get(checked["Location"])
    assert page.status_code == 200
    return desk.post(checked["Location"], asked(page), follow=True)


# --- Shows: each file as promised ------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode("cp1252"),
        LIST.encode(),
        b"\xef\xbb\xbf" + LIST.encode(),
        b"\xff\xfe" + LIST.encode("utf-16-le"),
        b"\xfe\xff" + LIST.encode("utf-16-be"),
        LIST.replace(";", "\t").encode(),
        LIST.replace(";", ",").encode(),
        LIST.replace("\n", "\r\n").encode(),
        write_csv(HEADER.split(";"), [ASE.split(";"), BO.split(";")]),
        write_xlsx(HEADER.split(";"), [ASE.split(";"), BO.split(";")], sheet="Ark1"),
    ],
    ids=["cp1252", "utf-8", "utf-8 bom", "utf-16 le", "utf-16 be", "tab", "comma", "crlf", "our csv", "xlsx"],
)
def test_list_of_every_usual_spelling_is_imported(
    desk: Client, programme: Programme, coordinator: User, content: bytes
) -> None:
    page = text(imported(desk, content))

    assert "2 nye personer er oprettet." in page
    with scope(programme=programme):
        ase = Referral.objects.get(participant__given_name="Åse")
        bo = Referral.objects.get(participant__given_name="Bo")
        assert (ase.participant.full_name, ase.participant.phone) == ("Åse Ærøskøbing", "+4520123456")
        assert (ase.participant.birth_year, ase.participant.postcode) == (1979, "6700")
        assert (ase.kind, ase.intake, ase.workplace) == (
            ReferralKind.JOBCENTRE,
            Intake.IMPORT,
            "Jobcenter Esbjerg",
        )
        assert timezone.localdate(ase.received_at) == dt.date(2025, 11, 5)
        assert ase.reason == "Vil gerne ud"
        assert ase.entered_by == coordinator
        assert (bo.kind, bo.participant.email) == (ReferralKind.SELF, "bo@borger.example")
        assert Task.objects.open().count() == 2
        assert not OutboundMessage.objects.exists()
        assert not Agreement.objects.exists()


def test_wrong_separator_gets_a_clear_sentence(desk: Client, programme: Programme) -> None:
    page = refused(desk, programme, LIST.replace(";", "|"))

    assert "Der er kun én kolonne i filen. Gem den som CSV med semikolon mellem kolonnerne" in page


def test_ragged_row_is_told_by_its_line(desk: Client, programme: Programme) -> None:
    page = refused(desk, programme, f"{LIST}Ib;Holm;20123458\n")

    assert "Linje 4" in page
    assert "Linjen har 3 felter, og overskriften har 9." in page


def test_bad_line_4999_of_5000_is_told_and_nothing_is_kept(desk: Client, programme: Programme) -> None:
    lines = [f"Nr{number};Prøve;+452012{number:04d};;;;;;" for number in range(2, 5002)]
    lines[4997] = "Nr4999;Prøve;1234;;;;;;"

    page = refused(desk, programme, "\n".join([HEADER, *lines]))

    assert "Linje 4999 Telefon Skriv et telefonnummer med 8 cifre" in page
    assert "Der er en fejl i liste.csv" in page


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "liste.csv", "Filen er tom."),
        (HEADER.encode(), "liste.csv", "Der er kun en overskrift i filen."),
        (b"%PDF-1.7 ...", "liste.csv", "Det er ikke et regneark."),
        (b"PK\x03\x04broken", "liste.xlsx", "Regnearket kan ikke åbnes."),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "liste.xls", "gammelt Excel"),
        (b"x" * 2_000_001, "liste.csv", "Filen fylder mere end 2 MB."),
        ((LIST + (BO + "\n") * 5000).encode(), "liste.csv", "mere end 5.000 rækker"),
        (b"navn;by\nBo Holm;Ribe\n", "liste.csv", "Skriv “Telefon” eller “E-mail” som overskrift"),
        (b"fornavn;tlf\nBo;20123456\n", "liste.csv", "Skriv “Fornavn” og “Efternavn”"),
        (b'navn;tlf\n"Bo Holm;20123456\n', "liste.csv", "Linje 2"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(
    desk: Client, programme: Programme, content: bytes, name: str, sentence: str
) -> None:
    assert sentence in refused(desk, programme, content, name)


def test_no_file_is_asked_for_and_the_ticks_are_kept(desk: Client) -> None:
    answer = desk.post(UPLOAD, {"agreed": "on", "agreement_method": "phone"})

    assert answer.status_code == 422
    assert "Vælg filen med listen." in text(answer)
    assert form_fields(answer)["agreement_method"] == "phone"


# --- What each cell says ---------------------------------------------------------------------------


def read(rows: str, header: str = HEADER) -> Any:
    return read_list(f"{header}\n{rows}\n".encode(), today=dt.date(2026, 11, 25))


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("20123456", "+4520123456"),
        ("20123456.0", "+4520123456"),
        ("20123456,0", "+4520123456"),
        ("2.0123456E7", "+4520123456"),
        ("2,0123456E+07", "+4520123456"),
        ("'20123456", "+4520123456"),
        ("'+45 20 12 34 56", "+4520123456"),
        ("0045 20123456", "+4520123456"),
        ("4520123456", "+4520123456"),
    ],
)
def test_phone_that_a_spreadsheet_made_a_number_of_is_understood(
    programme: Programme, cell: str, phone: str
) -> None:
    with scope(programme=programme):
        (arrival,) = read(f'Bo;Holm;"{cell}";;;;;;').arrivals

    assert arrival.answers.phone == phone


def test_phone_that_a_spreadsheet_cut_digits_off_is_refused() -> None:
    (fault,) = read('Bo;Holm;"2,01235E+07";;;;;;').faults

    assert (fault.line, fault.column) == (2, "Telefon")
    assert fault.text.startswith("Excel har forkortet nummeret.")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("05.11.2025", dt.date(2025, 11, 5)),
        ("5/11/2025", dt.date(2025, 11, 5)),
        ("5-11-25", dt.date(2025, 11, 5)),
        ("2025-11-05", dt.date(2025, 11, 5)),
        ("", None),
    ],
)
def test_days_are_understood_as_danes_write_them(programme: Programme, cell: str, day: Any) -> None:
    with scope(programme=programme):
        (arrival,) = read(f"Bo;Holm;20123456;;;;{cell};;").arrivals

    assert arrival.received_on == day


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("Bo;Holm;;;;;;;", "Telefon", "Skriv telefon eller e-mail"),
        (";Holm;20123456;;;;;;", "Fornavn", "Skriv fornavnet"),
        ("Bo;Holm;20123456;bo@;;;;;", "E-mail", "Skriv en hel e-mailadresse"),
        ("Bo;Holm;20123456;;75;;;;", "Fødselsår", "Skriv fødselsåret med fire cifre"),
        ("Bo;Holm;20123456;;;67;;;", "Postnummer", "Skriv postnummeret med fire cifre"),
        ("Bo;Holm;20123456;;;;31.02.2025;;", "Modtaget den", "Skriv datoen som dag, måned og år"),
        ("Bo;Holm;20123456;;;;26.11.2026;;", "Modtaget den", "Datoen er ikke kommet endnu"),
        ("Bo;Holm;20123456;;;;;;010182-1234", "Bemærkning", "Det ligner et CPR-nummer"),
        ("Bo;Holm;0101821234;;;;;;", "Telefon", "Det ligner et CPR-nummer"),
    ],
)
def test_fault_names_its_line_and_column(programme: Programme, row: str, column: str, sentence: str) -> None:
    with scope(programme=programme):
        (fault,) = read(f"Ib;Holm;20123457;;;;;;\n{row}").faults

    assert (fault.line, fault.column) == (3, column)
    assert sentence in fault.text
    assert "010182" not in fault.shown


def test_all_faults_are_told_at_once_in_order() -> None:
    faults = read("Bo;Holm;12;;75;;;;\nIb\n;Holm;20123456;;;;;;").faults

    assert [(fault.line, fault.column) for fault in faults] == [
        (2, "Fødselsår"),
        (2, "Telefon"),
        (3, ""),
        (4, "Fornavn"),
    ]


def test_cpr_in_a_column_that_is_not_read_is_refused_too_and_not_shown(
    desk: Client, programme: Programme
) -> None:
    page = refused(desk, programme, "Navn;Tlf;Sagsnr\nBo Holm;20123456;010182-1234\n")

    assert "Linje 2 Sagsnr Det ligner et CPR-nummer" in page
    assert "010182" not in page


def test_column_of_cpr_numbers_is_to_be_deleted(desk: Client, programme: Programme) -> None:
    page = refused(desk, programme, "Navn;Tlf;CPR-nr.\nBo Holm;20123456;\n")

    assert "CPR-nr. Slet kolonnen. Vi må ikke modtage CPR-numre" in page


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("NAVN;Mobil nr.", "Åse Marie Ærø;20123456"),
        ("Borgerens navn;Mobiltelefon", "Ærø, Åse Marie;20123456"),
        ("fornavne;Slægtsnavn;TLF", "Åse Marie;Ærø;20123456"),
        ("Efternavn;Fornavn;Telefonnr.;Ukendt", "Ærø;Åse Marie;20123456;x"),
        ("Navn;Telefon;Mobil", "Åse Marie Ærø;;20123456"),
    ],
)
def test_columns_go_by_many_names(programme: Programme, header: str, row: str) -> None:
    with scope(programme=programme):
        (arrival,) = read(row, header).arrivals

    said = arrival.answers
    assert (said.given_name, said.family_name, said.phone) == ("Åse Marie", "Ærø", "+4520123456")


def test_quoted_line_breaks_are_kept_and_formulas_are_mere_text(desk: Client, programme: Programme) -> None:
    imported(desk, f'{HEADER}\nBo;Holm;20123456;;;;;;"Linje 1\nLinje 2"\nIb;Holm;20123457;;;;;;=1+1\n')

    with scope(programme=programme):
        assert Referral.objects.get(participant__given_name="Bo").reason == "Linje 1\nLinje 2"
        assert Referral.objects.get(participant__given_name="Ib").reason == "=1+1"


# --- The check page --------------------------------------------------------------------------------


def test_check_page_shows_what_was_understood_and_keeps_nobody(desk: Client, programme: Programme) -> None:
    content = LIST.replace("Bemærkning", "Skostørrelse").encode("cp1252")

    page = text(desk.get(upload(desk, content)["Location"]))

    assert "Windows-1252" in page
    assert "Semikolon" in page
    assert "Skostørrelse Læses ikke og gemmes ikke" in page
    assert "Åse Ærøskøbing" in page
    with scope(programme=programme):
        assert not Participant.objects.exists()
        assert "Vil gerne ud" not in ImportDraft.objects.get().content


def test_uploaded_names_stand_nowhere_in_clear(desk: Client, programme: Programme) -> None:
    upload(desk, LIST, name="Åse Ærøskøbing.csv")

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(draft)::text FROM referrals_importdraft draft")
        (row,) = cursor.fetchone()
        cursor.execute("SELECT coalesce(string_agg(session_data, ''), '') FROM django_session")
        (sessions,) = cursor.fetchone()
    for secret in ("Ærøskøbing", "20123456", "Jobcenter"):
        assert secret not in row + sessions
        assert secret.encode().hex() not in row


def test_likely_same_persons_are_asked_about_before_anything_is_kept(
    desk: Client, programme: Programme
) -> None:
    known = make_participant(
        programme, given_name="Aase", family_name="Ærøskøbing", phone="+4529999999", birth_year=1979
    )
    checked = upload(desk, f"{LIST}Bo;Ostergaard;20123457;;;;;;\n")["Location"]

    page = desk.get(checked)
    assert f"Samme som {known.full_name}" in text(page)
    assert "Samme som linje 3" in text(page)
    unanswered = desk.post(checked, {})
    assert unanswered.status_code == 422
    assert "Linje 2: Vælg, om det er den samme person" in text(unanswered)

    answer = desk.post(checked, {"line-2": f"p{known.pk}", "line-4": "l3"}, follow=True)

    assert "1 ny person er oprettet. 2 er lagt til personer" in text(answer)
    with scope(programme=programme):
        assert Participant.objects.count() == 2
        assert known.referrals.count() == 1


def test_line_may_be_new_or_left_out_although_it_resembles_somebody(
    desk: Client, programme: Programme
) -> None:
    make_participant(
        programme, given_name="Åse", family_name="Ærøskøbing", phone="+4520123456", birth_year=1979
    )
    make_participant(programme, given_name="Bo", family_name="Østergård", phone="+4520123457")
    checked = upload(desk, LIST)["Location"]
    assert asked(desk.get(checked))["line-3"][0].startswith("p"), "what is sure is ticked beforehand"

    desk.post(checked, {"line-2": "new", "line-3": "left_out"})

    with scope(programme=programme):
        assert Participant.objects.filter(given_name="Åse").count() == 2
        assert Participant.objects.filter(given_name="Bo").count() == 1
        assert Referral.objects.count() == 1


def test_line_that_is_the_same_as_one_left_out_is_asked_again(desk: Client, programme: Programme) -> None:
    checked = upload(desk, f"{HEADER}\n{BO}\n{BO.replace('Østergård', 'Ostergaard')}\n{BO}\n")["Location"]

    answer = desk.post(checked, {"line-3": "left_out", "line-4": "l3"}, follow=True)

    assert "Linje 4 er den samme som en linje, du har udeladt." in text(answer)
    with scope(programme=programme):
        assert not Participant.objects.exists()


def test_many_questions_come_page_by_page_and_none_is_skipped(desk: Client, programme: Programme) -> None:
    lines = []
    for number in range(30):
        name = f"Navn{chr(97 + number % 26) * 5}{number}"
        make_participant(
            programme, given_name=name, family_name="Prøve", phone=f"+452012{number:04d}", birth_year=1980
        )
        lines.append(f"{name};Prøvesen;2012{number:04d};;1980;;;;")
    checked = upload(desk, "\n".join([HEADER, *lines]))["Location"]
    first = desk.get(checked)
    names = re.findall(r'name="(line-\d+)" value="new"', first.content.decode())
    assert len(names) == 25

    second = desk.post(checked, dict.fromkeys(names, "new"))
    assert second["Location"].endswith("?page=2")
    rest = re.findall(r'name="(line-\d+)" value="new"', desk.get(second["Location"]).content.decode())
    assert len(rest) == 5
    with scope(programme=programme):
        assert not Referral.objects.exists()
    desk.post(second["Location"], dict.fromkeys(rest, "new"))

    with scope(programme=programme):
        assert Referral.objects.count() == 30


def test_import_pressed_twice_or_uploaded_again_is_stored_once(desk: Client, programme: Programme) -> None:
    checked = upload(desk, LIST)["Location"]
    desk.post(checked, {})

    again = desk.post(checked, {}, follow=True)
    assert "Listen er allerede importeret eller kasseret." in text(again)
    assert "2 var gemt i forvejen." in text(imported(desk, LIST))
    with scope(programme=programme):
        assert Referral.objects.count() == 2


def test_person_who_has_gone_meanwhile_stops_the_import(desk: Client, programme: Programme) -> None:
    known = make_participant(
        programme, given_name="Åse", family_name="Ærøskøbing", phone="+4520123456", birth_year=1979
    )
    checked = upload(desk, LIST)["Location"]
    answers = asked(desk.get(checked))
    with scope(programme=programme):
        known.delete()

    answer = desk.post(checked, answers, follow=True)

    assert "Vælg filen igen" in text(answer)
    with scope(programme=programme):
        assert not Referral.objects.exists()


def test_agreement_is_kept_only_where_it_was_said(desk: Client, programme: Programme) -> None:
    imported(desk, LIST, agreed="on", agreement_method="phone")

    with scope(programme=programme):
        assert set(Agreement.objects.values_list("method", flat=True)) == {AgreementMethod.PHONE}
        assert Agreement.objects.count() == 2


def test_agreement_without_a_way_it_was_given_is_asked_about(desk: Client) -> None:
    answer = upload(desk, LIST, agreed="on")

    assert answer.status_code == 422
    assert "Vælg, hvordan de har sagt ja" in text(answer)


def test_list_is_set_aside_by_a_button(desk: Client, programme: Programme) -> None:
    checked = upload(desk, LIST)["Location"]

    answer = desk.post(f"{checked}kasser/", follow=True)

    assert "Listen er kasseret. Der er ikke gemt noget." in text(answer)
    with scope(programme=programme):
        draft = ImportDraft.objects.get()
        assert (draft.content, draft.file_name) == ("", "")
    assert "allerede importeret eller kasseret" in text(desk.post(checked, {}, follow=True))


def test_lists_that_nobody_imports_are_forgotten_after_a_day(
    programme: Programme, other_programme: Programme, now: dt.datetime
) -> None:
    make_import_draft(programme, created_at=now - dt.timedelta(hours=25))
    make_import_draft(other_programme, created_at=now - dt.timedelta(hours=25))
    kept = make_import_draft(programme, created_at=now - dt.timedelta(hours=23))

    assert forget_import_drafts(now=now) == 2
    with scope(programme=programme):
        assert list(ImportDraft.objects.all()) == [kept]


# --- The template ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["venteliste.csv", "venteliste.xlsx"])
def test_template_is_understood_by_the_import(desk: Client, programme: Programme, name: str) -> None:
    given = desk.get(f"{UPLOAD}{name}")
    assert f'filename="{name}"' in given["Content-Disposition"]
    row = ["Åse", "Ærø", "20123456", "", "1979", "6700", "05.11.2025", "Jobcenter Ribe", "", "", "Ja tak"]

    content = given.content
    if name.endswith("csv"):
        assert content.decode("utf-8-sig").strip().replace('"', "").split(";") == TEMPLATE_HEADER
        content += ";".join(row).encode()
    else:
        content = write_xlsx(TEMPLATE_HEADER, [row], sheet="Venteliste")

    assert len(read_table(content).header) == len(row) == len(TEMPLATE_HEADER)
    assert "1 ny person er oprettet." in text(imported(desk, content))


def test_spreadsheet_with_numbers_and_days_as_excel_keeps_them_is_understood(
    desk: Client, programme: Programme
) -> None:
    import xlsxwriter  # noqa: PLC0415

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Navn", "Mobil", "Født", "Postnr", "Dato"])
        page.write_row(1, 0, ["Åse Ærø", 20123456, 1979, 6700])
        page.write_datetime(1, 4, dt.datetime(2025, 11, 5), book.add_format({"num_format": "d/m/yy"}))

    imported(desk, content.getvalue())

    with scope(programme=programme):
        referral = Referral.objects.select_related("participant").get()
        assert referral.participant.phone == "+4520123456"
        assert (referral.participant.birth_year, referral.participant.postcode) == (1979, "6700")
        assert timezone.localdate(referral.received_at) == dt.date(2025, 11, 5)
