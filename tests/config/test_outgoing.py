"""Production refuses to start with half a way out, and says what is missing."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.outgoing import bounce_mailbox, mail_provider, sms_gateway

NAMES = (
    "MAIL_PROVIDER",
    "MAIL_PROVIDER_TOKEN",
    "MAIL_PROVIDER_SECRET",
    "SMS_API_TOKEN",
    "SMS_API_URL",
    "SMS_WEBHOOK_SECRET",
    "BOUNCE_ADDRESS",
    "IMAP_HOST",
    "IMAP_USER",
    "IMAP_PASSWORD",
)
SECRET = "32 tegn eller flere, og helt tilfældige"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_nothing_set_is_plain_smtp_without_sms_and_bounces() -> None:
    assert (mail_provider().backend, sms_gateway().token, bounce_mailbox()) == ("", "", None)


def test_all_set_is_a_whole_way(monkeypatch: pytest.MonkeyPatch) -> None:
    values = ("mailersend", "token", SECRET, "token", "", SECRET, "retur@k.dk", "imap.k.dk", "retur", "kode")
    for name, value in zip(NAMES, values, strict=True):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SMS_API_URL")
    assert mail_provider().anymail == {"MAILERSEND_API_TOKEN": "token", "MAILERSEND_SIGNING_SECRET": SECRET}
    assert sms_gateway().url == "https://gatewayapi.eu"
    mailbox = bounce_mailbox()
    assert mailbox is not None
    assert (mailbox.host, mailbox.port, mailbox.use_tls) == ("imap.k.dk", 993, True)


@pytest.mark.parametrize(
    ("given", "read", "missing"),
    [
        ({"MAIL_PROVIDER": "mailersend"}, mail_provider, "MAIL_PROVIDER_TOKEN"),
        ({"MAIL_PROVIDER": "mailersend", "MAIL_PROVIDER_TOKEN": "x"}, mail_provider, "MAIL_PROVIDER_SECRET"),
        ({"MAIL_PROVIDER": "ukendt"}, mail_provider, "mailersend"),
        ({"SMS_API_TOKEN": "x"}, sms_gateway, "SMS_WEBHOOK_SECRET"),
        ({"SMS_WEBHOOK_SECRET": SECRET}, sms_gateway, "SMS_API_TOKEN"),
        ({"SMS_API_TOKEN": "x", "SMS_WEBHOOK_SECRET": "kort"}, sms_gateway, "too short"),
        ({"BOUNCE_ADDRESS": "retur@k.dk"}, bounce_mailbox, "IMAP_HOST"),
        ({"IMAP_HOST": "imap.k.dk", "IMAP_USER": "retur"}, bounce_mailbox, "BOUNCE_ADDRESS"),
    ],
)
def test_half_a_way_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], read: object, missing: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=missing):
        read()  # type: ignore[operator]
