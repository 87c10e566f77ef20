"""Opgaver: what is due first on top; done, set aside, postponed, and one's own."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme, User
from core.danish import add_working_days
from recruitment.queries.tasks import due_in_words, duration, open_tasks, task_lines
from tests.factories import (
    NOW,
    TODAY,
    make_cohort,
    make_participant,
    make_referrer,
    make_task,
    make_user,
)
from tests.recruitment.test_participant_detail import as_read, said_after
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

DAY = dt.timedelta(days=1)
ClientFor = Callable[[User | None], Client]
ADDRESS = "/opgaver/"


def page_of(client: Client, **asked: object) -> str:
    response = client.get(f"{ADDRESS}?{urlencode(asked)}")
    assert response.status_code == 200
    return response.content.decode()


def act(task: Task, name: str) -> str:
    return f"{ADDRESS}{task.pk}/{name}/"


def test_task_list_has_its_addresses() -> None:
    assert reverse("recruitment:task_list") == ADDRESS
    assert reverse("recruitment:task_create") == f"{ADDRESS}ny/"
    for name, path in [("complete", "klaret"), ("dismiss", "ikke-noedvendig"), ("postpone", "udskyd")]:
        assert reverse(f"recruitment:task_{name}", kwargs={"pk": 7}) == f"{ADDRESS}7/{path}/"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-30, "30 dage over tiden"),
        (-1, "1 dag over tiden"),
        (0, "i dag"),
        (1, "i morgen"),
        (2, "torsdag 12.03.2026"),
        (200, "lørdag 26.09.2026"),
    ],
)
def test_due_day_is_said_as_a_colleague_would(days: int, said: str) -> None:
    assert due_in_words(TODAY + days * DAY, TODAY) == said


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 min."), (45, "45 min."), (60, "1 t."), (125, "2 t. 5 min.")]
)
def test_duration_is_said_in_hours_and_minutes(minutes: int, said: str) -> None:
    assert duration(minutes) == said


@pytest.mark.parametrize("kind", TaskKind)
def test_task_line_says_what_to_do_and_for_whom(kind: TaskKind, in_scope: Programme) -> None:
    anna = make_participant(in_scope, given_name="Anna", family_name="Ærø")
    make_task(in_scope, participant=anna, kind=kind, why="Ring om bussen.\nTag kortet med.")

    line = task_lines(open_tasks(today=TODAY), TODAY)[0]

    assert line.whom == "Anna Ærø"
    if kind == TaskKind.OTHER:
        assert (line.title, line.reasons) == ("Ring om bussen.", ["Tag kortet med."])
    else:
        assert "Anna Ærø" in line.title
        assert line.reasons == ["Ring om bussen.", "Tag kortet med."]


def test_task_line_of_a_cohort_a_referrer_or_nobody_names_what_it_is_about(in_scope: Programme) -> None:
    make_task(in_scope, kind=TaskKind.PLACE, cohort=make_cohort(in_scope, name="Sommerholdet"))
    make_task(in_scope, kind=TaskKind.CALL, referrer=make_referrer(in_scope, name="Henrik Henviser"))
    make_task(in_scope, kind=TaskKind.HELD_ARRIVAL)

    lines = task_lines(open_tasks(today=TODAY), TODAY)

    assert [line.title for line in lines] == [
        "Find plads til Sommerholdet",
        "Ring til Henrik Henviser",
        "Se på tilbageholdt henvendelse",
    ]
    assert {line.next_step for line in lines} == {""}


def test_open_tasks_are_narrowed_by_kind_and_by_day(in_scope: Programme) -> None:
    late = make_task(in_scope, kind=TaskKind.OTHER, due_on=TODAY - DAY)
    today = make_task(in_scope, kind=TaskKind.CALL, due_on=TODAY)
    later = make_task(in_scope, kind=TaskKind.OTHER, due_on=TODAY + DAY)

    assert list(open_tasks(today=TODAY)) == [late, today, later]
    assert list(open_tasks(today=TODAY, kind=TaskKind.OTHER)) == [late, later]
    assert list(open_tasks(today=TODAY, when="overdue")) == [late]
    assert list(open_tasks(today=TODAY, when="today")) == [late, today]


def test_task_list_shows_what_is_due_first_on_top_with_its_reasons(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    today = timezone.localdate()
    make_task(programme, kind=TaskKind.OTHER, why="Senere opgave", due_on=today + DAY)
    make_task(programme, kind=TaskKind.OTHER, why="Sen opgave\nEn god grund", due_on=today - DAY)

    page = as_read(page_of(client_for(coordinator)))

    assert page.index("Sen opgave") < page.index("Senere opgave")
    assert "En god grund" in page
    assert "2 åbne · 1 over tiden" in page
    assert "1 dag over tiden · 15 min." in page


def test_task_list_narrows_and_keeps_the_choice(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    make_task(programme, kind=TaskKind.OTHER, why="Køb kaffe")
    make_task(programme, participant=make_participant(programme, family_name="Ærø"))

    page = page_of(client_for(coordinator), kind="call")

    assert "Ærø" in page
    assert "Køb kaffe" not in page
    assert '<option value="call" selected>' in page
    assert "Ryd filtre" in page


def test_task_list_has_a_page_of_closed_tasks_last_closed_first(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    closed = {"state": TaskState.DONE, "kind": TaskKind.OTHER, "closed_by": coordinator}
    make_task(programme, why="Gammel", closed_at=NOW - DAY, **closed)
    make_task(programme, why="Nylig", closed_at=NOW, **closed)
    make_task(programme, why="Åben opgave", kind=TaskKind.OTHER)

    page = as_read(page_of(client_for(coordinator), tab="closed"))

    assert page.index("Nylig") < page.index("Gammel")
    assert "10.03.2026 kl. 10.00 · Kirsten Koordinator" in page
    assert "Åben opgave" not in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Alt er klaret"),
        ({"tab": "closed"}, "Ingen lukkede opgaver endnu"),
        ({"kind": "call"}, "Ingen opgaver passer"),
        ({"kind": "nonsense", "when": "x", "page": "y", "tab": "z"}, "Alt er klaret"),
    ],
)
def test_task_list_without_tasks_says_so_kindly(
    asked: dict[str, str], said: str, coordinator: User, client_for: ClientFor
) -> None:
    assert said in page_of(client_for(coordinator), **asked)


@pytest.mark.parametrize(
    ("name", "state", "said"),
    [
        ("klaret", TaskState.DONE, "Opgaven er klaret."),
        ("ikke-noedvendig", TaskState.DISMISSED, "Opgaven er lagt væk som ikke nødvendig."),
    ],
)
def test_a_task_is_closed_by_one_click_and_a_second_click_changes_nothing(
    name: str,
    state: TaskState,
    said: str,
    programme: Programme,
    coordinator: User,
    client_for: ClientFor,
) -> None:
    task = make_task(programme)
    client = client_for(coordinator)

    assert said in said_after(client, act(task, name), {})
    task.refresh_from_db()
    closed_at = task.closed_at
    assert (task.state, task.closed_by) == (state, coordinator)

    assert "Opgaven var allerede lukket. Ingenting er ændret." in said_after(client, act(task, name), {})
    task.refresh_from_db()
    assert (task.state, task.closed_at) == (state, closed_at)


@pytest.mark.parametrize(
    ("sent", "working_days"),
    [({"days": "1"}, 1), ({"days": "5"}, 5)],
)
def test_task_postpone_by_working_days(
    sent: dict[str, str],
    working_days: int,
    programme: Programme,
    coordinator: User,
    client_for: ClientFor,
) -> None:
    task = make_task(programme)

    assert "Opgaven er udskudt til" in said_after(client_for(coordinator), act(task, "udskyd"), sent)

    task.refresh_from_db()
    assert task.due_on == add_working_days(timezone.localdate(), working_days)


@pytest.mark.parametrize("spelling", ["%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"])
def test_task_postpone_to_a_date_in_any_spelling(
    spelling: str, programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    task = make_task(programme)
    day = timezone.localdate() + 40 * DAY

    said_after(client_for(coordinator), act(task, "udskyd"), {"due_on": day.strftime(spelling)})

    task.refresh_from_db()
    assert task.due_on == day


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Vælg en dag, eller skriv en dato som 05.11.2026."),
        ({"due_on": "01.01.2020"}, "Dagen er gået. Vælg i dag eller en senere dag."),
        ({"due_on": "31.02.2030"}, "Skriv datoen som dag, måned og år"),
        ({"days": "4000"}, "4000"),
    ],
)
def test_task_postpone_says_what_to_do(
    sent: dict[str, str], said: str, programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    task = make_task(programme)

    assert said in said_after(client_for(coordinator), act(task, "udskyd"), sent)

    task.refresh_from_db()
    assert task.due_on == TODAY


def test_task_postpone_of_a_closed_task_changes_nothing(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    task = make_task(programme, state=TaskState.DONE, closed_at=NOW)

    page = said_after(client_for(coordinator), act(task, "udskyd"), {"days": "1"})

    assert "Opgaven var allerede lukket." in page
    task.refresh_from_db()
    assert task.due_on == TODAY


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        ("/opgaver/?kind=call&page=2", "/opgaver/?kind=call&page=2"),
        ("/deltagere/7/", "/deltagere/7/"),
        ("https://elsewhere.example/", ADDRESS),
        ("//elsewhere.example/", ADDRESS),
        ("javascript:alert(1)", ADDRESS),
        ("et ord", ADDRESS),
        ("", ADDRESS),
    ],
)
def test_a_task_button_returns_to_the_page_it_stood_on_and_never_elsewhere(
    page: str, leads_to: str, programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    response = client_for(coordinator).post(act(make_task(programme), "klaret"), {"next": page})

    assert (response.status_code, response["Location"]) == (302, leads_to)


# --- One's own tasks -----------------------------------------------------------------------------------


def new(**fields: str) -> dict[str, str]:
    due_on = (timezone.localdate() + 3 * DAY).strftime("%d.%m.%Y")
    return {"why": "Find bustider", "due_on": due_on, "minutes": "20", **fields}


def test_task_create_opens_a_task_of_ones_own(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    assert "Opgaven er oprettet." in said_after(client_for(coordinator), f"{ADDRESS}ny/", new())

    with scope(programme=programme):
        task = Task.objects.get()
    assert (task.kind, task.why, task.minutes, task.participant) == ("other", "Find bustider", 20, None)
    assert task.due_on == timezone.localdate() + 3 * DAY


def test_task_create_pressed_twice_opens_one(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    client = client_for(coordinator)

    for _click in range(2):
        client.post(f"{ADDRESS}ny/", new())

    with scope(programme=programme):
        assert Task.objects.count() == 1


@pytest.mark.parametrize("typed", ["anna aeroe", "20 12 34 56"])
def test_task_create_finds_whom_it_is_about(
    typed: str, programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, given_name="Anna", family_name="Ærø", phone="+4520123456")
    make_participant(programme, given_name="Anna", family_name="Lund")

    said_after(client_for(coordinator), f"{ADDRESS}ny/", new(about=typed))

    with scope(programme=programme):
        assert Task.objects.get().participant == anna


def test_task_create_asks_which_of_several_is_meant(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    people = [make_participant(programme, given_name="Anna") for _number in range(2)]

    response = client_for(coordinator).post(f"{ADDRESS}ny/", new(about="Anna"))

    page = as_read(response.content.decode())
    assert response.status_code == 422
    for person in people:
        assert f"{person} ({person.reference})" in page
    with scope(programme=programme):
        assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"why": ""}, "Skriv, hvad der skal gøres."),
        ({"why": "010203-1234"}, "Det ligner et CPR-nummer."),
        ({"why": "a" * 10_000}, "Teksten er 9500 tegn for lang."),
        ({"due_on": ""}, "Skriv, hvornår det skal være gjort."),
        ({"due_on": "01.01.2020"}, "Dagen er gået."),
        ({"minutes": "0"}, "Skriv mindst 1 minut."),
        ({"minutes": "99999"}, "Skriv højst 480 minutter"),
        ({"minutes": "x"}, "Skriv et helt antal minutter"),
        ({"about": "Ingen Kendt"}, "Vi kender ingen med det navn eller nummer."),
    ],
)
def test_task_create_says_what_to_do_and_keeps_what_was_typed(
    fields: dict[str, str], said: str, programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    response = client_for(coordinator).post(f"{ADDRESS}ny/", new(**fields))

    page = response.content.decode()
    assert response.status_code == 422
    assert said in as_read(page)
    assert "Find bustider" in page or "why" in fields


def test_participant_task_is_about_that_person_and_returns_to_them(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    anna = make_participant(programme, given_name="Anna", family_name="Ærø")
    client = client_for(coordinator)
    url = f"/deltagere/{anna.pk}/ny-opgave/"
    assert "Opgaven handler om Anna Ærø." in client.get(url).content.decode()

    response = client.post(url, new())

    assert response["Location"] == f"/deltagere/{anna.pk}/"
    with scope(programme=programme):
        assert Task.objects.get().participant == anna


# --- Who may, and whose --------------------------------------------------------------------------------

ACTS = {"klaret": {}, "ikke-noedvendig": {}, "udskyd": {"days": "1"}}


@pytest.mark.parametrize(("name", "data"), ACTS.items())
def test_task_acts_are_the_coordinators_alone_and_never_on_another_programmes_task(
    name: str,
    data: dict[str, str],
    programme: Programme,
    other_programme: Programme,
    coordinator: User,
    manager: User,
    administrator: User,
    client_for: ClientFor,
) -> None:
    own, foreign = make_task(programme), make_task(other_programme)
    client = client_for(coordinator)

    assert client_for(manager).post(act(own, name), data).status_code == 403
    assert client_for(administrator).post(act(own, name), data).status_code == 403
    assert client_for(None).post(act(own, name), data).status_code == 403
    assert client.post(act(foreign, name), data).status_code == 404
    assert client.post(f"{ADDRESS}999999999/{name}/", data).status_code == 404
    assert client.get(act(own, name)).status_code == 405
    for task in (own, foreign):
        task.refresh_from_db()
        assert (task.state, task.due_on) == (TaskState.OPEN, TODAY)
    # The control: the same click by the same person on their own task is taken.
    assert client.post(act(own, name), data).status_code == 302
    own.refresh_from_db()
    assert (own.state, own.due_on) != (TaskState.OPEN, TODAY)


@pytest.mark.parametrize("path", ["", "ny/"])
def test_task_pages_are_the_coordinators_alone(
    path: str, coordinator: User, manager: User, administrator: User, client_for: ClientFor
) -> None:
    assert client_for(coordinator).get(ADDRESS + path).status_code == 200
    assert client_for(manager).get(ADDRESS + path).status_code == 403
    assert client_for(administrator).get(ADDRESS + path).status_code == 403
    anonymous = client_for(None).get(ADDRESS + path)
    assert (anonymous.status_code, anonymous["Location"]) == (302, f"/konto/login/?next={ADDRESS}{path}")


def test_task_list_shows_no_other_programmes_tasks_and_finds_none_of_their_people(
    programme: Programme, other_programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    stranger = make_participant(other_programme, family_name="Fremmed", phone="+4520123456")
    make_task(other_programme, participant=stranger)
    client = client_for(coordinator)

    assert "Fremmed" not in page_of(client)
    response = client.post(f"{ADDRESS}ny/", new(about="20 12 34 56"))
    assert response.status_code == 422
    assert "Fremmed" not in response.content.decode()
    # The control: at home the task is listed.
    assert "Fremmed" in page_of(client_for(make_user(other_programme)))


def test_task_list_escapes_what_others_wrote(
    programme: Programme, coordinator: User, client_for: ClientFor
) -> None:
    evil = "<script>alert(1)</script>"
    anna = make_participant(programme, given_name=evil)
    make_task(programme, participant=anna, why=evil)
    make_task(programme, kind=TaskKind.OTHER, why=evil)
    make_task(programme, kind=TaskKind.OTHER, why=evil, state=TaskState.DONE, closed_at=NOW)
    client = client_for(coordinator)

    for tab in ("", "closed"):
        page = page_of(client, tab=tab)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
