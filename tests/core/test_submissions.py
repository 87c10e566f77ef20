import uuid

import pytest
from django import forms
from django.http import HttpResponse

from core.resend import typed_fields
from core.submissions import SubmissionKeyMixin, keep_when_going_back, new_submission_key


class ContactForm(SubmissionKeyMixin, forms.Form):
    name = forms.CharField()


def key_of(posted: str | None) -> uuid.UUID:
    form = ContactForm({"name": "Anna"} if posted is None else {"name": "Anna", "submission_key": posted})
    assert form.is_valid(), form.errors
    return form.cleaned_data["submission_key"]


def test_the_same_page_sent_twice_has_the_same_key():
    drawn = ContactForm()["submission_key"].value()
    assert key_of(drawn) == key_of(drawn)


def test_two_pages_have_different_keys():
    assert key_of(ContactForm()["submission_key"].value()) != key_of(ContactForm()["submission_key"].value())


def test_the_key_survives_faults_and_the_check_page(rf):
    drawn = new_submission_key()
    faulty = ContactForm({"name": "", "submission_key": drawn})
    assert not faulty.is_valid()
    assert f'value="{drawn}"' in str(faulty["submission_key"])
    assert ("submission_key", drawn) in typed_fields(rf.post("/", {"name": "Anna", "submission_key": drawn}))


@pytest.mark.parametrize("posted", [None, "", "x", uuid.uuid4().hex, "\x00", "é" * 9_999])
def test_an_altered_key_is_a_new_one_and_no_error(posted):
    assert key_of(posted) != key_of(posted)


def test_nobody_can_make_a_key_that_is_somebody_elses():
    theirs = key_of(new_submission_key())
    assert key_of(theirs.hex) != theirs
    assert key_of(f"{theirs.hex}:signature") != theirs


def test_the_empty_form_may_be_gone_back_to_and_nothing_else_keeps_it():
    assert keep_when_going_back(HttpResponse())["Cache-Control"] == "private, no-cache"
