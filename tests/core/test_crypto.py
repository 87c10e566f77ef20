import base64
import os

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import DecryptionFailed, decrypt, encrypt, keyed_hash

CONTEXT = "participants.Participant.phone"


@pytest.mark.parametrize("value", ["", "0", "False", "Å", "😀", "x" * 10_000])
def test_every_text_comes_back_as_it_was(value):
    assert decrypt(encrypt(value, CONTEXT), CONTEXT) == value


@given(st.text())
def test_any_text_comes_back_as_it_was(value):
    assert decrypt(encrypt(value, CONTEXT), CONTEXT) == value


def test_one_flipped_bit_anywhere_is_noticed():
    token = encrypt("Åse", CONTEXT)
    for position in range(len(token) * 8):
        altered = bytearray(token)
        altered[position // 8] ^= 1 << position % 8
        with pytest.raises(DecryptionFailed):
            decrypt(bytes(altered), CONTEXT)


def test_a_shortened_value_is_noticed():
    token = encrypt("Åse", CONTEXT)
    for length in range(len(token)):
        with pytest.raises(DecryptionFailed):
            decrypt(token[:length], CONTEXT)


def test_a_value_moved_to_another_column_does_not_open():
    with pytest.raises(DecryptionFailed):
        decrypt(encrypt("Åse", CONTEXT), "participants.Participant.email")


def test_plain_text_in_the_column_is_never_taken_for_a_value():
    for plain in [b"20123456", b"", b"\x00", b"\x01"]:
        with pytest.raises(DecryptionFailed):
            decrypt(plain, CONTEXT)


def test_the_same_text_is_never_encrypted_the_same_way_twice():
    assert encrypt("Åse", CONTEXT) != encrypt("Åse", CONTEXT)


def test_what_an_old_key_wrote_stays_readable_and_new_values_take_the_current_key(settings):
    settings.FIELD_KEY_CURRENT = "old"
    written_before = encrypt("Åse", CONTEXT)
    settings.FIELD_KEY_CURRENT = "test"
    written_after = encrypt("Åse", CONTEXT)

    assert decrypt(written_before, CONTEXT) == decrypt(written_after, CONTEXT) == "Åse"

    settings.FIELD_KEYS = {"test": settings.FIELD_KEYS["test"]}
    assert decrypt(written_after, CONTEXT) == "Åse"
    with pytest.raises(DecryptionFailed, match="unknown key 'old'"):
        decrypt(written_before, CONTEXT)


def test_another_key_under_the_same_name_opens_nothing(settings):
    token = encrypt("Åse", CONTEXT)
    settings.FIELD_KEYS = {"test": base64.b64encode(os.urandom(32)).decode()}
    with pytest.raises(DecryptionFailed):
        decrypt(token, CONTEXT)


@pytest.mark.parametrize("key", ["not base64!", base64.b64encode(b"short").decode()])
def test_a_key_of_the_wrong_kind_stops_with_a_hint(settings, key):
    settings.FIELD_KEYS = {"test": key}
    with pytest.raises(ImproperlyConfigured, match="32 bytes"):
        encrypt("Åse", CONTEXT)


def test_a_failed_decryption_tells_the_column_and_never_the_value():
    with pytest.raises(DecryptionFailed) as failure:
        decrypt(b"\x01\x04test" + b"hemmeligt" * 5, CONTEXT)
    assert CONTEXT in str(failure.value)
    assert "hemmeligt" not in str(failure.value)


def test_a_look_up_hash_is_the_same_each_time():
    assert keyed_hash("+4520123456", "phone") == keyed_hash("+4520123456", "phone")
    assert len(keyed_hash("", "phone")) == 64


def test_look_up_hashes_of_two_columns_cannot_be_compared():
    assert keyed_hash("0", "phone") != keyed_hash("0", "email")
    assert keyed_hash("mail@b.dk", "e") != keyed_hash("@b.dk", "email")


def test_a_look_up_hash_says_nothing_without_the_key(settings):
    before = keyed_hash("+4520123456", "phone")
    settings.LOOKUP_KEY = "another"
    assert keyed_hash("+4520123456", "phone") != before
