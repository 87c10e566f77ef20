"""How often the effect of a nudge is told rightly, on invented programmes whose true effect is known.

Run `python -m bench.nudge_effect` (`--runs 2000`): each programme has referrers of its own, who refer more
or less often and come due in a round each sixth week for four years. The app's own draw puts them in halves
and the app's own arithmetic tells the effect, once where those nudged refer four percentage points more
often and once where nothing happens. Printed: how often the 95 % interval covers the truth, how often
anything is claimed at any time of the four years, and how often the true effect is found, beside two
controls: believing the first interval that lies clear of zero on any day, and comparing the three weeks
after a nudge with the three before, where all were nudged because they were silent.
"""

import argparse
import sys
from dataclasses import dataclass

import numpy as np

from core.shares import share_of
from referrals.effect import LOOKS, Finding, Half, Observed, effect_of, halves, interval_of_difference

TRUE_EFFECT = 0.04
ROUNDS = 35  # one each sixth week for four years
REFERRERS = (60, 160)
REFERS_BETWEEN = (0.03, 0.15)  # share of an average three weeks with a referral; each referrer has their own
COVERED = (0.93, 0.97)
MOST_FALSE_CLAIMS = 0.06
PEEK_EACH = 20  # people; the impatient control looks as often as this
CLAIMS = (Finding.MORE, Finding.FEWER)


@dataclass
class Run:
    """What one invented programme gave."""

    covered: bool
    finding: Finding
    impatient: bool
    nudged_who_referred: float


def simulate(draw: np.random.Generator, effect: float) -> Run:
    """Return what is told of one programme in which a nudge adds `effect` to each one's share."""
    referrers = int(draw.integers(*REFERRERS))
    mean = draw.uniform(*REFERS_BETWEEN)
    usual = draw.beta(2.0, 2.0 / mean - 2.0, referrers)
    observed: list[Observed] = []
    for _ in range(ROUNDS):
        due = np.flatnonzero(draw.random(referrers) < 1 - usual)  # only who has been silent comes due
        half_of = halves(int(draw.integers(2**62)), due.tolist())
        for one in draw.permutation(due).tolist():
            gain = effect if half_of[one] == Half.NOW else 0.0
            observed.append(Observed(half_of[one], bool(draw.random() < usual[one] + gain)))
    told = effect_of(observed)
    if told.low is None or told.high is None or told.now.share is None:
        raise ValueError("A programme of four years in which nobody comes due")
    return Run(
        covered=told.low <= effect <= told.high,
        finding=told.finding,
        impatient=_found_by_peeking(observed),
        nudged_who_referred=told.now.share,
    )


def _found_by_peeking(observed: list[Observed]) -> bool:
    """Return whether somebody who looks often sees a 95 % interval clear of zero at some time."""
    referred, due = dict.fromkeys(Half, 0), dict.fromkeys(Half, 0)
    for place, one in enumerate(observed, start=1):
        due[one.half] += 1
        referred[one.half] += one.referred
        if place % PEEK_EACH == 0 and place >= 2 * LOOKS[0]:
            low, high = interval_of_difference(
                share_of(referred[Half.NOW], due[Half.NOW]), share_of(referred[Half.LATER], due[Half.LATER])
            )
            if low is not None and high is not None and (low > 0 or high < 0):
                return True
    return False


def _share(values: list[bool]) -> float:
    return float(np.mean(values))


def main() -> int:
    """Print the figures; 1 when the intervals cover too seldom or often, or too much is claimed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = np.random.default_rng(options.seed)
    real = [simulate(draw, TRUE_EFFECT) for _ in range(options.runs)]
    none = [simulate(draw, 0.0) for _ in range(options.runs)]
    covered = [_share([run.covered for run in runs]) for runs in (real, none)]
    false_claims = _share([run.finding in CLAIMS for run in none])
    gain = 100 * float(np.mean([run.nudged_who_referred for run in none]))
    wanted = f"wanted {COVERED[0]}–{COVERED[1]}"
    points = f"+{100 * TRUE_EFFECT:.0f} points"
    rows = [
        (f"95 % interval covers {points}", covered[0], wanted),
        ("95 % interval covers 0", covered[1], wanted),
        ("an effect of 0 is claimed to be one", false_claims, f"at most {MOST_FALSE_CLAIMS}"),
        ("  by the first clear interval", _share([run.impatient for run in none]), "control"),
        (f"{points} are found", _share([run.finding == Finding.MORE for run in real]), ""),
        (f"{points} are claimed as fewer", _share([run.finding == Finding.FEWER for run in real]), ""),
    ]
    print(f"programmes: 2 × {options.runs}, {ROUNDS} rounds each")
    for what, share, remark in rows:
        print(f"{what:<40}{share:8.4f}   {remark}")
    print(
        f"{'after less before, at an effect of 0':<40}{gain:+8.1f}   points: control, all were silent before"
    )
    low, high = COVERED
    return int(not all(low <= share <= high for share in covered) or false_claims > MOST_FALSE_CLAIMS)


if __name__ == "__main__":
    sys.exit(main())
