"""Effort against result, as arithmetic: what one who began has cost, and how sure that is."""

import datetime as dt

import pytest
from scipy import stats

from core.tables.writing import write_csv
from outreach.enums import Strategy
from recruitment.effort import Cost, Tally, cost_per_started, poisson_interval, total
from recruitment.effort_lines import (
    HEADER,
    NEXT_STEPS,
    SPEND_ELSEWHERE,
    STILL_EARLY,
    WAIT,
    cost_in_words,
    exported,
    hours,
    joined_in_words,
    next_step,
    range_in_words,
    share_in_words,
    whole,
)
from recruitment.queries.ways import Cut, Row
from tests.factories import TODAY


def test_tallies_add_up():
    assert total([]) == Tally()
    assert total([Tally(times=1, minutes=30, started=1), Tally(times=2, kroner=50)]) == Tally(
        times=3, minutes=30, kroner=50, started=1
    )


def test_spent_is_kroner_and_the_coordinators_time():
    assert Tally(minutes=90, kroner=100).spent(350) == 625


def test_tried_in_vain_is_done_and_brought_nobody():
    assert Tally(times=1).is_tried_in_vain
    assert not Tally(times=1, arrivals=1).is_tried_in_vain
    assert not Tally(scans=3).is_tried_in_vain


# Garwood 1936, as in the tables of every handbook (Ulm 1990, Am J Epidemiol 131:373).
@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390)]
)
def test_poisson_interval_is_garwoods(count, low, high):
    assert poisson_interval(count) == (pytest.approx(low, abs=0.001), pytest.approx(high, abs=0.001))


@pytest.mark.parametrize("expected", [1, 4, 12])
def test_poisson_interval_holds_the_truth_95_times_of_100(expected):
    held = sum(
        stats.poisson.pmf(count, expected)
        for count in range(200)
        if poisson_interval(count)[0] <= expected <= poisson_interval(count)[1]
    )
    assert held >= 0.95


def test_cost_per_started_turns_the_interval_over():
    cost = cost_per_started(5000, 5)
    assert (cost.value, round(cost.low), round(cost.high), cost.is_few) == (1000, 429, 3080, False)


def test_cost_of_nobody_yet_is_a_least_and_of_no_effort_is_nothing():
    assert cost_per_started(3689, 0) == Cost(None, pytest.approx(1000, abs=1), None, True)
    assert cost_per_started(0, 3) is None


def test_cost_below_five_says_that_they_are_few():
    assert cost_per_started(100, 4).is_few
    assert range_in_words(cost_per_started(1000, 1)).startswith("For få endnu: 179–39.")
    assert range_in_words(cost_per_started(5000, 5)) == "429–3.080 kr."
    assert range_in_words(cost_per_started(5000, 0)) == "Ingen er begyndt endnu"
    assert (cost_in_words(None), range_in_words(None)) == ("", "")


def test_words_for_numbers():
    assert [hours(minutes) for minutes in (0, 45, 60, 95, 610)] == [
        "0 min.",
        "45 min.",
        "1 t.",
        "1 t. 35 min.",
        "10 t.",
    ]
    assert [whole(number) for number in (0, 999.6, 1234, 1234567)] == ["0", "1.000", "1.230", "1.234.570"]
    assert joined_in_words(Tally(by_link=2, by_words=1)) == "2 link · 1 eget svar"
    assert share_in_words(Tally(arrivals=4, started=1)) == ""
    assert share_in_words(Tally(arrivals=10, started=5)) == "50 % (24–76 %)"


def test_what_came_in_no_known_way_has_no_price():
    tally = Tally(times=1, minutes=10, arrivals=28, started=18)
    assert Row(1, "Bladet", tally).cost_per_started(350) == tally.cost_per_started(350)
    assert Row(None, "Ved vi ikke", tally).cost_per_started(350) is None


# --- Advice ----------------------------------------------------------------------------------------


def row(times=1, strategy=Strategy.OPEN, days_ago=100) -> Row:
    return Row(
        1, "Bladet", Tally(times=times), last_held_on=TODAY - dt.timedelta(days=days_ago), strategy=strategy
    )


@pytest.mark.parametrize("strategy", [*Strategy, None])
def test_next_step_follows_the_strategy(strategy):
    assert next_step(row(strategy=strategy), TODAY) == NEXT_STEPS[strategy]


def test_next_step_waits_four_weeks_and_gives_up_after_three():
    assert next_step(row(days_ago=WAIT.days - 1, times=5), TODAY) == STILL_EARLY
    assert next_step(row(days_ago=WAIT.days, times=3), TODAY) == SPEND_ELSEWHERE.format(times=3)
    assert next_step(row(days_ago=WAIT.days, times=2), TODAY) == NEXT_STEPS[Strategy.OPEN]


# --- The file --------------------------------------------------------------------------------------


def test_exported_rows_have_a_cell_for_each_heading_and_run_nothing():
    dangerous = Row(1, '=HYPERLINK("http://x")', Tally(times=1, minutes=60, kroner=50, arrivals=2, started=1))
    cells = exported({cut: [dangerous] if cut == Cut.LINK else [] for cut in Cut}, 350)
    assert [len(line) for line in cells] == [len(HEADER)]
    assert dict(zip(HEADER, cells[0], strict=True)) | {} == {
        "Snit": "Link",
        "Navn": '=HYPERLINK("http://x")',
        "Note": "",
        "Aktiviteter": "1",
        "Minutter": "60",
        "Kroner": "50",
        "Kroner med timer": "400",
        "Scanninger": "0",
        "Henvendelser": "2",
        "Heraf via link": "0",
        "Heraf via arbejdssted": "0",
        "Heraf via eget svar": "0",
        "Begyndte": "1",
        "Gennemførte": "0",
        "Kroner pr. begyndt": "400",
        "Fra": "72",
        "Til": "15799",
        "For få til at sammenligne": "ja",
    }
    assert "\"'=HYPERLINK" in write_csv(HEADER, cells).decode("utf-8-sig")
