"""A Redis that does not answer; a browser that checks what browsers check, and reads forms from pages."""

import pytest
from django.test import Client

from tests import html_forms


@pytest.fixture
def redis_down(settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"


@pytest.fixture
def browser():
    """A client that checks CSRF tokens and shows error pages, as a browser meets them."""
    client = Client(enforce_csrf_checks=True)
    client.raise_request_exception = False
    return client


@pytest.fixture
def form_on():
    """Return what reads the first form on a page."""
    return html_forms.form_on
