"""Makes the demonstration programme and tells its story."""

import datetime as dt
import random

from django.apps import apps
from django.db import transaction
from django.utils.timezone import localdate
from django_scopes import scope

from accounts.enums import Role
from accounts.models import Membership, Programme, ProgrammeOwned, User
from accounts.programme_texts import starting_texts
from accounts.services import choose_digest, name_deputy, set_member
from core.models import LinkToken
from messaging.channels import Channel, open_channel
from messaging.enums import Channel as Way
from messaging.models import OutboundMessage
from messaging.services import deliver_message
from recruitment.demo.calendar import monday_of
from recruitment.demo.story import Story
from recruitment.services.programmes import set_up_programme
from referrals.enums import ReferralKind
from referrals.services import current_form, publish_form

SLUG = "solby"
PASSWORD = "demo"  # noqa: S105  the demonstration's own, printed by `make run`
ADMINISTRATOR = ("admin@demo.dk", "Ada Administrator")
# The manager comes last: where this sign-in exists, the story was told to its end.
STAFF = (
    ("koordinator@demo.dk", "Kirsten Koordinator", Role.COORDINATOR),
    ("kollega@demo.dk", "Bo Kollega", Role.COORDINATOR),
    ("leder@demo.dk", "Lars Leder", Role.MANAGER),
)
# How many cohorts are over, and how many people join each.
SIZES = {"small": (2, 12), "medium": (8, 12)}
SEED = 20260105


def demo_is_whole() -> bool:
    """Return whether the demonstration stands, told to its end."""
    return Membership.objects.filter(programme__slug=SLUG, user__email=STAFF[-1][0]).exists()


@transaction.atomic
def remove_demo() -> None:
    """Remove the demonstration programme and its sign-ins, whole or half told; nothing else."""
    programme = Programme.objects.select_for_update(no_key=True).filter(slug=SLUG, is_demo=True).first()
    if programme is not None:
        LinkToken.objects.filter(programme=programme).delete()
        # Foreign keys are checked at the end of the transaction, so the order does not matter.
        for model in apps.get_models():
            if issubclass(model, ProgrammeOwned):
                model._base_manager.filter(programme=programme)._raw_delete(using="default")
        programme.delete()
    User.objects.filter(email__in=[ADMINISTRATOR[0], *(email for email, _, _ in STAFF)]).delete()


def seed_demo(*, size: str, now: dt.datetime, channel: Channel) -> Programme:
    """Return the demonstration programme with its story told up to `now`, the same for the same day.

    Not one transaction, for messages are sent on the way; `demo_is_whole` says whether it was finished.
    """
    past_cohorts, per_cohort = SIZES[size]
    programme, coordinator = _set_up(now)
    with scope(programme=programme):
        story = Story(
            programme=programme,
            coordinator=coordinator,
            now=now,
            draw=random.Random(f"{SEED} {size}"),  # noqa: S311  a story, not a secret
            deliver=lambda at: _deliver(channel, at),
        )
        story.tell(past_cohorts=past_cohorts, per_cohort=per_cohort)
        story.at(now - dt.timedelta(weeks=8), lambda at: _shorten_the_form_of_doctors(programme, at))
        story.run()
    email, name, role = STAFF[-1]
    set_member(programme=programme, user=_sign_in(email, name), role=role, by=coordinator, now=now)
    return programme


@transaction.atomic
def _set_up(now: dt.datetime) -> tuple[Programme, User]:
    name, municipality = "Kultur på Recept Solby", "Solby Kommune"
    administrator = _sign_in(*ADMINISTRATOR)
    programme = set_up_programme(
        administrator=administrator,
        now=now,
        name=name,
        slug=SLUG,
        municipality=municipality,
        municipality_code="0999",
        contact_name="Kirsten Koordinator",
        contact_phone="+4576100010",
        contact_email="koordinator@demo.dk",
        phone_hours_da="mandag–torsdag kl. 9–12",
        phone_hours_en="Monday–Thursday 9 am–12 noon",
        sms_on=True,
        sms_sender="Solby",
        **starting_texts(name=name, municipality=municipality),
    )
    Programme.objects.filter(pk=programme.pk).update(is_demo=True)
    programme.is_demo = True
    members = []
    for email, staff_name, role in STAFF[:-1]:
        user = _sign_in(email, staff_name)
        members.append(set_member(programme=programme, user=user, role=role, by=administrator, now=now))
    _arrange_the_holiday(*members, now=now)
    return programme, members[0].user


def _arrange_the_holiday(coordinator: Membership, colleague: Membership, *, now: dt.datetime) -> None:
    """The colleague stands in the week after next; the coordinator has had the week's mail for long."""
    monday = monday_of(localdate(now)) + dt.timedelta(weeks=2)
    name_deputy(
        membership=coordinator,
        deputy=colleague.user,
        away_from=monday,
        away_until=monday + dt.timedelta(days=4),
        by=coordinator.user,
        now=now,
    )
    choose_digest(membership=coordinator, wanted=True, now=now - dt.timedelta(weeks=26))


def _shorten_the_form_of_doctors(programme: Programme, now: dt.datetime) -> None:
    publish_form(
        programme=programme,
        kind=ReferralKind.GP,
        is_open=True,
        own={"da": {"lead": "Tak, fordi du tænker på os. Det tager højst to minutter."}},
        left_out=["heard_about"],
        based_on=current_form(programme, ReferralKind.GP).number,
        by=User.objects.get(email=ADMINISTRATOR[0]),
        now=now,
    )


def _sign_in(email: str, name: str) -> User:
    return User.objects.create_user(email=email, password=PASSWORD, name=name)


def _deliver(mail: Channel, now: dt.datetime) -> None:
    """Send what is due at `now` in the story, text messages by their own way."""
    due = OutboundMessage.objects.due(now).order_by("send_after", "pk").values_list("pk", "channel")
    for message_id, way in list(due):
        if way == Way.EMAIL:
            deliver_message(message_id=message_id, channel=mail, now=now)
            continue
        with open_channel(way) as other:
            deliver_message(message_id=message_id, channel=other, now=now)
