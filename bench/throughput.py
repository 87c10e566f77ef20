"""V7: how fast nudges leave. Run `python -m bench.throughput`.

Ten thousand nudges to a mail server that costs next to nothing, in rounds: a worker of the app sends a
portion (claim, rendering, the text kept encrypted, the mark; everything, on a database that waits for the
disk), then a bare loop of Python's own smtplib and email writes and hands over as many mails of the same
words on one connection. Printed is the median of the rounds' ratios, promised to be 0.25 or more; beside it
what the loop does with mails that lie ready as bytes, to show that it is not the mail server that is timed.
A round is planned first and rung afterwards, so planning is not in it. The control is a task for each
message, with a connection each.
"""

import argparse
import os
import smtplib
import statistics
import sys
import time
from email.message import EmailMessage
from typing import Any

from bench.stage import Stage, report, stage

AT_LEAST = 0.25
SECONDS_A_MAIL = 5.0  # slower is stuck, however busy the machine
SAMPLES = 40
CONTROL_ROUNDS = 3
BARE = "bare@jobcenter.example"


def app_round(town: Stage, number: int, *, ids_a_ring: int | None = None) -> float:
    """Return the seconds until a worker of the app has sent, and marked, `number` nudges planned before."""
    from bench.people import unsettled  # noqa: PLC0415 - models load after set-up

    held = town.plan_silently(number)
    began = time.perf_counter()
    town.ring(held, ids_a_ring=ids_a_ring)
    while left := unsettled():
        time.sleep(0.05)
        if time.perf_counter() > began + number * SECONDS_A_MAIL:
            raise RuntimeError(f"{left} nudges were not sent.")
    return time.perf_counter() - began


def bare_round(number: int, envelopes: list[Any], *, is_ready: bool = False) -> float:
    """Return the seconds in which a loop wrote and handed over `number` mails, or handed over ready ones."""
    ready = [bytes(mail_of(envelope)) for envelope in envelopes]
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", int(os.environ["BENCH_SINK_PORT"])) as line:
        for each in range(number):
            place = each % len(envelopes)
            if is_ready:
                line.sendmail("kultur@test.example", BARE, ready[place])
            else:
                line.send_message(mail_of(envelopes[place]))
    return time.perf_counter() - began


def mail_of(envelope: Any) -> EmailMessage:
    """Return a mail of the same words and headers, as the documentation of Python's email writes one."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = envelope.sender, BARE, envelope.subject
    mail["Reply-To"], mail["Message-ID"] = envelope.reply_to, envelope.message_id
    mail["Auto-Submitted"], mail["List-Unsubscribe"] = "auto-generated", f"<{envelope.unsubscribe_url}>"
    mail.set_content(envelope.text)
    mail.add_alternative(envelope.html, subtype="html")
    return mail


def some_of(town: Stage) -> list[Any]:
    """Return some of the nudges that were sent, as the app hands them to its channel."""
    from django_scopes import scope  # noqa: PLC0415 - the settings must stand first

    from messaging.models import OutboundMessage  # noqa: PLC0415

    with scope(programme=town.programme):
        sent = OutboundMessage.objects.select_related("programme", "referrer").order_by("-pk")[:SAMPLES]
        return [town.actors.envelope_of(message) for message in sent]


def size_of(envelopes: list[Any]) -> tuple[float, float]:
    """Return the mean bytes of a mail of the app's, and of the bare loop's."""
    from messaging.channels.base import as_email  # noqa: PLC0415 - the settings must stand first

    ours = statistics.mean(len(as_email(each).message().as_bytes()) for each in envelopes)
    return ours, statistics.mean(len(bytes(mail_of(each))) for each in envelopes)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.throughput", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    number, began = options.messages // options.rounds, time.monotonic()
    ours, bare, ready, naive = [], [], [], []
    with stage(speed=1, durable=True) as town:
        town.start_sink(quick=True)
        town.start_workers(1)
        town.run(town.actors.beat)  # a ring that was lost, or a portion too long for one task
        app_round(town, SAMPLES)  # the worker starts meanwhile
        envelopes = some_of(town)
        for each in range(options.rounds):
            ours.append(number / app_round(town, number))
            bare.append(number / bare_round(number, envelopes))
            ready.append(number / bare_round(number, envelopes, is_ready=True))
            if each < CONTROL_ROUNDS:
                few = max(1, number // 10)
                naive.append(few / app_round(town, few, ids_a_ring=1) / bare[-1])
        town.forget_mail_to(BARE)
        kept = report("all of them", town.finish(), seconds=time.monotonic() - began)
        sizes = size_of(envelopes)
    ratios = [app / loop for app, loop in zip(ours, bare, strict=True)]
    ratio, control = statistics.median(ratios), statistics.median(naive)
    print(
        f"{'kept  ' if ratio >= AT_LEAST else 'BROKEN'} {options.rounds} rounds of {number} nudges of"
        f" {sizes[0]:.0f} bytes: the app {statistics.median(ours):.0f} a second, a bare loop (of"
        f" {sizes[1]:.0f} bytes) {statistics.median(bare):.0f}: ratio {ratio:.2f} (from {min(ratios):.2f} to"
        f" {max(ratios):.2f}); of ready bytes the mail server takes {statistics.median(ready):.0f}"
    )
    print(f"control, a task and a connection for each: ratio {control:.2f}")
    return 0 if ratio >= AT_LEAST and kept and control < AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
