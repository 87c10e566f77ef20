"""What asks a person to fill in a questionnaire, by mail or SMS: a neutral sentence and a link."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from core.phones import format_phone
from evaluation.models import Invitation
from evaluation.services.invitations import LINK_DAYS, MESSAGE_KIND, renew_invitation_link
from messaging.kinds import Kind, Rendered, Rule, render_message, sms_message
from messaging.models import OutboundMessage
from participants.rules import WANTS_MESSAGES


def unanswered(now: dt.datetime) -> Q:
    """Match messages whose invitation is unanswered, and is the person's only one after a merge."""
    invitation_of_message = Cast(OuterRef("subject_ids__invitation"), BigIntegerField())
    unanswered = Invitation.objects.filter(answered_at=None, participant__merged_into=None)
    return Q(Exists(unanswered.filter(pk=invitation_of_message)))


def render_invitation(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the mail with a new link; neither programme, illness nor any third person is named."""
    invitation = _invitation_of(message)
    return render_message(
        "evaluation/messages/measure_invitation",
        _context(invitation, now),
        address=invitation.participant.email,
        reply_to=invitation.programme.contact_email,
        language=invitation.participant.language,
    )


def render_invitation_sms(message: OutboundMessage, now: dt.datetime) -> Rendered:
    """Return the text message with a new link: municipality, last day and link, and nothing else."""
    invitation = _invitation_of(message)
    return sms_message(
        "evaluation/messages/measure_invitation/sms.txt",
        _context(invitation, now),
        phone=invitation.participant.phone,
        language=invitation.participant.language,
    )


def _invitation_of(message: OutboundMessage) -> Invitation:
    invitation: Invitation = Invitation.objects.select_related("participant", "programme").get(
        pk=message.subject_ids["invitation"]
    )
    return invitation


def _context(invitation: Invitation, now: dt.datetime) -> dict[str, Any]:
    raw = renew_invitation_link(invitation=invitation, now=now)
    programme = invitation.programme
    return {
        "municipality": programme.municipality,
        "contact_name": programme.contact_name,
        "phone": format_phone(programme.contact_phone),
        "programme": programme,  # its hours, in the language of the message
        "url": settings.SITE_URL.rstrip("/") + reverse("evaluation:questionnaire", args=[raw]),
        "last_day": localdate(now + dt.timedelta(days=LINK_DAYS)),
    }


MEASURE_INVITATION = Kind.by_rules(
    WANTS_MESSAGES,
    Rule("unanswered", unanswered, "Skemaet er allerede besvaret."),
    name=MESSAGE_KIND,
    label=_("Invitation til skema"),
    render=render_invitation,
    respects_sending_hours=False,  # the coordinator pressed the button just now
    render_sms=render_invitation_sms,
)
