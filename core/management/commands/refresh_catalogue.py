"""`manage.py refresh_catalogue`: the English catalogue follows the public texts in the code."""

from typing import Any

from django.core.management.base import BaseCommand

from core.catalogue import FOLDER, faults, refresh


class Command(BaseCommand):
    help = "Bring locale/en up to date with the public texts, compile it, and list what lacks English."

    def handle(self, *args: Any, **options: Any) -> None:
        refresh()
        found = faults()
        for fault in found:
            self.stdout.write(fault)
        self.stdout.write(f"{FOLDER / 'django.po'}: {len(found)} to do. Run it again after translating.")
