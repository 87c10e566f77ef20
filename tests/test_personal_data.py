"""Every field of every model is declared: about a person, or not."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.db import models

from core.fields import EncryptedTextField
from core.personal_data import _declarations, declaration_for, undeclared_fields
from tests.test_architecture import PACKAGES

ABOUT_NOBODY = {"core.Heartbeat"}  # when the worker and beat were last alive
OURS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in PACKAGES and model._meta.label not in ABOUT_NOBODY
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_personal_data_of_every_field_is_decided(model):
    assert undeclared_fields(model) == set()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_personal_data_includes_what_is_encrypted_and_who_it_is_about(model):
    declaration = declaration_for(model)
    about = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
        or (field.is_relation and field.related_model._meta.model_name in {"participant", "referrer", "user"})
    }
    assert about <= declaration.personal


# Which rows a message is about: ids alone.
IDS_ALONE = {("messaging.OutboundMessage", "subject_ids")}


def personal_words_in_clear(model):
    """Return the personal fields that hold words of any length, and hold them readable."""
    declaration = declaration_for(model)
    return {
        (model._meta.label, field.name)
        for field in model._meta.concrete_fields
        if field.name in declaration.personal and isinstance(field, models.TextField | models.JSONField)
    } - IDS_ALONE


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_personal_data_in_free_words_is_encrypted(model):
    assert personal_words_in_clear(model) == set()


def test_personal_data_in_free_words_is_found_where_it_is_not_encrypted(monkeypatch):
    """The control: the programme's own texts, had they been about a person."""
    programme = apps.get_model("accounts", "Programme")
    declared = declaration_for(programme)
    monkeypatch.setitem(_declarations, programme, replace(declared, personal=declared.not_personal))
    assert ("accounts.Programme", "about") in personal_words_in_clear(programme)


def test_personal_data_of_a_new_field_fails_until_it_is_declared():
    """The control: a model that gains a field is found."""
    model = apps.get_model("participants", "Participant")
    declaration = declaration_for(model)
    assert "phone" in declaration.personal
    known = declaration.personal | declaration.not_personal
    assert {field.name for field in model._meta.concrete_fields} - known == {"id"}
