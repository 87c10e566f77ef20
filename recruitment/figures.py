"""The pictures of the statistics page, each with the table that stands beneath it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from core.dates import format_danish_date
from evaluation.reporting import Line, Report, percent
from recruitment.charts import (
    forecast_chart,
    funnel_chart,
    months_chart,
    seats_chart,
    sources_chart,
    wellbeing_chart,
)
from recruitment.queries.forecast import CohortOutlook
from recruitment.queries.statistics import STEPS, Funnel, MonthRow, SeatRow, Statistics

STEP_LABELS = [label for _, label in STEPS]


@dataclass(frozen=True)
class Figure:
    """What components/figure_with_table.html draws; the first cell of a row names the row."""

    svg: SafeString
    caption: str
    headers: list[str]
    rows: list[list[str | int]]
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """Each picture of the page, None where there is nothing to draw."""

    funnel: Figure | None
    sources: Figure | None
    months: Figure | None
    seats: Figure | None
    wellbeing: Figure | None


def figures(statistics: Statistics, report: Report) -> Figures:
    """Return the pictures; what they may show of measures was decided by `report`."""
    return Figures(
        funnel=_funnel(statistics.funnel),
        sources=_sources(statistics.funnel),
        months=_months(statistics.months),
        seats=_seats(statistics.seats),
        wellbeing=_wellbeing(report),
    )


def _funnel(funnel: Funnel) -> Figure | None:
    if not funnel.rows:
        return None
    referred = funnel.count("referred")
    return Figure(
        svg=funnel_chart(tuple(zip(STEP_LABELS, funnel.total.counts, strict=True))),
        caption="Så langt er de kommet",
        headers=["Trin", "Personer", "Andel af de henviste"],
        rows=[
            [label, count, percent(count / referred)]
            for label, count in zip(STEP_LABELS, funnel.total.counts, strict=True)
        ],
        note="Hver person tæller én gang, under den første henvisning.",
    )


def _sources(funnel: Funnel) -> Figure | None:
    if not funnel.rows:
        return None
    return Figure(
        svg=sources_chart(funnel),
        caption="Hvem henviser, og hvor mange begynder?",
        headers=["Henvist af", "Henvist", "Begyndte", "Andel"],
        rows=[
            [
                row.label,
                row.count("referred"),
                row.count("started"),
                _part(row.count("started"), row.count("referred")),
            ]
            for row in (*funnel.rows, funnel.total)
        ],
        note="Den mørke del er dem, der er begyndt på et hold.",
    )


def _months(months: tuple[MonthRow, ...]) -> Figure | None:
    if not any(row.count for row in months):
        return None
    return Figure(
        svg=months_chart(months),
        caption="Henvisninger måned for måned",
        headers=["Måned", "Henvisninger"],
        rows=[[row.label, row.count] for row in months],
        note="Alle henvisninger, også når den samme person er henvist flere gange.",
    )


def _seats(seats: tuple[SeatRow, ...]) -> Figure | None:
    if not seats:
        return None
    return Figure(
        svg=seats_chart(seats),
        caption="Pladser, der er taget",
        headers=["Hold", "Begynder", "Pladser", "Taget", "Andel"],
        rows=[
            [row.name, row.starts_on.strftime("%d.%m.%Y"), row.capacity, row.taken, percent(row.share)]
            for row in seats
        ],
        note="De nyeste hold i perioden.",
    )


def _wellbeing(report: Report) -> Figure | None:
    if not report.shown or report.before is None or report.after is None:
        return None
    _, before, after, _ = report.tiles
    return Figure(
        svg=wellbeing_chart(report.before, report.after, text=(before.value, after.value)),
        caption="Gennemsnitlig trivsel før og efter (WHO-5, 0–100)",
        headers=["Tidspunkt", "Gennemsnit"],
        rows=[["Før", before.value], ["Efter", after.value]],
        note="Stiplet linje: En score på højst 50 tyder på risiko for stress eller depression.",
    )


def forecast_figure(cohorts: Sequence[CohortOutlook]) -> Figure | None:
    """Return what is to be expected of each coming cohort, None where nothing can be said."""
    known = [(line.seats.cohort, line.seats, line.forecast) for line in cohorts if line.forecast]
    if not known:
        return None
    return Figure(
        svg=forecast_chart(
            tuple(
                (cohort.name, found.expected, found.interval.low, found.interval.high, cohort.capacity)
                for cohort, _, found in known
            )
        ),
        caption="Så mange venter vi begynder",
        headers=["Hold", "Begynder", "Pladser", "Har plads nu", "Ventet", "8 af 10 gange"],
        rows=[
            [
                cohort.name,
                format_danish_date(cohort.starts_on),
                cohort.capacity,
                seats.seats_taken,
                found.expected,
                f"{found.interval.low}–{found.interval.high}",
            ]
            for cohort, seats, found in known
        ],
        note="Cirklen er det ventede antal. I 8 af 10 tilfælde ender tallet inden for den mørke streg.",
    )


def funnel_tiles(funnel: Funnel) -> tuple[Line, ...]:
    """Return the headcounts worth a glance: who came, who stayed, and how many of them are measured."""
    started, completed = funnel.count("started"), funnel.count("completed")
    return (
        Line("Henvist", str(funnel.count("referred")), "Personer"),
        Line("Begyndte", str(started), f"{_part(started, funnel.count('referred'))} af de henviste"),
        Line("Gennemførte", str(completed), f"{_part(completed, started)} af dem, der begyndte"),
        Line(
            "Målt før og efter",
            str(funnel.count("pairs")),
            f"{percent(funnel.pairs_per('started'))} af dem, der begyndte, "
            f"{percent(funnel.pairs_per('completed'))} af dem, der gennemførte",
        ),
    )


def _part(count: int, whole: int) -> str:
    return percent(count / whole if whole else None)
