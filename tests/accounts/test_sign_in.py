"""Signing in, and what is said when it goes wrong."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

WHEN_EMPTY = [
    ("account_login", ["Skriv din e-mail.", "Skriv din adgangskode."]),
    ("account_reset_password", ["Skriv din e-mail."]),
]


@pytest.mark.parametrize(("page", "said"), WHEN_EMPTY)
def test_an_empty_form_says_what_to_write(client, page, said):
    answer = client.post(reverse(page), {}).content.decode()
    assert "påkrævet" not in answer
    for sentence in said:
        assert sentence in answer


def test_a_password_change_says_what_is_missing(client_for, coordinator):
    answer = client_for(coordinator).post(reverse("account_change_password"), {}).content.decode()
    assert "påkrævet" not in answer
    for sentence in ("Skriv din nuværende adgangskode.", "Vælg en ny adgangskode.", "Skriv den nye"):
        assert sentence in answer


def test_sign_in_with_a_wrong_password_says_how_to_get_on(client, coordinator):
    answer = client.post(reverse("account_login"), {"login": coordinator.email, "password": "forkert"})
    assert "E-mail og adgangskode passer ikke sammen." in answer.content.decode()


def test_the_front_page_leads_staff_to_sign_in(client, programme):
    assert f'href="{reverse("account_login")}"' in client.get("/").content.decode()
