"""R6: the mail server is down for two hours. Run `python -m bench.mail_down`.

Two towns stand side by side, on a clock that runs fast and with the app's own times for trying again. In one
the mail server refuses for an hour and is mute for another; in the other it works. All the while one visitor
goes to both, page by page in turn, so that whatever else the machine does slows both alike: the page about
the programme, the form, now and then a form that is sent, the overview, the list of messages. In each span
of the two hours the p95 of the town without mail is held against the other's; the median of these ratios is
promised to be 1.10 at most. Then the mail server is back, and every message must arrive once. While it is
away no address, phone number or personal link may stand readable in any file of the database, nor in Redis.
The control is a page that mails its receipt itself.
"""

import argparse
import base64
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from bench.stage import Stage, stage

SPEED = 40
HOURS = 2.0
SPANS = 8
PAGES_A_SPAN = 100  # at least, or a p95 is one page; a slow machine is without mail for longer
WITHIN = 1.10
WORKERS = 2
NUDGES = 120  # due when the mail server goes, and as many again when it falls mute
PAUSE = 0.1  # seconds between two visits: the workers want the machine too
SENDS_EACH = 3  # the visitor sends a form each third time
NAIVE_VISITS = 6
SECRETS = (b"@jobcenter.example", b"@borger.example", b"/min-side/", b"+452444")
PUBLIC = "Kultur på Recept".encode()  # shows that a search finds what is there


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


# --- One town, in a process of its own -------------------------------------------------------------


class Visitor:
    """Whoever reads the town's pages and sends its form; each page answers in the seconds it took."""

    def __init__(self, town: Stage) -> None:
        from django.test import Client  # noqa: PLC0415 - the settings must stand first

        from tests.factories import make_user  # noqa: PLC0415 - models load after set-up
        from tests.referrals.pages import as_read  # noqa: PLC0415

        slug = town.programme.slug
        self.number = itertools.count()
        self.citizen, self.coordinator = Client(), Client()
        backend = "allauth.account.auth_backends.AuthenticationBackend"
        self.coordinator.force_login(make_user(town.programme), backend=backend)
        self.form = f"/tilmeld/{slug}/"
        self.read = as_read(self.citizen, self.form)
        self.pages: dict[str, Callable[[], Any]] = {
            "about": lambda: self.citizen.get(f"/om/{slug}/"),
            "form": lambda: self.citizen.get(self.form),
            "overview": lambda: self.coordinator.get("/overblik/"),
            "messages": lambda: self.coordinator.get("/beskeder/"),
            "send": self.send,
        }

    def send(self) -> Any:
        number = next(self.number)
        typed = {
            "given_name": "Anna",
            "family_name": "Sørensen",
            "phone": f"2444{number:04d}",
            "email": f"p{number}@borger.example",
            "step": "send",
        }
        return self.citizen.post(
            self.form, self.read | typed, REMOTE_ADDR=f"10.2.{number // 250}.{number % 250}"
        )

    def time(self, page: str, *, then: Callable[[], None] = lambda: None) -> float:
        began = time.perf_counter()
        answer = self.pages[page]()
        then()
        taken = time.perf_counter() - began
        if answer.status_code != (302 if page == "send" else 200):
            raise RuntimeError(f"{page} answered {answer.status_code}.")
        return taken


class Mute:
    """What stands at the mail server's address while it is mute: one may connect, and hears nothing."""

    def __init__(self, port: int) -> None:
        self.listener = socket.create_server(("127.0.0.1", port), backlog=256)
        self.lines: list[socket.socket] = []
        self.thread = threading.Thread(target=self._take, daemon=True)
        self.thread.start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                self.lines.append(self.listener.accept()[0])

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for line in self.lines:
            line.close()
        self.thread.join()


class Town:
    """What a town does when it is told so; each answer can be written as JSON."""

    def __init__(self, town: Stage) -> None:
        self.town, self.visitor = town, Visitor(town)
        self.mute: Mute | None = None

    def visit(self, page: str) -> float:
        return self.visitor.time(page)

    def plan(self, number: int) -> None:
        self.town.plan(number)

    def mail(self, is_up: bool, is_mute: bool = False) -> None:
        """Have the mail server work, refuse each connection, or be mute."""
        if self.mute is not None:
            self.mute.close()
        self.mute = None
        if self.town.sink.is_alive():
            self.town.sink.kill()
            self.town.sink.join()
        if is_up:
            self.town.start_sink()
        elif is_mute:
            self.mute = Mute(int(os.environ["BENCH_SINK_PORT"]))

    def readable(self) -> dict[str, int]:
        """Return how many stored pieces hold a secret in clear text, and how many the programme's name."""
        from django.db import connection  # noqa: PLC0415 - the settings must stand first

        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")  # what memory alone holds is written
        pieces = [path.read_bytes() for path in (self.town.folder / "data").rglob("*") if path.is_file()]
        pieces += rung(os.environ["REDIS_URL"])
        secret = sum(any(word in piece for word in SECRETS) for piece in pieces)
        return {"secret": secret, "public": sum(PUBLIC in piece for piece in pieces)}

    def finish(self) -> dict[str, Any]:
        count = self.town.finish()
        sent = count.arrived == count.messages
        return {"text": str(count), "is_kept": count.is_kept and sent and not count.uncertain}

    def naive(self) -> list[float]:
        """Return the seconds of a page that mails the receipt itself while the mail server is mute."""
        from django.core.mail import send_mail  # noqa: PLC0415 - the settings must stand first

        def mail_it() -> None:
            with suppress(OSError):
                send_mail("Tak", "Vi ringer.", None, ["naiv@borger.example"])

        self.mail(is_up=False, is_mute=True)
        return [self.visitor.time("send", then=mail_it) for _ in range(NAIVE_VISITS)]


def rung(url: str) -> Iterator[bytes]:
    """Yield what Redis holds of tasks, each with its arguments in clear text."""
    from redis import Redis  # noqa: PLC0415

    redis = Redis.from_url(url)
    waiting = redis.lrange("celery", 0, -1)
    taken = [json.loads(item)[0] for item in redis.hvals("unacked")]
    for message in [json.loads(item) for item in waiting] + taken:
        yield json.dumps(message).encode() + base64.b64decode(message["body"])


def serve() -> int:
    """Be a town: read a line, do what it says, write what came of it."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what workers print is no answer
    with stage(speed=SPEED) as found:
        found.start_sink()
        found.start_workers(WORKERS)
        found.run(found.actors.beat)
        found.warm_up()
        town = Town(found)
        for line in itertools.chain(['["ready"]'], sys.stdin):
            name, *said = json.loads(line)
            answer = getattr(town, name)(*said) if name != "ready" else None
            print(json.dumps(answer), file=answers, flush=True)
    return 0


# --- Both of them ----------------------------------------------------------------------------------


class Remote:
    """A town seen from outside."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench.mail_down", "--town"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words: Any) -> Any:
        self.tell(*words)
        return self.hear()

    def tell(self, *words: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("A town has ended.")
        return json.loads(line)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def visit_both(down: Remote, up: Remote, number: int, seen: tuple[list[float], list[float]]) -> None:
    """Ask both for each page, in turn first the one and first the other."""
    pages = ["about", "form", "overview", "messages", *(["send"] if number % SENDS_EACH == 0 else [])]
    for place, page in enumerate(pages):
        both = [(down, seen[0]), (up, seen[1])]
        for town, seconds in both if (number + place) % 2 else reversed(both):
            seconds.append(town.ask("visit", page))
    time.sleep(PAUSE)


def outage(down: Remote, up: Remote, hours: float) -> list[tuple[list[float], list[float]]]:
    """Be without a mail server in the one town; return the pages' seconds in both, span by span."""
    number, spans = itertools.count(), []
    began, span = time.monotonic(), hours * 3600 / SPEED / SPANS
    for each in range(SPANS):
        if each in (0, SPANS // 2):
            down.ask("mail", False, each > 0)
            for town in (down, up):
                town.ask("plan", NUDGES)
        seen: tuple[list[float], list[float]] = ([], [])
        while time.monotonic() < began + (each + 1) * span or len(seen[0]) < PAGES_A_SPAN:
            visit_both(down, up, next(number), seen)
        spans.append(seen)
    return spans


def both_towns(hours: float) -> bool:
    down, up = Remote(), Remote()
    try:
        for town in (down, up):
            town.hear()
        for number in range(5):
            visit_both(down, up, number, ([], []))
        spans = outage(down, up, hours)
        readable = down.ask("readable")
        down.ask("mail", True)
        for town in (down, up):
            town.tell("finish")
        counts = [town.hear() for town in (down, up)]
        naive = down.ask("naive")
    finally:
        for town in (down, up):
            town.close()
    return verdict(spans, readable, counts, naive, hours)


def verdict(
    spans: list[tuple[list[float], list[float]]],
    readable: dict[str, int],
    counts: list[dict[str, Any]],
    naive: list[float],
    hours: float,
) -> bool:
    ratios = [p95(down) / p95(up) for down, up in spans]
    all_down, all_up = ([each for span in spans for each in span[side]] for side in (0, 1))
    ratio, control = statistics.median(ratios), statistics.median(naive) / p95(all_up)
    quick = ratio <= WITHIN
    sealed = not readable["secret"] and readable["public"] > 0
    for name, count in zip((f"{hours:g} hours without a mail server", "beside it"), counts, strict=True):
        print(f"{'kept  ' if count['is_kept'] else 'BROKEN'} {name}: {count['text']}")
    print(
        f"{'kept  ' if quick else 'BROKEN'} {len(all_down)} pages in each town: p95"
        f" {1000 * p95(all_down):.0f} ms without, {1000 * p95(all_up):.0f} ms with a mail server; ratio,"
        f" median of {len(spans)} spans, {ratio:.2f} (from {min(ratios):.2f} to {max(ratios):.2f})"
    )
    print(
        f"{'kept  ' if sealed else 'BROKEN'} in clear text: {readable['secret']} files or tasks with an"
        f" address, a number or a link ({readable['public']} with the programme's name)"
    )
    print(f"control, mailed within the request: ratio {control:.0f}, and none of {len(naive)} arrived")
    return quick and sealed and all(count["is_kept"] for count in counts) and control > WITHIN


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.mail_down", description=__doc__)
    parser.add_argument("--hours", type=float, default=HOURS)
    parser.add_argument("--town", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.town:
        return serve()
    return 0 if both_towns(options.hours) else 1


if __name__ == "__main__":
    sys.exit(main())
