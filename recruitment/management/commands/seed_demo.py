"""`manage.py seed_demo`: a programme with invented people, for demonstration only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from messaging.channels import open_channel
from recruitment.demo.seed import SIZES, demo_is_whole, remove_demo, seed_demo


class Command(BaseCommand):
    help = "Make the demonstration programme, its invented people and its sign-ins; refuses in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="small")
        parser.add_argument("--fresh", action="store_true", help="remove the demonstration first")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("seed_demo makes invented people with known passwords: not in production.")
        if demo_is_whole() and not options["fresh"]:
            self.stdout.write("The demonstration is there already; --fresh makes it anew.")
            return
        remove_demo()  # asked for, or left half told by an earlier run
        with open_channel("email") as channel:
            programme = seed_demo(size=options["size"], now=timezone.now(), channel=channel)
        self.stdout.write(f"{programme.name}: invented people only.")
