"""Results in words and Danish numbers: exact for the coordinator, protected for everybody else.

Protected: nothing below ten pairs; means, intervals and shares in whole numbers; no deviation, no
count of a few people, and "over 90 %" or "under 10 %" instead of the ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.shares import Share
from evaluation.enums import SelfRatedHealth
from evaluation.queries.results import HealthResult, Results
from evaluation.scoring import GROUP_CHANGE, RISK_MAX, SCREENING_MAX, SMALLEST_DETECTABLE_CHANGE
from evaluation.statistics import PairedResult

FEWEST_PAIRS = 10
NOTHING = "–"
HIDDEN = "skjult"
LEAST_SHARE, GREATEST_SHARE = 0.1, 0.9


@dataclass(frozen=True)
class Line:
    """One figure of a report; `note` belongs beneath it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Comparison:
    """One figure of the pairs before and after."""

    label: str
    before: str
    after: str
    note: str = ""


@dataclass(frozen=True)
class Report:
    """What one reader may see of the results.

    `shown` is False while there are too few pairs for this reader, and then all the rest is empty.
    `before` and `after` are the means of the pairs for the picture, rounded as the text is.
    """

    n: int
    shown: bool
    before: float | None = None
    after: float | None = None
    tiles: tuple[Line, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    lines: tuple[Line, ...] = ()
    health: tuple[tuple[str, int, int], ...] = ()


def exact_report(results: Results) -> Report:
    """Return everything, for the coordinator: from the first pair on, "–" where there is no figure."""
    wellbeing = results.wellbeing
    return Report(
        n=wellbeing.n,
        shown=wellbeing.n > 0,
        before=_rounded(wellbeing.before.mean, 1),
        after=_rounded(wellbeing.after.mean, 1),
        tiles=_tiles(wellbeing, places=1),
        comparisons=(
            Comparison("Spredning (SD)", number(wellbeing.before.sd), number(wellbeing.after.sd)),
            *_shares(wellbeing, results.health, _exact_share),
        ),
        lines=_exact_lines(wellbeing),
        health=_distribution(results.health),
    )


def protected_report(results: Results) -> Report:
    """Return what a manager may see: nothing below ten pairs, and no figure that a person stands out in."""
    wellbeing = results.wellbeing
    if wellbeing.n < FEWEST_PAIRS:
        return Report(n=wellbeing.n, shown=False)
    return Report(
        n=wellbeing.n,
        shown=True,
        before=_rounded(wellbeing.before.mean, 0),
        after=_rounded(wellbeing.after.mean, 0),
        tiles=_tiles(wellbeing, places=0),
        comparisons=_shares(wellbeing, results.health, protected_share, fewest=FEWEST_PAIRS),
        lines=_protected_lines(wellbeing),
    )


def number(value: float | None, places: int = 1, *, signed: bool = False) -> str:
    """Return a number as Danes write it, 15,3, with a real minus sign; "–" for none."""
    if value is None:
        return NOTHING
    rounded = half_up(value, places)
    text = f"{rounded:+.{places}f}" if signed else f"{rounded:.{places}f}"
    if float(text) == 0:
        text = text.lstrip("+-")
    return text.replace(".", ",").replace("-", "−")


def half_up(value: float, places: int) -> Decimal:
    """Return the value rounded as by hand: 12.5 to 13, and 14.499999999999998, which is 14.5, to 15."""
    return Decimal(str(round(value, 9))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def percent(share: float | None) -> str:
    """Return a share 0–1 in whole per cent; "–" for none."""
    return NOTHING if share is None else f"{number(share * 100, 0)} %"


def protected_percent(share: float | None) -> str:
    """Return a share in whole per cent, without the ends: there, everybody or nobody would be known."""
    if share is None:
        return NOTHING
    if share > GREATEST_SHARE:
        return "over 90 %"
    return "under 10 %" if share < LEAST_SHARE else percent(share)


def protected_share(share: Share) -> str:
    """Return a share that tells of no person."""
    return protected_percent(share.share)


def _exact_share(share: Share) -> str:
    return NOTHING if share.share is None else f"{share.count} af {share.n} ({percent(share.share)})"


def _tiles(result: PairedResult, *, places: int) -> tuple[Line, ...]:
    interval = "Sikkerhedsinterval kræver mindst to par"
    if result.low is not None:
        interval = f"95 % sikkerhedsinterval {number(result.low, places)} til {number(result.high, places)}"
    return (
        Line("Personer målt før og efter", str(result.n), "Par"),
        Line("Trivsel før", number(result.before.mean, places), "Gennemsnit, 0–100"),
        Line("Trivsel efter", number(result.after.mean, places), "Gennemsnit, 0–100"),
        Line("Forskel", number(result.difference.mean, places, signed=True), interval),
    )


def _exact_lines(result: PairedResult) -> tuple[Line, ...]:
    gained = result.gained
    wilson = f"95 % sikkerhedsinterval {percent(gained.low)} til {percent(gained.high)}" if gained.n else ""
    return (
        Line("Effektstørrelse (d_z)", number(result.d_z, 2), "Forskellen delt med dens egen spredning"),
        Line(f"Mindst {GROUP_CHANGE} point fremgang", _exact_share(gained), wilson),
        Line(
            f"Mindst {SMALLEST_DETECTABLE_CHANGE} point fremgang",
            f"{result.gained_much} af {result.n}",
            "Kan skelnes fra udsving for den enkelte",
        ),
        Line("Bedre, uændret, dårligere", f"{result.better}, {result.same}, {result.worse}"),
        Line(
            "Gennemsnit af alle førmålinger",
            number(result.all_before.mean),
            f"{result.all_before.n} personer, også dem uden eftermåling",
        ),
    )


def _protected_lines(result: PairedResult) -> tuple[Line, ...]:
    low, high = (protected_percent(end) for end in (result.gained.low, result.gained.high))
    return (
        Line(
            f"Mindst {GROUP_CHANGE} point fremgang",
            protected_share(result.gained),
            f"95 % sikkerhedsinterval {low} til {high}",
        ),
        Line("Gennemsnit af alle førmålinger", _protected_mean_of_all(result), "Også dem uden eftermåling"),
    )


def _protected_mean_of_all(result: PairedResult) -> str:
    """Return the mean of all before-measures, unless it tells of the few who were measured only once."""
    without_pair = result.all_before.n - result.n
    if 0 < without_pair < FEWEST_PAIRS:
        return HIDDEN
    return number(result.all_before.mean, 0)


def _shares(
    wellbeing: PairedResult, health: HealthResult, told: Callable[[Share], str], *, fewest: int = 1
) -> tuple[Comparison, ...]:
    """Return the shares in risk and in good health, the last where at least `fewest` answered both times."""
    shares = [
        Comparison(
            f"Score på højst {RISK_MAX}",
            told(wellbeing.in_risk_before),
            told(wellbeing.in_risk_after),
            "Risiko for stress eller depression",
        ),
        Comparison(
            f"Score på højst {SCREENING_MAX}",
            told(wellbeing.screened_before),
            told(wellbeing.screened_after),
        ),
    ]
    if health.before.n >= fewest:
        shares.append(
            Comparison(
                "Godt helbred eller bedre",
                told(health.before.top_three),
                told(health.after.top_three),
                "Selvvurderet, blandt dem, der svarede begge gange",
            )
        )
    return tuple(shares)


def _distribution(health: HealthResult) -> tuple[tuple[str, int, int], ...]:
    if health.before.n == 0:
        return ()
    labels = [str(answer.label) for answer in SelfRatedHealth]
    return tuple(zip(labels, health.before.counts, health.after.counts, strict=True))


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else float(half_up(value, places))
