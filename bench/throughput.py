"""V7: how fast nudges leave. Run `python -m bench.throughput`.

Ten thousand nudges to a mail server that costs next to nothing, in rounds: a worker of the app sends a
portion (claim, rendering, the text kept encrypted, the mark; everything, on a database that waits for the
disk), then a bare smtplib loop writes and hands over as many of the same mails on one connection. Printed is
the median of the rounds' ratios, promised to be 0.25 or more; beside it what the loop does with mails that
lie ready as bytes, which is all that the mail server can take. The worker stands still while a round is
planned, so what is timed is sending alone. The control is a task for each message with a connection each.
"""

import argparse
import os
import smtplib
import statistics
import sys
import time
from typing import Any

from bench.stage import Stage, report, stage

AT_LEAST = 0.25
SECONDS_A_MAIL = 5.0  # slower is stuck, however busy the machine
SAMPLES = 40
CONTROL_ROUNDS = 3
FROM = "kultur@test.example"


def app_round(town: Stage, number: int, *, ids_a_ring: int | None = None) -> float:
    """Return the seconds until a worker of the app has sent, and marked, `number` nudges planned before."""
    from bench.people import unsettled  # noqa: PLC0415 - models load after set-up

    held = town.plan_silently(number)
    began = time.perf_counter()
    town.ring(held, ids_a_ring=ids_a_ring)
    while left := unsettled():
        time.sleep(0.02)
        if time.perf_counter() > began + number * SECONDS_A_MAIL:
            raise RuntimeError(f"{left} nudges were not sent.")
    return time.perf_counter() - began


def bare_round(number: int, mails: list[Any], *, is_ready: bool) -> float:
    """Return the seconds in which a loop handed over `number` of the mails, written before or now."""
    ready = [mail.message().as_bytes() for mail in mails]
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", int(os.environ["BENCH_SINK_PORT"])) as line:
        for each in range(number):
            place = each % len(mails)
            mail = ready[place] if is_ready else mails[place].message().as_bytes()
            line.sendmail(FROM, f"bare{each}@jobcenter.example", mail)
    return time.perf_counter() - began


def mails_of(town: Stage) -> list[Any]:
    """Return some of the nudges that were sent, as the app hands them to the mail server."""
    from django_scopes import scope  # noqa: PLC0415 - the settings must stand first

    from messaging.channels.base import as_email  # noqa: PLC0415
    from messaging.models import OutboundMessage  # noqa: PLC0415

    with scope(programme=town.programme):
        sent = OutboundMessage.objects.select_related("programme", "referrer").order_by("-pk")[:SAMPLES]
        return [as_email(town.actors.envelope_of(message)) for message in sent]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.throughput", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    number, began = options.messages // options.rounds, time.monotonic()
    ours, written, ready, naive = [], [], [], []
    with stage(speed=1, durable=True) as town:
        town.start_sink(quick=True)
        town.start_workers(1)
        town.run(town.actors.beat)  # a ring that was lost, or a portion too long for one task
        app_round(town, SAMPLES)  # the worker starts meanwhile
        mails = mails_of(town)
        for each in range(options.rounds):
            ours.append(number / app_round(town, number))
            written.append(number / bare_round(number, mails, is_ready=False))
            ready.append(number / bare_round(number, mails, is_ready=True))
            if each < CONTROL_ROUNDS:
                few = max(1, number // 4)
                naive.append(few / app_round(town, few, ids_a_ring=1) / written[-1])
        town.forget_mail_to("bare")
        kept = report("all of them", town.finish(), seconds=time.monotonic() - began)
    ratios = [app / bare for app, bare in zip(ours, written, strict=True)]
    ratio, control = statistics.median(ratios), statistics.median(naive)
    size = statistics.mean(len(mail.message().as_bytes()) for mail in mails)
    print(
        f"{'kept  ' if ratio >= AT_LEAST else 'BROKEN'} {options.rounds} rounds of {number} nudges of"
        f" {size:.0f} bytes: the app {statistics.median(ours):.0f} a second, a bare loop"
        f" {statistics.median(written):.0f}: ratio {ratio:.2f} (from {min(ratios):.2f} to {max(ratios):.2f})"
        f"; of ready bytes the mail server takes {statistics.median(ready):.0f}"
    )
    print(f"control, a task and a connection for each: ratio {control:.2f}")
    return 0 if ratio >= AT_LEAST and kept and control < AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
