"""How each page for everybody is opened, for tests that hold all of them to a rule.

A new public view fails `test_every_public_view_is_listed` until it stands in `PAGES` or, with its reason,
in `NO_PAGES`.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone
from django_scopes import scope

from accounts.models import Programme
from core.tokens import issue_token
from courses.models import Cohort
from evaluation.enums import Occasion
from evaluation.services import invite_to_measure
from participants.enums import AgreementKind, AgreementMethod, Stage
from participants.models import Participant
from participants.services import give_agreement, renew_participant_page_link
from referrals.enums import ReferralKind
from referrals.forms.kinds import PROFESSIONAL_KINDS
from referrals.services import current_form, publish_form
from referrals.services.interest import stop_url
from referrals.services.links import REFERRER_PAGE
from referrals.views.public import _receipt_url
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_interested,
    make_participant,
    make_referral,
    make_referrer,
    make_session,
    make_user,
    make_venue,
)
from tests.referrals.answers import TYPED_BY_CITIZEN

# Typed fields of a form whose names are not asked for are left out by whoever types them.
TYPED_WRONG = {**TYPED_BY_CITIZEN, "given_name": "", "phone": "12345678", "postcode": "67"}


@dataclass
class Scenery:
    """A programme with something on every page: a cohort to come, a venue, somebody on the way."""

    programme: Programme
    cohort: Cohort
    participant: Participant
    links: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PublicPage:
    """One page: its view's name, what is special about it, its address, and what is sent from it.

    `button` is the value of the button `step` (or "" for the form's only one) that is pressed when `typed`
    has been filled in; the page that answers is the one that is looked at, and its status is `status`.
    `before` happens first. A page that `gives_back` what was typed offers no other language, for it would
    be lost.
    """

    view: str
    address: Callable[[Scenery], str]
    what: str = ""
    typed: dict[str, str] | None = None
    button: str = ""
    status: int = 200
    before: Callable[[Scenery], object] | None = None
    gives_back: bool = False

    def __str__(self) -> str:
        return f"{self.view} {self.what}".strip()


def set_scenery(programme: Programme) -> Scenery:
    """Return a programme with its people, and a link for each page that wants one."""
    now = timezone.now()
    starts_at = now + dt.timedelta(days=6)
    venue = make_venue(programme, name="Kunstmuseet", address="Havnegade 20", directions="Ind ad porten.")
    cohort = make_cohort(programme, starts_on=timezone.localdate(starts_at))
    for week in range(3):
        make_session(cohort, starts_at=starts_at + dt.timedelta(weeks=week), venue=venue)
    participant = make_participant(programme, stage=Stage.PLACED, given_name="Anna")
    make_enrolment(cohort, participant)
    referrer = make_referrer(programme, name="Henrik Holm")
    make_referral(programme, participant=participant, referrer=referrer, feedback_allowed=True)
    make_referral(programme, referrer=referrer)
    with scope(programme=programme):
        for kind in (AgreementKind.REFERRED, AgreementKind.FEEDBACK):
            give_agreement(
                participant=participant,
                kind=kind,
                method=AgreementMethod.REFERRER,
                text_version="1",
                by=None,
                now=now,
            )
        _, questionnaire = invite_to_measure(
            participant=participant, occasion=Occasion.BEFORE, by=None, now=now
        )
        own_page = renew_participant_page_link(participant=participant, now=now)
        referrers_page = issue_token(
            purpose=REFERRER_PAGE,
            programme_id=programme.pk,
            subject_id=referrer.pk,
            expires_at=now + dt.timedelta(days=30),
            now=now,
            single_use=False,
        )
        no_more = stop_url(person=make_interested(programme), now=now).rstrip("/").rpartition("/")[2]
    links = {
        "questionnaire": f"/skema/{questionnaire}/",
        "participant": f"/mit-forloeb/{own_page}/",
        "referrer": f"/min-side/{referrers_page}/",
        "elsewhere": f"/min-side/ikke-relevant/{referrers_page}/",
        "interested": f"/nej-tak/{no_more}/",
    }
    return Scenery(programme, cohort, participant, links)


def _at(path: str) -> Callable[[Scenery], str]:
    return lambda stage: path.format(slug=stage.programme.slug)


def _link(name: str) -> Callable[[Scenery], str]:
    return lambda stage: stage.links[name]


def _receipt(kind: ReferralKind) -> Callable[[Scenery], str]:
    return lambda stage: _receipt_url(stage.programme, kind, "K7MF-3PQ")


def _close_a_form(stage: Scenery) -> None:
    """Close the form for unions, as the administrator does; once is enough."""
    with scope(programme=stage.programme):
        open_now = current_form(stage.programme, ReferralKind.UNION)
        publish_form(
            programme=stage.programme,
            kind=ReferralKind.UNION,
            is_open=False,
            own={},
            left_out=(),
            based_on=open_now.number,
            by=make_user(stage.programme),
            now=timezone.now(),
        )


SIGN_UP = _at("/tilmeld/{slug}/")
# These pages stand in tests/fault_urls.py.
CLOSED_FORM = _at("/henvis/{slug}/fagforening/")
SENT_TO_CLOSED = _at("/fejl/sendt/{slug}/fagforening/")
TYPED = {"reason": "Mangler et sted at komme, og vil gerne tale med andre."}
CHECKED = {name: str(value) for name, value in TYPED_BY_CITIZEN.items()}
PAGES: tuple[PublicPage, ...] = (
    PublicPage("core:accessibility", _at("/tilgaengelighed/")),
    PublicPage("referrals:start", _at("/")),
    PublicPage("referrals:about", _at("/om/{slug}/")),
    PublicPage("referrals:refer", _at("/henvis/{slug}/")),
    *(
        PublicPage("referrals:refer_form", _at(f"/henvis/{{slug}}/{spec.path}/"), spec.path)
        for spec in PROFESSIONAL_KINDS
    ),
    PublicPage(
        "referrals:refer_form",
        _at("/henvis/{slug}/jobcenter/"),
        "with faults",
        {name: text for name, text in TYPED_WRONG.items() if name != "contact_wishes"},
        "check",
        422,
    ),
    PublicPage("referrals:sign_up", SIGN_UP),
    PublicPage("referrals:sign_up", SIGN_UP, "with faults", TYPED_WRONG, "check", 422),
    PublicPage("referrals:sign_up", SIGN_UP, "checked", CHECKED, "check"),
    PublicPage("referrals:interested", _at("/skriv-dig-op/{slug}/")),
    PublicPage("referrals:interested", _at("/skriv-dig-op/{slug}/"), "with faults", {"name": ""}, "", 422),
    PublicPage("referrals:interested_thanks", _at("/skriv-dig-op/{slug}/tak/")),
    PublicPage("referrals:interested_stop", _link("interested")),
    PublicPage("referrals:receipt", _receipt(ReferralKind.SELF), "of a citizen"),
    PublicPage("referrals:receipt", _receipt(ReferralKind.JOBCENTRE), "of a referrer"),
    PublicPage("referrals:receipt", _at("/henvis/{slug}/kvittering/"), "expired", status=404),
    PublicPage("referrals:referrer_page", _link("referrer")),
    PublicPage("referrals:not_relevant", _link("elsewhere")),
    PublicPage("referrals:not_relevant", _link("elsewhere"), "with a fault", {"name": "Bo"}, "", 422),
    PublicPage("referrals:referrer_link", _at("/henvis/{slug}/mit-link/")),
    PublicPage(
        "referrals:referrer_link",
        _at("/henvis/{slug}/mit-link/"),
        "with a fault",
        {"email": "henrik@"},
        "",
        422,
    ),
    PublicPage("referrals:referrer_link_sent", _at("/henvis/{slug}/mit-link/sendt/")),
    PublicPage("recruitment:participant_page", _link("participant")),
    PublicPage("recruitment:participant_page", _at("/mit-forloeb/intet/"), "unusable", status=404),
    PublicPage("evaluation:questionnaire_bare", _link("questionnaire")),
    PublicPage("evaluation:questionnaire_bare", _link("questionnaire"), "unanswered", {}, "", 422),
    PublicPage("evaluation:questionnaire_thanks_of_programme", _at("/skema/tak/{slug}/")),
    PublicPage("", _at("/findes-ikke/"), "no such page", status=404),
    *(
        PublicPage("", _at(f"/fejl/{status}/"), f"fault {status}", status=status)
        for status in (400, 403, 500, 503)
    ),
    *(
        PublicPage("", _at(f"/fejl/sendt/{kind}/"), f"fault {kind} when sent", TYPED, "", status, None, True)
        for kind, status in (("csrf", 403), ("500", 500), ("503", 503))
    ),
    # These close a form, so they stand last.
    PublicPage("", CLOSED_FORM, "form closed", before=_close_a_form),
    PublicPage("", SENT_TO_CLOSED, "form closed when sent", TYPED, "", 422, _close_a_form, True),
)
NO_PAGES = {
    "accounts:switch_programme": "staff's",
    "accounts:no_programme": "staff's, in Danish",
    "core:language": "leads back to the page its button stood on",
    "core:healthz": "for machines",
    "core:was": "leads to the statement",
    "core:styleguide": "the demonstration's, in Danish",
    "messaging:mail_receipt": "for machines",
    "messaging:sms_receipt": "for machines",
    "referrals:tracked_link": "leads on to a page of these",
    "referrals:about_only": "the same page without its programme in the address",
    "referrals:refer_only": "likewise",
    "referrals:sign_up_only": "likewise",
    "referrals:referrer_link_choose": "leads on where there is one programme",
    "referrals:referrer_page_link": "leads on to the bare address",
    "referrals:not_relevant_link": "likewise",
    "recruitment:participant_page_link": "likewise",
    "referrals:interested_stop_link": "likewise",
    "evaluation:questionnaire": "likewise",
    "evaluation:questionnaire_thanks": "the same page without its programme in the address",
}
