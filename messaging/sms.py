"""What fits into a text message: the alphabet of GSM 03.38, and the length of one that is split."""

import unicodedata

# 3GPP TS 23.038 §6.2.1: the default alphabet, and the letters that take two places.
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_TWICE = frozenset("^{}\\[~]|€\f")
ONE_SEGMENT = 160
PART_OF_SEVERAL = 153  # each part spends seven places on saying which part it is
MOST_SEGMENTS = 2

_TYPED_OTHERWISE = str.maketrans(
    {"–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "…": "...", "\u00a0": " "}
)


class TooLongForSms(ValueError):
    """The text takes more than two segments."""


def as_sms(text: str) -> str:
    """Return `text` in the letters that a text message has, æ, ø and å among them.

    Letters it does not have lose their accents, and what is left becomes a question mark: one foreign
    letter would otherwise make the whole message cost more than twice as many segments.

    :raises TooLongForSms: when it takes more than two segments.
    """
    plain = "".join(_in_gsm_7(letter) for letter in " ".join(text.split()).translate(_TYPED_OTHERWISE))
    if segments(plain) > MOST_SEGMENTS:
        raise TooLongForSms
    return plain


def segments(text: str) -> int:
    """Return into how many segments a text of GSM 7-bit letters is split."""
    places = sum(2 if letter in GSM_7_TWICE else 1 for letter in text)
    return 1 if places <= ONE_SEGMENT else -(-places // PART_OF_SEVERAL)


def _in_gsm_7(letter: str) -> str:
    if letter in GSM_7 or letter in GSM_7_TWICE:
        return letter
    base = "".join(part for part in unicodedata.normalize("NFKD", letter) if part in GSM_7)
    return base or "?"
