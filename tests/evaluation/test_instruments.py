"""The texts of the instruments, compared letter by letter with the published ones."""

import pytest

from evaluation.enums import SelfRatedHealth
from evaluation.instruments import InstrumentMissing, load_instrument, self_rated_health, who5


def test_danish_who5_equals_the_published_text():
    text = who5("da")
    assert text.stem == "I de sidste 2 uger …"
    assert text.items == (
        "… har jeg været glad og i godt humør",
        "… har jeg følt mig rolig og afslappet",
        "… har jeg følt mig aktiv og energisk",
        "… er jeg vågnet frisk og udhvilet",
        "… har min dagligdag været fyldt med ting der interesserer mig",
    )
    assert text.choices == [
        (5, "Hele tiden"),
        (4, "Det meste af tiden"),
        (3, "Lidt mere end halvdelen af tiden"),
        (2, "Lidt mindre end halvdelen af tiden"),
        (1, "Lidt af tiden"),
        (0, "På intet tidspunkt"),
    ]
    assert text.instruction == (
        "Sæt venligst, ved hvert af de 5 udsagn, et kryds i det felt der kommer tættest på, hvordan du har "
        "følt dig i de seneste to uger. Bemærk at et højere tal står for bedre trivsel."
    )


def test_english_who5_equals_the_published_text():
    text = who5("en")
    assert text.items == (
        "I have felt cheerful and in good spirits",
        "I have felt calm and relaxed",
        "I have felt active and vigorous",
        "I woke up feeling fresh and rested",
        "My daily life has been filled with things that interest me",
    )
    assert text.choices == [
        (5, "All of the time"),
        (4, "Most of the time"),
        (3, "More than half of the time"),
        (2, "Less than half of the time"),
        (1, "Some of the time"),
        (0, "At no time"),
    ]
    assert text.instruction == (
        "Please indicate for each of the five statements which is closest to how you have been feeling over "
        "the last two weeks. Notice that higher numbers mean better well-being."
    )


@pytest.mark.parametrize("language", ["da", "en"])
def test_who5_carries_its_licence_version_and_direction(language):
    text = who5(language)
    assert text.licence == "© World Health Organization 2024. CC BY-NC-SA 3.0 IGO."
    assert text.licence_url == "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/"
    assert "World Health Organization 2024" in text.attribution
    assert text.direction == "higher_is_better"
    assert text.version.startswith(f"who5-{language}-")


def test_self_rated_health_equals_the_text_and_the_stored_values():
    text = self_rated_health()
    assert text.items == ("Hvordan synes du, dit helbred er alt i alt?",)
    assert [label for _, label in text.choices] == [
        "Fremragende",
        "Vældig godt",
        "Godt",
        "Mindre godt",
        "Dårligt",
    ]
    assert text.choices == [(value, str(label)) for value, label in SelfRatedHealth.choices]
    assert text.direction == "lower_is_better"


def test_a_language_without_a_verified_text_is_missing_and_never_translated():
    with pytest.raises(InstrumentMissing):
        load_instrument("who5", "ar")
    with pytest.raises(InstrumentMissing):
        load_instrument("self_rated_health", "en")
    assert self_rated_health("en") == self_rated_health("da"), "asked in Danish, and kept as Danish"
