"""Effort and result as a page and a file tell them: whole sentences about small numbers, and advice."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.shares import share_of
from outreach.enums import Strategy
from recruitment.effort import FEWEST_TO_COMPARE, Cost, Tally
from recruitment.queries.ways import Cut, Row

# Whoever hears of us takes some weeks to ring; a week after a visit its silence says nothing.
WAIT = dt.timedelta(weeks=4)
# Tried so often the same way without anybody coming, the next hours are better spent elsewhere.
ENOUGH_TRIES = 3

STILL_EARLY = "Vent lidt endnu. Der er gået under fire uger siden sidst."
SPEND_ELSEWHERE = "Prøvet {times} gange. Brug de næste timer dér, hvor folk kommer fra."
NEXT_STEPS: dict[str | None, str] = {
    Strategy.OPEN: "Følg op med et møde hos dem, der giver materialet videre.",
    Strategy.DELIMITED: "Aftal en fast nøgleperson, og giv stedet sit eget link.",
    Strategy.TARGETED: "Ring til et par stykker, og spørg, hvad der skulle til.",
    None: "Giv stedet sit eget link, så I kan se, hvem der kommer derfra.",
}


def next_step(row: Row, today: dt.date) -> str:
    """Return what to do about something that was tried in vain."""
    if row.last_held_on is not None and today - row.last_held_on < WAIT:
        return STILL_EARLY
    if row.tally.times >= ENOUGH_TRIES:
        return SPEND_ELSEWHERE.format(times=row.tally.times)
    return NEXT_STEPS[row.strategy]


@dataclass(frozen=True)
class Line:
    """A row in words; `cost` and `range` are "" where nothing was put in."""

    row: Row
    time: str
    kroner: str
    share: str
    cost: str
    range: str
    is_few: bool
    joined: str


def lines(rows: Iterable[Row], hourly_rate: int) -> list[Line]:
    """Return the rows in words."""
    return [_line(row, hourly_rate) for row in rows]


def _line(row: Row, hourly_rate: int) -> Line:
    tally = row.tally
    cost = row.cost_per_started(hourly_rate)
    return Line(
        row=row,
        time=hours(tally.minutes) if tally.times else "",
        kroner=whole(tally.kroner) if tally.times else "",
        share=share_in_words(tally),
        cost=cost_in_words(cost),
        range=range_in_words(cost),
        is_few=cost is not None and cost.is_few,
        joined=joined_in_words(tally),
    )


def cost_in_words(cost: Cost | None) -> str:
    """Return such as "1.450 kr."; for nobody yet, the least it can be."""
    if cost is None:
        return ""
    return f"Mindst {whole(cost.low)} kr." if cost.value is None else f"{whole(cost.value)} kr."


def range_in_words(cost: Cost | None) -> str:
    """Return the interval, and that the numbers are too few to compare where they are."""
    if cost is None:
        return ""
    if cost.high is None:
        return "Ingen er begyndt endnu"
    between = f"{whole(cost.low)}–{whole(cost.high)} kr."
    return f"For få endnu: {between}" if cost.is_few else between


def share_in_words(tally: Tally) -> str:
    """Return how large a share of the arrivals began, with Wilson's interval; "" for too few."""
    if tally.arrivals < FEWEST_TO_COMPARE:
        return ""
    found = share_of(min(tally.started, tally.arrivals), tally.arrivals)
    return f"{percent(found.share)} % ({percent(found.low)}–{percent(found.high)} %)"


def joined_in_words(tally: Tally) -> str:
    """Return by what the arrivals were joined, such as "3 link · 2 arbejdssted"."""
    counts = ((tally.by_link, "link"), (tally.by_organisation, "arbejdssted"), (tally.by_words, "eget svar"))
    return " · ".join(f"{count} {name}" for count, name in counts if count)


def hours(minutes: float) -> str:
    """Return minutes as "45 min." or "12 t."; half an hour counts as one from ten hours on."""
    whole_minutes = round(minutes)
    if whole_minutes >= 600:
        return f"{round(whole_minutes / 60)} t."
    full, rest = divmod(whole_minutes, 60)
    parts = [f"{full} t." if full else "", f"{rest} min." if rest or not full else ""]
    return " ".join(part for part in parts if part)


def whole(number: float) -> str:
    """Return a whole number as Danes write it; a cost in thousands to the nearest ten."""
    rounded = round(number, -1) if number >= 1000 else round(number)
    return f"{int(rounded):,}".replace(",", ".")


def percent(share: float | None) -> int:
    return round((share or 0) * 100)


# --- The file --------------------------------------------------------------------------------------

CUT_NAMES = {
    Cut.STRATEGY: "Strategi",
    Cut.CHANNEL: "Kanal",
    Cut.ORGANISATION: "Organisation",
    Cut.ACTIVITY: "Aktivitet",
    Cut.LINK: "Link",
}
HEADER = (
    "Snit",
    "Navn",
    "Note",
    "Aktiviteter",
    "Minutter",
    "Kroner",
    "Kroner med timer",
    "Scanninger",
    "Henvendelser",
    "Heraf via link",
    "Heraf via arbejdssted",
    "Heraf via eget svar",
    "Begyndte",
    "Gennemførte",
    "Kroner pr. begyndt",
    "Fra",
    "Til",
    "For få til at sammenligne",
)


def exported(cuts: dict[Cut, list[Row]], hourly_rate: int) -> list[Sequence[str]]:
    """Return every row of every cut as cells, numbers with no separators."""
    return [_cells(cut, row, hourly_rate) for cut in Cut for row in cuts[cut]]


def _cells(cut: Cut, row: Row, hourly_rate: int) -> Sequence[str]:
    tally = row.tally
    cost = row.cost_per_started(hourly_rate)
    prices = (cost.value, cost.low, cost.high) if cost else (None, None, None)
    counts = (
        tally.times,
        round(tally.minutes),
        round(tally.kroner),
        round(tally.spent(hourly_rate)),
        tally.scans,
        tally.arrivals,
        tally.by_link,
        tally.by_organisation,
        tally.by_words,
        tally.started,
        tally.completed,
    )
    told = ("" if price is None else str(round(price)) for price in prices)
    few = "" if cost is None else "ja" if cost.is_few else "nej"
    return (CUT_NAMES[cut], row.label, row.note, *map(str, counts), *told, few)
