"""The versions of the forms: what is shown, what was read, and who published it."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import translation
from django_scopes import scope

from accounts.models import Programme, User
from recruitment.services.settings import save_settings
from referrals.enums import ReferralKind
from referrals.form_content import FormContent
from referrals.models import FormVersion
from referrals.services import (
    FormChangedMeanwhile,
    current_form,
    current_forms,
    keep_version,
    keep_versions,
    opened_form,
    publish_form,
)
from tests.concurrency import at_once
from tests.factories import make_referral

JOBCENTRE = ReferralKind.JOBCENTRE


def publish(programme: Programme, by: User, now: dt.datetime, **changed: Any) -> FormVersion:
    return publish_form(
        **{
            "programme": programme,
            "kind": JOBCENTRE,
            "is_open": True,
            "own": {},
            "left_out": [],
            "based_on": current_form(programme, JOBCENTRE).number,
            "by": by,
            "now": now,
            **changed,
        }
    )


# --- What is shown ---------------------------------------------------------------------------------


def test_a_form_that_nobody_published_is_shown_and_nothing_is_written(in_scope: Programme) -> None:
    shown = current_form(in_scope, JOBCENTRE)

    assert (shown.number, shown.version, shown.content.is_open) == (1, None, True)
    assert shown.content.text("target_group") == in_scope.target_group
    assert shown.content.lines("criteria") == tuple(in_scope.criteria_list)
    assert not FormVersion.objects.exists()


def test_every_form_but_the_coordinators_own_is_shown(in_scope: Programme) -> None:
    assert set(current_forms(in_scope)) == set(ReferralKind) - {ReferralKind.COORDINATOR}


def test_own_texts_come_before_the_programmes_and_empty_ones_do_not(
    in_scope: Programme, administrator: User, now: dt.datetime
) -> None:
    publish(in_scope, administrator, now, own={"da": {"target_group": "Kun for os", "criteria": "  "}})

    content = current_form(in_scope, JOBCENTRE).content
    assert content.text("target_group") == "Kun for os"
    assert content.text("criteria") == in_scope.criteria
    assert current_form(in_scope, ReferralKind.GP).content.text("target_group") == in_scope.target_group


def test_the_programmes_procedure_is_not_told_to_citizens(in_scope: Programme) -> None:
    assert current_form(in_scope, ReferralKind.SELF).content.text("procedure") == ""
    assert current_form(in_scope, JOBCENTRE).content.text("procedure") == in_scope.procedure


def test_a_text_is_read_in_the_language_of_the_page_and_a_criterion_kept_in_danish(
    in_scope: Programme, administrator: User, now: dt.datetime
) -> None:
    own = {
        "da": {"criteria": "Fyldt 18 år\nHar lyst", "target_group": "Voksne"},
        "en": {"criteria": "Over 18\nWants to"},
    }
    publish(in_scope, administrator, now, own=own)

    content = current_form(in_scope, JOBCENTRE).content
    with translation.override("en"):
        assert content.criteria() == (("Fyldt 18 år", "Over 18"), ("Har lyst", "Wants to"))
        assert content.text("target_group") == "Voksne"  # nobody has translated it
    assert content.criteria() == (("Fyldt 18 år", "Fyldt 18 år"), ("Har lyst", "Har lyst"))


def test_content_comes_back_as_kept(in_scope: Programme, administrator: User, now: dt.datetime) -> None:
    version = publish(in_scope, administrator, now, is_open=False, left_out=["situation", "heard_about"])

    version.refresh_from_db()
    content = FormContent.from_json(version.content)
    assert content == current_form(in_scope, JOBCENTRE).content
    assert (content.is_open, content.left_out) == (False, ("heard_about", "situation"))


# --- Publishing ------------------------------------------------------------------------------------


def test_publishing_keeps_what_stood_before_and_numbers_on(
    in_scope: Programme, administrator: User, now: dt.datetime
) -> None:
    version = publish(in_scope, administrator, now, own={"da": {"lead": "Kort og godt."}})

    assert (version.number, version.published_at, version.published_by) == (2, now, administrator)
    first = FormVersion.objects.of(JOBCENTRE).last()
    assert (first.number, first.published_by) == (1, None)  # the built-in one; nobody wrote it


def test_publishing_the_same_again_is_no_new_version(
    in_scope: Programme, administrator: User, now: dt.datetime
) -> None:
    first = publish(in_scope, administrator, now, own={"da": {"lead": "Kort og godt."}})
    second = publish(in_scope, administrator, now, own={"da": {"lead": " Kort og godt. "}})

    assert first == second
    assert FormVersion.objects.of(JOBCENTRE).count() == 2


def test_publishing_over_what_somebody_published_meanwhile_is_refused(
    in_scope: Programme, administrator: User, now: dt.datetime
) -> None:
    opened = current_form(in_scope, JOBCENTRE).number
    publish(in_scope, administrator, now, own={"da": {"lead": "Den anden fane"}})

    with pytest.raises(FormChangedMeanwhile):
        publish(in_scope, administrator, now, own={"da": {"lead": "Den første fane"}}, based_on=opened)

    assert current_form(in_scope, JOBCENTRE).content.text("lead") == "Den anden fane"


@pytest.mark.django_db(transaction=True)
def test_publishing_at_once_gives_one_version_and_refusals(
    programme: Programme, administrator: User, now: dt.datetime
) -> None:
    def act() -> str:
        with scope(programme=programme):
            try:
                publish(programme, administrator, now, own={"da": {"lead": "Ny"}}, based_on=1)
            except FormChangedMeanwhile:
                return "refused"
            return "published"

    outcomes = at_once(act, times=8, threads=4)

    assert sorted(outcomes) == ["published"] + ["refused"] * 7
    with scope(programme=programme):
        assert list(FormVersion.objects.of(JOBCENTRE).values_list("number", flat=True)) == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_the_first_who_send_a_form_at_once_have_one_version_kept(
    programme: Programme, now: dt.datetime
) -> None:
    def act() -> int:
        with scope(programme=programme):
            shown = current_form(programme, JOBCENTRE)
            return keep_version(programme=programme, shown=shown, now=now).pk

    assert len(set(at_once(act, times=8, threads=4))) == 1


# --- The programme's own texts ---------------------------------------------------------------------


def test_a_changed_text_of_the_programme_is_a_new_version_of_the_forms_that_show_it(
    in_scope: Programme, administrator: User, now: dt.datetime
) -> None:
    publish(in_scope, administrator, now, own={"da": {"target_group": "Kun for os"}})
    own, gp = current_form(in_scope, JOBCENTRE), current_form(in_scope, ReferralKind.GP)

    in_scope.target_group = "Alle voksne"
    save_settings(programme=in_scope, by=administrator, now=now, fields=("target_group",))

    assert current_form(in_scope, JOBCENTRE).version == own.version
    changed = current_form(in_scope, ReferralKind.GP)
    assert changed.version is not None
    assert (changed.number, changed.version.published_by) == (2, administrator)
    assert changed.content.text("target_group") == "Alle voksne"
    # Whoever had the form open is answered by what they read.
    opened = opened_form(in_scope, ReferralKind.GP, gp.token)
    assert opened is not None
    assert opened.content.text("target_group") != "Alle voksne"


def test_a_setting_that_no_form_shows_is_no_new_version(
    in_scope: Programme, administrator: User, now: dt.datetime
) -> None:
    keep_versions(programme=in_scope, now=now)
    before = FormVersion.objects.count()

    in_scope.default_capacity = 9
    save_settings(programme=in_scope, by=administrator, now=now, fields=("default_capacity",))

    assert FormVersion.objects.count() == before


def test_a_text_that_was_changed_behind_our_back_is_shown_and_kept_when_sent(
    in_scope: Programme, now: dt.datetime
) -> None:
    keep_versions(programme=in_scope, now=now)
    Programme.objects.update(criteria="Et nyt kriterium")
    changed = Programme.objects.get()

    shown = current_form(changed, JOBCENTRE)

    assert (shown.number, shown.version) == (2, None)
    assert keep_version(programme=changed, shown=shown, now=now).number == 2


# --- What a page was opened with -------------------------------------------------------------------


def test_a_page_is_known_by_what_it_carries_current_or_not(
    in_scope: Programme, administrator: User, now: dt.datetime
) -> None:
    built_in = current_form(in_scope, JOBCENTRE)
    publish(in_scope, administrator, now, own={"da": {"lead": "Ny"}})

    assert opened_form(in_scope, JOBCENTRE, built_in.token).content == built_in.content
    now_shown = current_form(in_scope, JOBCENTRE)
    assert opened_form(in_scope, JOBCENTRE, now_shown.token).version == now_shown.version


@pytest.mark.parametrize("token", ["", "1", "1-", "1-0123456789ab", "x-1", "-1", "²-1", "9" * 40, "0-0"])
def test_what_no_page_of_ours_carried_is_no_form(in_scope: Programme, token: str) -> None:
    assert opened_form(in_scope, JOBCENTRE, current_form(in_scope, JOBCENTRE).token) is not None
    assert opened_form(in_scope, JOBCENTRE, token) is None


def test_another_kinds_version_is_no_form_here(
    in_scope: Programme, administrator: User, now: dt.datetime
) -> None:
    publish(in_scope, administrator, now, own={"da": {"lead": "Kun jobcenteret"}})
    token = current_form(in_scope, JOBCENTRE).token

    assert opened_form(in_scope, ReferralKind.GP, token) is None


def test_another_programmes_version_is_no_form_here(
    programme: Programme, other_programme: Programme, administrator: User, now: dt.datetime
) -> None:
    with scope(programme=other_programme):
        publish(other_programme, administrator, now, own={"da": {"lead": "Andetsteds"}})
        token = current_form(other_programme, JOBCENTRE).token
        assert opened_form(other_programme, JOBCENTRE, token) is not None
    with scope(programme=programme):
        assert opened_form(programme, JOBCENTRE, token) is None


# --- The database's own no -------------------------------------------------------------------------


def test_a_version_is_never_changed_not_even_past_the_services(
    in_scope: Programme, administrator: User, now: dt.datetime
) -> None:
    version = publish(in_scope, administrator, now)

    for change in ({"content": {}}, {"number": 7}, {"kind": "gp"}, {"published_at": now + dt.timedelta(1)}):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            FormVersion.objects.filter(pk=version.pk).update(**change)
    # The control: who published it may be erased.
    assert FormVersion.objects.filter(pk=version.pk).update(published_by=None) == 1


def test_a_number_stands_once(in_scope: Programme, administrator: User, now: dt.datetime) -> None:
    version = publish(in_scope, administrator, now)

    version.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save(force_insert=True)


def test_an_answered_version_stays(in_scope: Programme, administrator: User, now: dt.datetime) -> None:
    version = publish(in_scope, administrator, now)
    make_referral(in_scope, form_version=version)

    with pytest.raises(ProtectedError):
        version.delete()
