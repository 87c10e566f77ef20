"""The button for another language leads back to the page it stood on, and nowhere else."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_language_button_leads_back_to_the_page_it_stood_on(client: Client) -> None:
    answer = client.post("/sprog/", {"page_language": "en", "next": "/was?a=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/was?a=1")
    assert answer.cookies["django_language"].value == "en"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//ond.example/",
        "https://ond.example/",
        "/\x00",
        "/a\r\nSet-Cookie: x",
        "\\\\ond.example",
        "-1",
        "start",
    ],
)
def test_language_button_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    answer = client.post("/sprog/", {"page_language": "en", "next": elsewhere})
    assert (answer.status_code, answer["Location"]) == (302, "/")
