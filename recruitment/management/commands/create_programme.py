"""`manage.py create_programme`: a real programme, its first administrator and the ways out it starts with."""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Programme
from accounts.programme_texts import starting_texts
from accounts.services import create_user
from recruitment.services.programmes import set_up_programme

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
        slug = options["slug"] or _slug_of(options["name"])
        try:
            with transaction.atomic():
                administrator = create_user(
                    email=options["admin_email"], name=options["admin_name"], password=password, now=now
                )
                programme = set_up_programme(
                    administrator=administrator,
                    now=now,
                    slug=slug,
                    **{key: options[key] for key in TAKEN_AS_GIVEN},
                    **starting_texts(name=options["name"], municipality=options["municipality"]),
                )
        except ValidationError as error:
            raise CommandError(_told(error)) from error
        self.stdout.write(f"{programme.name}: /om/{programme.slug}/, administrator {administrator.email}.")

    def _password(self, *, from_stdin: bool) -> str:
        password = input() if from_stdin else getpass.getpass("Password for the administrator: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password


def _slug_of(name: str) -> str:
    """Return the name as it stands in addresses: Danish letters spelled out, whole words where they fit."""
    slug = slugify(name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa"))
    longest = Programme._meta.get_field("slug").max_length or 0
    if len(slug) > longest:
        slug = slug[: longest + 1].rpartition("-")[0] or slug[:longest]
    return slug


def _told(error: ValidationError) -> str:
    """Return each fault with the argument it concerns."""
    if not hasattr(error, "error_dict"):
        return "; ".join(error.messages)
    return "; ".join(
        f"--{field.replace('_', '-')}: {text}"
        for field, texts in error.message_dict.items()
        for text in texts
    )
