"""Charts as SVG without script or style attributes, drawn on the server: one picture for page and print.

Each picture is an image to assistive technology, described by one sentence; its figures stand in the
table beneath it. Drawing takes a tenth of a second, so each process keeps the pictures it drew last.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from recruitment.queries.statistics import Funnel, MonthRow, SeatRow

# The page's own colours (static/css/app.css); every text on its ground is at least 4.5:1.
ACCENT = "#1c5a52"
ACCENT_SOFT = "#c3d9d3"
SUN = "#d77a27"
INK = "#1a1a1a"
INK_SOFT = "#57534c"
LINE = "#e3dacb"
FONT = "IBM Plex Sans, Arial, sans-serif"

WIDTH = 440  # small enough for a telephone to show the text at a readable size
BAR = 30
# The library gives each group of marks a role without a name; the picture as a whole has both.
_ROLES_INSIDE = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")')
KEPT = 64  # pictures of each kind
DANISH = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " kr."]}


@lru_cache(maxsize=KEPT)
def funnel_chart(steps: tuple[tuple[str, int], ...]) -> SafeString:
    """Return bars from referred to measured, each with its count."""
    rows = [{"step": label, "people": count} for label, count in steps]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("step:N", sort=None, title=None, axis=_names()),
        x=alt.X("people:Q", title=None, axis=None, scale=alt.Scale(domain=[0, _room(rows, "people")])),
    )
    labels = base.mark_text(align="left", dx=6, fontSize=14).encode(text="people:Q")
    bars = base.mark_bar(color=ACCENT, cornerRadiusEnd=2, size=18)
    chart = (bars + labels).properties(height=BAR * len(rows))
    parts = ", ".join(f"{label.lower()} {count}" for label, count in steps)
    return _draw(chart, f"Vejen fra henvisning til måling: {parts}.")


@lru_cache(maxsize=KEPT)
def sources_chart(funnel: Funnel) -> SafeString:
    """Return each source's people: those who began dark within all who were referred."""
    rows = [_bar(row.label, row.count("started"), row.count("referred")) for row in funnel.rows]
    parts = ", ".join(
        f"{row.label.lower()} {bar['text']}" for row, bar in zip(funnel.rows, rows, strict=True)
    )
    return _draw(_part_of_all(rows), f"Begyndte ud af henviste, efter hvem der henviste: {parts}.")


@lru_cache(maxsize=KEPT)
def months_chart(months: tuple[MonthRow, ...]) -> SafeString:
    """Return a column for each month's referrals."""
    rows = [{"month": row.label, "referrals": row.count} for row in months]
    most = max(1, *(row.count for row in months))
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("month:N", sort=None, title=None, axis=alt.Axis(labelAngle=-45, ticks=False)),
        y=alt.Y(
            "referrals:Q",
            title=None,
            # No more ticks than people, or the axis counts halves and writes 2 twice.
            axis=alt.Axis(tickCount=min(4, most), format="d", domain=False, ticks=False),
            scale=alt.Scale(domain=[0, most]),
        ),
    )
    chart = base.mark_bar(color=ACCENT, cornerRadiusEnd=2).properties(height=200)
    total = sum(row.count for row in months)
    return _draw(
        chart, f"Henvisninger måned for måned fra {months[0].label} til {months[-1].label}: {total}."
    )


@lru_cache(maxsize=KEPT)
def seats_chart(cohorts: tuple[SeatRow, ...]) -> SafeString:
    """Return each cohort's seats: the taken ones dark within all of them."""
    rows = [_bar(row.name, row.taken, row.capacity) for row in cohorts]
    parts = ", ".join(f"{bar['name']} {bar['text']}" for bar in rows)
    return _draw(_part_of_all(rows), f"Pladser, der er taget, hold for hold: {parts}.")


@lru_cache(maxsize=KEPT)
def forecast_chart(cohorts: tuple[tuple[str, int, int, int, int], ...]) -> SafeString:
    """Return each cohort's seats, with where the number of those who begin most likely lies.

    A cohort is its name, the expected number, the interval's ends and its seats.
    """
    names = ("name", "expected", "low", "high", "seats")
    rows: list[dict[str, Any]] = [dict(zip(names, cohort, strict=True)) for cohort in cohorts]
    for row in rows:
        row["text"] = f"{row['expected']} ({row['low']}–{row['high']})"
    scale = alt.Scale(domain=[0, _room(rows, "seats") * 1.1])
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("name:N", sort=None, title=None, axis=_names()))
    seats = base.mark_bar(color=ACCENT_SOFT, cornerRadiusEnd=2, size=20).encode(
        x=alt.X("seats:Q", title=None, axis=None, scale=scale)
    )
    interval = base.mark_rule(color=ACCENT, strokeWidth=5).encode(
        x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q")
    )
    expected = base.mark_point(color=ACCENT, fill="#ffffff", size=130, strokeWidth=3, opacity=1).encode(
        x=alt.X("expected:Q", scale=scale)
    )
    labels = base.mark_text(align="left", dx=12, fontSize=14).encode(
        x=alt.X("seats:Q", scale=scale), text="text:N"
    )
    chart = (seats + interval + expected + labels).properties(height=1.4 * BAR * len(rows))
    parts = ", ".join(f"{row['name']} {row['text']} af {row['seats']}" for row in rows)
    return _draw(chart, f"Ventet antal, der begynder, hold for hold: {parts}.")


@lru_cache(maxsize=KEPT)
def wellbeing_chart(before: float, after: float, *, text: tuple[str, str]) -> SafeString:
    """Return the mean score before and after on the whole scale, with the limit of risk at 50."""
    rows = [
        {"when": "Før", "score": before, "text": text[0]},
        {"when": "Efter", "score": after, "text": text[1]},
    ]
    scale = alt.Scale(domain=[0, 100])
    axis = alt.Axis(values=[0, 25, 50, 75, 100], domain=False, ticks=False)
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("when:N", sort=None, title=None, axis=_names()),
        x=alt.X("score:Q", title=None, scale=scale, axis=axis),
    )
    bars = base.mark_bar(cornerRadiusEnd=2, size=34).encode(
        color=alt.Color(
            "when:N", scale=alt.Scale(domain=["Før", "Efter"], range=["#7fa9a1", ACCENT]), legend=None
        )
    )
    labels = base.mark_text(align="left", dx=6, fontSize=16, fontWeight=600).encode(text="text:N")
    limit = (
        alt.Chart(alt.Data(values=[{"limit": 50}]))
        .mark_rule(color=SUN, strokeWidth=2, strokeDash=[4, 3])
        .encode(x=alt.X("limit:Q", scale=scale))
    )
    chart = (bars + limit + labels).properties(height=120)
    return _draw(chart, f"Gennemsnitlig trivsel på en skala fra 0 til 100: før {text[0]}, efter {text[1]}.")


def _bar(name: str, part: int, whole: int) -> dict[str, Any]:
    return {"name": name, "all": whole, "part": part, "text": f"{part} af {whole}"}


def _part_of_all(rows: Sequence[dict[str, Any]]) -> alt.LayerChart:
    """Return bars of `all` with `part` dark within, and `text` at the end."""
    scale = alt.Scale(domain=[0, _room(rows, "all")])
    base = alt.Chart(alt.Data(values=list(rows))).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=_names())
    )
    bars = [
        base.mark_bar(color=colour, cornerRadiusEnd=2, size=18).encode(
            x=alt.X(f"{field}:Q", title=None, axis=None, scale=scale)
        )
        for field, colour in (("all", ACCENT_SOFT), ("part", ACCENT))
    ]
    labels = base.mark_text(align="left", dx=6, fontSize=14).encode(
        x=alt.X("all:Q", scale=scale), text="text:N"
    )
    return (bars[0] + bars[1] + labels).properties(height=BAR * len(rows))


def _names() -> alt.Axis:
    return alt.Axis(ticks=False, domain=False, labelPadding=8, labelLimit=150)


def _room(rows: Sequence[dict[str, Any]], field: str) -> float:
    """Return where the scale ends so that the longest bar leaves room for its label."""
    return float(max([1, *(row[field] for row in rows)])) * 1.25


def _draw(chart: alt.LayerChart | alt.Chart, description: str) -> SafeString:
    fitted = chart.properties(width=WIDTH, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
    drawn = fitted.configure(font=FONT, background="transparent", aria=False)
    drawn = drawn.configure_view(stroke=None)
    drawn = drawn.configure_axis(
        labelColor=INK, labelFontSize=13, gridColor=LINE, labelFontWeight=400, tickColor=LINE
    ).configure_text(color=INK)
    svg = str(vl_convert.vegalite_to_svg(drawn.to_dict(validate=False), format_locale=DANISH))
    svg = _ROLES_INSIDE.sub("", svg)
    named = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(description)}" ', 1)
    return mark_safe(named)  # noqa: S308 - drawn here; labels are escaped by the drawing library
