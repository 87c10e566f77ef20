"""`manage.py create_programme`: a real programme and its first administrator."""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.programme_texts import starting_texts
from accounts.services import create_programme, create_user

TAKEN_AS_GIVEN = (
    "name",
    "municipality",
    "municipality_code",
    "contact_name",
    "contact_phone",
    "contact_email",
)


class Command(BaseCommand):
    help = "Make a programme with starting texts, and its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="for example 'Kultur på Recept Esbjerg'")
        parser.add_argument("--slug", help="the programme's part of every address; made from the name")
        parser.add_argument("--municipality", required=True, help="for example 'Esbjerg Kommune'")
        parser.add_argument("--municipality-code", required=True, help="four digits, for example 0561")
        parser.add_argument("--contact-name", required=True)
        parser.add_argument("--contact-phone", required=True)
        parser.add_argument("--contact-email", required=True)
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-name", required=True)
        parser.add_argument("--password-stdin", action="store_true", help="read the password from stdin")

    def handle(self, *args: Any, **options: Any) -> None:
        password = self._password(from_stdin=options["password_stdin"])
        now = timezone.now()
        slug = options["slug"] or slugify(
            options["name"].lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
        )
        try:
            with transaction.atomic():
                administrator = create_user(
                    email=options["admin_email"], name=options["admin_name"], password=password, now=now
                )
                programme = create_programme(
                    administrator=administrator,
                    now=now,
                    slug=slug,
                    **{key: options[key] for key in TAKEN_AS_GIVEN},
                    **starting_texts(name=options["name"], municipality=options["municipality"]),
                )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{programme.name}: /om/{programme.slug}/, administrator {administrator.email}.")

    def _password(self, *, from_stdin: bool) -> str:
        password = input() if from_stdin else getpass.getpass("Password for the administrator: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password
