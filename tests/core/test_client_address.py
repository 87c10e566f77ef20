import pytest
from django.test import RequestFactory

from core.client_address import client_address


def request(forwarded=None, remote="10.0.0.9"):
    headers = {"REMOTE_ADDR": remote}
    if forwarded is not None:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded
    return RequestFactory().get("/", **headers)


def test_without_a_proxy_of_ours_nobody_can_claim_another_address(settings):
    settings.TRUSTED_PROXIES = 0
    assert client_address(request("1.2.3.4")) == "10.0.0.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (2, "1.2.3.4", ""),
        (1, "", ""),
        (1, None, ""),
        (1, "unknown", ""),
        (1, "<script>", ""),
    ],
)
def test_behind_our_proxies_only_what_they_wrote_counts(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    assert client_address(request(forwarded)) == address


def test_a_unix_socket_has_no_address(settings):
    settings.TRUSTED_PROXIES = 0
    assert client_address(request(remote="")) == ""
