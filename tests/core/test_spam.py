import time

import pytest
from django import forms
from django.core.signing import TimestampSigner, b62_encode

from core.spam import SpamGuardMixin, SpamReason, drawn_now


class ContactForm(SpamGuardMixin, forms.Form):
    name = forms.CharField()


def drawn(seconds_ago: int) -> str:
    """What a form drawn so long ago carries."""

    class Earlier(TimestampSigner):
        def timestamp(self) -> str:
            return b62_encode(int(time.time()) - seconds_ago)

    return Earlier(salt="core.spam").sign("drawn")


def reasons(**posted) -> list[str]:
    form = ContactForm({"name": "Anna", **posted})
    assert form.is_valid(), form.errors
    return form.spam_reasons()


def test_somebody_who_takes_their_time_is_no_robot():
    assert reasons(website="", drawn=drawn(30)) == []


@pytest.mark.parametrize("hours", [3, 25, 24 * 7])
def test_somebody_who_comes_back_much_later_is_no_robot(hours):
    assert reasons(website="", drawn=drawn(hours * 3600)) == []


def test_a_form_that_lost_its_moment_is_no_robots():
    assert reasons() == []


def test_what_only_robots_fill_in_counts_against_the_form():
    assert reasons(website="https://spam.example", drawn=drawn(30)) == [SpamReason.HONEYPOT]


def test_a_form_sent_at_once_counts_as_a_robots():
    assert reasons(drawn=drawn_now()) == [SpamReason.TOO_FAST]


@pytest.mark.parametrize("moment", ["drawn", "x", "drawn:abc:def", "\x00", "é" * 9_999])
def test_a_moment_of_the_robots_own_counts_against_the_form(moment):
    assert reasons(drawn=moment) == [SpamReason.ALTERED]


@pytest.mark.parametrize("trap", ["\x00", "x" * 10_000, "<script>"])
def test_a_trap_never_makes_a_form_invalid(trap):
    assert reasons(website=trap, drawn=trap) == [SpamReason.HONEYPOT, SpamReason.ALTERED]


def test_the_moment_survives_a_form_that_is_shown_again_with_its_faults():
    first = drawn(30)
    form = ContactForm({"name": "", "drawn": first})
    assert not form.is_valid()
    assert f'value="{first}"' in str(form["drawn"])


def test_the_trap_is_out_of_reach_of_keyboard_and_screen_reader():
    form = ContactForm()
    html = str(form["website"])
    assert 'aria-hidden="true"' in html
    assert 'tabindex="-1"' in html
    assert 'autocomplete="off"' in html
    assert 'for="id_website"' in html
    assert form["website"] in form.hidden_fields()


def test_every_reason_is_explained_to_the_coordinator():
    assert all(reason.label for reason in SpamReason)
