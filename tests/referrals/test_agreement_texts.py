"""The sentences people agree to, by version."""

import pytest

from referrals.agreement_texts import CURRENT, FIRST, agreement_texts, versions_for_colleagues
from referrals.forms.kinds import PROFESSIONAL_KINDS, REGISTRATION, SELF


def test_the_first_sentence_covers_the_referrer_alone() -> None:
    assert FIRST not in versions_for_colleagues()
    assert "kollega" not in str(agreement_texts(FIRST).feedback)


def test_the_current_sentence_covers_the_colleague_and_says_so() -> None:
    assert CURRENT in versions_for_colleagues()
    assert "den kollega, der overtager" in str(agreement_texts(CURRENT).feedback)
    assert "den kollega, der overtager" in str(agreement_texts(CURRENT).feedback_noted)


@pytest.mark.parametrize("text_version", ["", "3", "who5-da-1998"])
def test_a_yes_under_words_that_are_not_kept_covers_nobody_else(text_version: str) -> None:
    assert text_version not in versions_for_colleagues()
    with pytest.raises(KeyError):
        agreement_texts(text_version)


def test_every_form_asks_the_current_sentences() -> None:
    texts = agreement_texts(CURRENT)
    for spec in PROFESSIONAL_KINDS:
        assert spec.wording["agreed"].label == texts.referred
        assert spec.wording["feedback_allowed"].label == texts.feedback
        assert "later_contact" not in spec.names
    assert REGISTRATION.wording["feedback_allowed"].label == texts.feedback_noted
    assert SELF.wording["later_contact"].label == texts.later_contact
