"""Write the table of agreements and messages from the code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from recruitment.message_table import PAGE, page


class Command(BaseCommand):
    """Write docs/agreements-and-messages.md."""

    help = "Write docs/agreements-and-messages.md from the rules that each kind of message declares."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / PAGE).write_text(page(), encoding="utf-8")
        self.stdout.write(f"Wrote {PAGE}.")
