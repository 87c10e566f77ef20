"""Daily risks learnt from stays, and the way they make to a seat."""

import numpy as np
import pytest

from recruitment.forecast.history import End, Phase, Stay
from recruitment.forecast.rates import HORIZON, Path, Stays


def learnt(stays: list[Stay], sources: tuple[str, ...] = ("gp",)) -> list[Path]:
    many = Stays(stays, sources)
    return [Path(risks) for risks in many.risks(np.ones(len(many)))]


def constant(days: int, end: End, number: int, source: str = "gp", phase: Phase = Phase.NEW) -> list[Stay]:
    return [Stay(source, phase, days, end)] * number


def geometric(risk: float, number: int, phase: Phase = Phase.NEW) -> list[Stay]:
    """Stays that end by moving on with the same risk every day."""
    days = np.random.default_rng(4).geometric(risk, size=number) - 1
    return [Stay("gp", phase, int(day), End.ADVANCED) for day in days]


def test_risk_is_found_again_from_many_stays():
    (path,) = learnt(geometric(0.1, 20_000))
    assert path.risks[Phase.NEW, 0, :15] == pytest.approx(0.1, rel=0.08)
    assert path.risks[Phase.NEW, 1].max() == 0.0, "nobody fell away"


def test_stays_that_are_not_over_count_as_time_and_not_as_ends():
    onwards = [
        stay for phase in (Phase.TALKING, Phase.READY) for stay in constant(0, End.ADVANCED, 300, phase=phase)
    ]
    (ended,) = learnt([*constant(10, End.ADVANCED, 100), *onwards])
    (mixed,) = learnt([*constant(10, End.ADVANCED, 100), *constant(9, End.OPEN, 300), *onwards])
    assert mixed.seated[Phase.NEW, 20] < ended.seated[Phase.NEW, 20]
    assert mixed.seated[Phase.NEW, 20] > 0


def test_those_who_fall_away_never_get_a_seat():
    stays = [
        *constant(3, End.ADVANCED, 60),
        *constant(3, End.DROPPED, 40),
        *constant(0, End.ADVANCED, 60, phase=Phase.TALKING),
        *constant(0, End.ADVANCED, 60, phase=Phase.READY),
    ]
    (path,) = learnt(stays)
    assert path.seated[Phase.NEW, -1] == pytest.approx(0.6, abs=0.03)


def test_chance_of_a_seat_grows_with_the_days_and_with_the_phase():
    stays = [
        stay
        for phase in Phase
        for stay in (*geometric(0.1, 200, phase), *constant(5, End.DROPPED, 50, phase=phase))
    ]
    (path,) = learnt(stays)
    assert (np.diff(path.seated, axis=1) >= 0).all()
    assert (path.seated[1:] >= path.seated[:-1]).all()
    assert (path.seated <= 1).all()


def test_time_already_waited_does_not_matter_where_the_risk_is_the_same_every_day():
    stays = [stay for phase in Phase for stay in geometric(0.1, 5_000, phase)]
    (path,) = learnt(stays)
    assert path.seated_from(Phase.NEW, 8)[:30] == pytest.approx(path.seated[Phase.NEW, :30], abs=0.05)


def test_whoever_has_waited_long_where_things_happen_at_once_is_likely_lost():
    stays = [
        *constant(1, End.ADVANCED, 300),
        *constant(40, End.DROPPED, 60),
        *constant(0, End.ADVANCED, 300, phase=Phase.TALKING),
        *constant(0, End.ADVANCED, 300, phase=Phase.READY),
    ]
    (path,) = learnt(stays)
    assert path.seated_from(Phase.NEW, 30)[10] < 0.3 < 0.7 < path.seated[Phase.NEW, 10]


def test_a_source_with_few_people_is_judged_mostly_by_all():
    much = constant(5, End.ADVANCED, 200, source="jobcentre") + constant(
        5, End.DROPPED, 200, source="jobcentre"
    )
    few = constant(5, End.ADVANCED, 3, source="union")
    others = [
        *constant(0, End.ADVANCED, 300, source="jobcentre", phase=Phase.TALKING),
        *constant(0, End.ADVANCED, 300, source="jobcentre", phase=Phase.READY),
    ]
    jobcentre, union = learnt([*much, *few, *others], ("jobcentre", "union"))
    assert jobcentre.seated[Phase.NEW, 60] == pytest.approx(0.5, abs=0.05)
    assert union.seated[Phase.NEW, 60] < 0.75, "three of three is no certainty"


def test_a_stay_past_the_horizon_is_one_that_is_still_open():
    stays = Stays([Stay("gp", Phase.NEW, HORIZON + 400, End.ADVANCED)], ("gp",))
    assert stays.end[0] == End.OPEN
    assert stays.exposure.sum() == HORIZON
