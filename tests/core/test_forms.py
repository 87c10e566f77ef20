from datetime import date, time

import pytest
from django import forms
from django.utils import timezone

from core.forms import (
    BirthYearField,
    DanishDateField,
    DanishEmailField,
    DanishTimeField,
    FreeTextField,
    PhoneField,
    PlainTextField,
    PostcodeField,
    looks_like_cpr,
)

ALL_FIELDS = [
    BirthYearField,
    DanishDateField,
    DanishEmailField,
    DanishTimeField,
    FreeTextField,
    PhoneField,
    PlainTextField,
    PostcodeField,
]


def errors_of(field: forms.Field, typed: str) -> list[str]:
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean(typed)
    return list(refusal.value.messages)


@pytest.mark.parametrize("field_class", ALL_FIELDS)
def test_an_empty_field_says_what_to_do_in_the_words_of_its_form(field_class):
    assert errors_of(field_class(required_message="Skriv dit fornavn"), "  ") == ["Skriv dit fornavn"]


@pytest.mark.parametrize("field_class", ALL_FIELDS)
def test_no_field_says_that_it_is_required(field_class):
    assert "påkrævet" not in errors_of(field_class(), "")[0]


@pytest.mark.parametrize("field_class", ALL_FIELDS)
def test_a_field_that_may_be_empty_accepts_nothing(field_class):
    assert field_class(required=False).clean("") in ("", None)


@pytest.mark.parametrize("field_class", ALL_FIELDS)
def test_a_nul_byte_is_refused_with_a_message_and_not_an_error(field_class):
    errors_of(field_class(), "a\x00b")


@pytest.mark.parametrize("field_class", [PlainTextField, FreeTextField, DanishEmailField])
def test_a_nul_byte_in_text_says_how_to_go_on(field_class):
    expected = "Teksten indeholder et tegn, vi ikke kan gemme. Slet det og prøv igen."
    assert errors_of(field_class(), "a\x00@b.dk") == [expected]


@pytest.mark.parametrize("field_class", [PlainTextField, FreeTextField])
@pytest.mark.parametrize(
    "text", ["😀🎻", "<script>alert(1)</script>", "'; DROP TABLE x; --", "0", "Åse Ærø", "=1+1"]
)
def test_emoji_and_markup_are_text(field_class, text):
    assert field_class().clean(text) == text


@pytest.mark.parametrize("field_class", [PlainTextField, FreeTextField])
def test_a_text_that_is_too_long_says_how_much_to_cut(field_class):
    expected = "Teksten er 9500 tegn for lang. Der er plads til 500. Gør den kortere."
    assert errors_of(field_class(max_length=500), "x" * 10_000) == [expected]


def test_a_pasted_text_is_not_cut_by_the_browser():
    form = type("PasteForm", (forms.Form,), {"note": FreeTextField(max_length=10)})()
    assert "maxlength" not in str(form["note"])


def test_a_line_break_counts_as_one_character():
    assert FreeTextField(max_length=3).clean("a\r\nb") == "a\nb"


def test_a_line_of_text_stays_one_line():
    assert PlainTextField().clean(" Anne\r\nBcc:  alle ") == "Anne Bcc: alle"


@pytest.mark.parametrize(
    "text",
    [
        "010190-1234",
        "0101901234",
        "010190 1234",
        "hendes nummer er 010190–1234.",
        "010190 - 1234",
        "123456-7890",
        "ring 20 12 34 56, cpr 0101901234",
    ],
)
@pytest.mark.parametrize("field_class", [PlainTextField, FreeTextField])
def test_a_cpr_number_is_caught_in_place(field_class, text):
    expected = "Det ligner et CPR-nummer. Slet det – vi må ikke modtage CPR-numre her."
    assert errors_of(field_class(), text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "20 12 34 56",
        "20123456",
        "+4520123456",
        "4520123456",
        "+45 20 12 34 56",
        "004520123456",
        "+46 70 123 45 67",
        "+4670123456",
        "+44 2079460958",
        "ring 20123456 eller 20123457",
        "den 05.11.2026 kl. 14.30",
        "EAN 5790000123456",
        "",
    ],
)
def test_a_phone_number_is_no_cpr_number(text):
    assert not looks_like_cpr(text)


@pytest.mark.parametrize("typed", ["20 12 34 56", "0045 20123456", "+4520123456"])
def test_a_phone_number_is_kept_in_one_spelling(typed):
    assert PhoneField().clean(typed) == "+4520123456"


@pytest.mark.parametrize("typed", ["112", "12345678", "ring til mig", "1" * 10_000])
def test_a_number_nobody_can_call_says_how_to_write_one(typed):
    assert errors_of(PhoneField(), typed)[0].startswith("Skriv et telefonnummer med 8 cifre")


def test_a_stored_phone_number_is_shown_in_pairs():
    form_class = type("PhoneForm", (forms.Form,), {"phone": PhoneField()})
    stored = {"phone": "+4520123456"}
    assert 'value="20 12 34 56"' in str(form_class(initial=stored)["phone"])
    assert not form_class({"phone": "2012 3456"}, initial=stored).has_changed()


def test_a_rejected_phone_number_is_shown_as_it_was_typed():
    form = type("PhoneForm", (forms.Form,), {"phone": PhoneField()})({"phone": "+999 99"})
    assert not form.is_valid()
    assert 'value="+999 99"' in str(form["phone"])


def test_a_phone_field_brings_up_the_keyboard_for_numbers():
    html = str(type("PhoneForm", (forms.Form,), {"phone": PhoneField()})()["phone"])
    assert 'type="tel"' in html
    assert 'inputmode="tel"' in html
    assert 'autocomplete="tel"' in html


def test_somebody_elses_phone_number_is_not_filled_in_by_the_browser():
    html = str(type("PhoneForm", (forms.Form,), {"phone": PhoneField(autocomplete="off")})()["phone"])
    assert 'autocomplete="off"' in html


@pytest.mark.parametrize("typed", ["05.11.2026", "5-11-2026", "5/11/2026", "2026-11-05"])
def test_a_date_is_read_in_three_spellings_and_from_a_date_picker(typed):
    assert DanishDateField().clean(typed) == date(2026, 11, 5)


@pytest.mark.parametrize("typed", ["31.02.2026", "i morgen", "5.11.26", "1" * 10_000])
def test_a_date_that_does_not_exist_says_how_to_write_one(typed):
    assert errors_of(DanishDateField(), typed) == [
        "Skriv datoen som dag, måned og år, for eksempel 05.11.2026."
    ]


def test_a_stored_date_is_shown_the_danish_way():
    form = type("DateForm", (forms.Form,), {"on": DanishDateField()})(initial={"on": date(2026, 11, 5)})
    assert 'value="05.11.2026"' in str(form["on"])


def test_a_rejected_date_is_shown_as_it_was_typed():
    form = type("DateForm", (forms.Form,), {"on": DanishDateField()})({"on": "<b>31.02.2026"})
    assert not form.is_valid()
    assert 'value="&lt;b&gt;31.02.2026"' in str(form["on"])


@pytest.mark.parametrize("typed", ["14.30", "14:30"])
def test_a_time_is_read_with_full_stop_or_colon(typed):
    assert DanishTimeField().clean(typed) == time(14, 30)


def test_a_time_that_does_not_exist_says_how_to_write_one():
    assert errors_of(DanishTimeField(), "25.00")[0].startswith("Skriv klokkeslættet som timer og minutter")


def test_a_stored_time_is_shown_the_danish_way():
    form = type("TimeForm", (forms.Form,), {"at": DanishTimeField()})(initial={"at": time(9, 5)})
    assert 'value="09.05"' in str(form["at"])


@pytest.mark.parametrize("typed", ["anna", "anna@", "@eksempel.dk", "anna@eksempel", "a b@c.dk"])
def test_half_an_email_address_says_how_a_whole_one_looks(typed):
    assert errors_of(DanishEmailField(), typed) == [
        "Skriv en hel e-mailadresse, for eksempel navn@eksempel.dk."
    ]


def test_an_email_address_is_accepted_without_the_spaces_around_it():
    assert DanishEmailField().clean(" anna@eksempel.dk ") == "anna@eksempel.dk"


@pytest.mark.parametrize("typed", ["75", "1899", "19755", "nittenhundrede", "1975.5", "１９７５"])
def test_a_birth_year_has_four_digits(typed):
    assert errors_of(BirthYearField(), typed) == ["Skriv fødselsåret med fire cifre, for eksempel 1975."]


def test_nobody_is_born_next_year():
    this_year = timezone.localdate().year
    assert BirthYearField().clean(str(this_year)) == this_year
    errors_of(BirthYearField(), str(this_year + 1))


@pytest.mark.parametrize("typed", ["670", "67000", "DK-6700", "abcd"])
def test_a_postcode_has_four_digits(typed):
    assert errors_of(PostcodeField(), typed) == ["Skriv postnummeret med fire cifre, for eksempel 6700."]


def test_a_postcode_keeps_its_leading_zero():
    assert PostcodeField().clean("0800") == "0800"
