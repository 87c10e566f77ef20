"""How long a poster takes and how large its file is: `python -m bench.posters`.

Each drawing is of other words, as when somebody writes, so nothing comes from what was drawn before.
"""

import os
import statistics
import time
from dataclasses import replace

import django

ROUNDS = 20
LARGEST = 500_000  # bytes: what goes through any mailbox


def main() -> None:
    """Print for each paper and kind of file the median and slowest in ms of the processor, and its size."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.check")
    django.setup()
    from outreach.posters import Size, Words, draw_pdf, draw_png  # noqa: PLC0415  settings first
    from tests.outreach.test_posters import CONTENT, LONG  # noqa: PLC0415

    for size in Size:
        for name, content in (("short", CONTENT), ("long", LONG)):
            for kind, draw in (("pdf", draw_pdf), ("png", draw_png)):
                took, largest = [], 0
                for number in range(ROUNDS):
                    words = Words(content.words.headline, (*content.words.lines[:2], f"Nr. {number}"))
                    start = time.process_time()
                    drawn = draw(replace(content, words=words), size)
                    took.append((time.process_time() - start) * 1000)
                    largest = max(largest, len(drawn))
                print(
                    f"{size.value} {name:5} {kind}: median {statistics.median(took):4.0f} ms,"
                    f" slowest {max(took):4.0f} ms, {largest / 1000:.0f} kB"
                )
                if largest > LARGEST:
                    raise SystemExit("Too large.")


if __name__ == "__main__":
    main()
