"""A page leads back to a path of our own, or nowhere."""

import pytest
from django.test import RequestFactory

from core.addresses import own_path

OWN = [
    "/",
    "/opgaver/?kind=call&when=today",
    "/deltagere/?search=%C3%86r%C3%B8&page=2#svar",
    "/deltagere/?search=Ærø",
    "/l/abc//",
    "/sprog/?next=//elsewhere.example/",  # what a page is asked is not where it is
    "/a:b",
]
ELSEWHERE = [
    "",
    "start",
    "-1",
    "?side=2",
    "#top",
    "//elsewhere.example/",
    "///elsewhere.example/",
    "/\\elsewhere.example/",
    "\\\\elsewhere.example",
    "\\/elsewhere.example",
    "/deltagere\\..\\",
    "/\t/elsewhere.example",
    "/\n/elsewhere.example",
    "/a\r\nSet-Cookie: x=1",
    "/a\u2028b",
    "/a\x00",
    "/a\x7f",
    "/\ud800",
    " /deltagere/",
    "https://elsewhere.example/",
    "http:elsewhere.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@elsewhere.example",
]


@pytest.mark.parametrize("address", OWN)
def test_a_path_of_ours_stays_what_it_is(address: str) -> None:
    assert own_path(address) == address
    assert own_path(address, RequestFactory().get("/")) == address


@pytest.mark.parametrize("address", ELSEWHERE)
def test_anything_else_is_no_path_of_ours(address: str) -> None:
    assert own_path(address) == ""
    assert own_path(address, RequestFactory().get("/")) == ""


def test_an_address_with_our_own_host_is_the_path_behind_it_for_that_request_alone() -> None:
    request = RequestFactory().get("/")
    assert own_path("http://testserver/was?a=1", request) == "/was?a=1"
    assert own_path("http://testserver/was?a=1") == ""


@pytest.mark.parametrize(
    "address",
    [
        "http://testserver",  # no path at all
        "https://testserver/was",  # another scheme is another origin
        "http://testserver:81/was",
        "http://testserver.elsewhere.example/was",
        "http://testserver@elsewhere.example/was",
        "http://testserver//elsewhere.example/",
        "http://testserver/\\elsewhere.example/",
        "http://elsewhere.example/was",
        "http://testserverhttp://testserver/",
    ],
)
def test_an_address_that_only_looks_like_ours_is_none(address: str) -> None:
    assert own_path(address, RequestFactory().get("/")) == ""
