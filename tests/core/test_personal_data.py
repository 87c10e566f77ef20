import pytest

from core import personal_data
from core.models import Heartbeat, LinkToken
from core.personal_data import declaration_for, declare, undeclared_fields


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    monkeypatch.setattr(personal_data, "_declarations", dict(personal_data._declarations))


def test_a_field_on_neither_list_is_found():
    assert undeclared_fields(Heartbeat) == {"process", "beaten_at"}
    declare(Heartbeat, not_personal=["process"])
    assert undeclared_fields(Heartbeat) == {"beaten_at"}


def test_a_declaration_keeps_what_it_was_given():
    def erase(rows):
        rows.delete()

    declare(Heartbeat, personal=["process"], not_personal=["beaten_at"], erase=erase)
    declaration = declaration_for(Heartbeat)
    assert declaration.personal == {"process"}
    assert declaration.erase is erase
    assert declaration.extract is None
    assert undeclared_fields(Heartbeat) == set()


def test_links_say_whom_they_were_sent_to():
    assert declaration_for(LinkToken).personal == {"subject_id"}
    assert undeclared_fields(LinkToken) == set()


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"personal": ["name"]}, "has no field name"),
        ({"personal": ["process"], "not_personal": ["process"]}, "personal or not"),
    ],
)
def test_a_declaration_that_cannot_be_right_is_refused(fields, complaint):
    with pytest.raises(ValueError, match=complaint):
        declare(Heartbeat, **fields)


def test_a_model_is_declared_once():
    with pytest.raises(ValueError, match="twice"):
        declare(LinkToken)
