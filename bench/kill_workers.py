"""R1: nudges survive killed workers. Run `python -m bench.kill_workers`.

Nudges come due while four workers of the app send them and one of the four is killed by force at a random
moment, fifty times. Counted are mails that came twice, and messages marked as sent that never came. Over
SMTP nobody can say whether a killed worker's mail left: those become uncertain, and tasks. With `--look-up`
the mail server can be asked. `--redis 2` restarts Redis as often, `--refuse 0.05` has the mail server
refuse one in twenty for the time being. The control is check-then-send.
"""

import argparse
import random
import sys
import time

from bench.stage import Stage, report, run_parts, stage

WORKERS = 4
SPEED = 10  # a quarter of an hour is a minute and a half, in which a busy machine's seconds weigh little


def run(town: Stage, options: argparse.Namespace, *, messages: int, kills: int) -> None:
    """Plan in portions, and kill once in each while it is being sent."""
    redis_at = {round((each + 1) * kills / (options.redis + 1)) for each in range(options.redis)}
    for each in range(kills):
        portion = messages * (each + 1) // kills - messages * each // kills
        town.plan(portion, ids_a_ring=max(1, portion // WORKERS))  # all of them have some to send
        if each in redis_at:
            town.doorbell.kill_and_restart()
        town.wait_for_mail(more=random.randrange(1, max(2, portion // 2)))
        time.sleep(random.random() * 0.1)
        town.kill_a_worker()


def attempt(name: str, options: argparse.Namespace, *, look_up: bool) -> bool:
    began = time.monotonic()
    with stage(look_up=look_up, speed=SPEED) as town:
        town.start_sink(refused=options.refuse)
        town.start_workers(WORKERS)
        town.run(town.actors.beat)
        town.warm_up()
        run(town, options, messages=options.messages, kills=options.kills)
        return report(name, town.finish(), seconds=time.monotonic() - began)


def control(options: argparse.Namespace) -> bool:
    began = time.monotonic()
    messages, kills = min(options.messages, 500), min(options.kills, 25)
    with stage(speed=SPEED) as town:
        town.start_sink()
        town.start_workers(WORKERS, town.actors.naive_worker)
        town.warm_up()
        run(town, options, messages=messages, kills=kills)
        count = town.finish()
        shows = count.twice > 0
        print(f"control, check-then-send, {kills} kills: {count} ({time.monotonic() - began:.0f} s)")
        return shows


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.kill_workers", description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--redis", type=int, default=0, help="restarts of Redis, empty")
    parser.add_argument("--refuse", type=float, default=0.0, help="share refused for the time being")
    parser.add_argument("--part", choices=["smtp", "look-up", "control"], help="one part alone")
    options = parser.parse_args()
    parts = {
        "smtp": lambda: attempt(f"{options.kills} kills, SMTP", options, look_up=False),
        "look-up": lambda: attempt(f"{options.kills} kills, with look-up", options, look_up=True),
        "control": lambda: control(options),
    }
    return run_parts("bench.kill_workers", parts, options.part)


if __name__ == "__main__":
    sys.exit(main())
