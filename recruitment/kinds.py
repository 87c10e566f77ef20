"""The messages of the desk: the week's overview to those who do the work. No name stands in it."""

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import Membership, User
from courses.queries import day_starts_at
from messaging.kinds import Kind, Rendered, Rule, render_message
from messaging.models import OutboundMessage
from recruitment.queries.digest import week_digest

WEEK_DIGEST = "week_digest"


def reader_of(message: OutboundMessage) -> User:
    """Return the colleague the message goes to.

    :raises TypeError: when it goes to somebody outside the house.
    """
    if message.user is None:
        raise TypeError("A message of this kind goes to a colleague.")
    return message.user


def _own() -> Q:
    return Q(user=OuterRef("user"), programme=OuterRef("programme"))


def _works_here(now: dt.datetime) -> Q:
    return Q(Exists(Membership.objects.at_work().filter(_own())))


def _is_reader(now: dt.datetime) -> Q:
    """Match messages to those who want the mail and are here, and to those who stand in for one of them."""
    today = localdate(now)
    wanted = Membership.objects.at_work().filter(digest_since__isnull=False)
    away = Membership.objects.stood_in_for(today)
    here = wanted.filter(_own()).exclude(pk__in=away.values("pk"))
    stands_in = wanted.filter(
        pk__in=away.values("pk"), deputy=OuterRef("user"), programme=OuterRef("programme")
    )
    return Q(Exists(here)) | Q(Exists(stands_in))


def _is_this_week(now: dt.datetime) -> Q:
    today = localdate(now)
    return Q(planned_at__gte=day_starts_at(today - dt.timedelta(days=today.weekday())))


def render_week_digest(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the mail: how much waits this week, of which kinds, and links; no name but the reader's."""
    reader, programme = reader_of(message), message.programme
    stop_url = f"{settings.SITE_URL}{reverse('recruitment:absence')}"
    context = {
        "reader": reader,
        "programme": programme,
        "digest": week_digest(programme, reader, now),
        "week_url": f"{settings.SITE_URL}{reverse('recruitment:week_plan')}",
        "desk_url": f"{settings.SITE_URL}{reverse('recruitment:dashboard')}",
        "stop_url": stop_url,
    }
    return render_message(
        "recruitment/messages/week_digest",
        context,
        address=reader.email,
        reply_to=programme.contact_email,
        unsubscribe_url=stop_url,
    )


KINDS = (
    Kind.by_rules(
        Rule("colleague_here", _works_here, "Kollegaen er ikke længere koordinator i programmet."),
        Rule(
            "digest_wanted",
            _is_reader,
            "Kollegaen har slået ugens overblik fra, eller en vikar får det.",
        ),
        Rule("same_week", _is_this_week, "Ugen er gået."),
        name=WEEK_DIGEST,
        label="Ugens overblik",
        render=render_week_digest,
        respects_sending_hours=True,
        keeps_quiet_periods=False,  # the tasks are there in July too
    ),
)
