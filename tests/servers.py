"""A pytest plugin: PostgreSQL and Valkey for the tests, in a data folder of their own.

pytest.ini loads it with `-p tests.servers`, since the settings want both addresses before any conftest is
read. pytest-xdist's workers inherit the addresses; with both variables set nothing is started.
"""

import contextlib
from collections.abc import Generator

import pytest

from config.embedded.client import exported_servers
from config.embedded.folder import ServersUnavailable
from config.embedded.settings import FOLDERS

_servers = contextlib.ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Start the servers before pytest-django reads the settings."""
    folder = FOLDERS["config.settings.test"]
    try:
        _servers.enter_context(exported_servers(folder.path, throwaway=folder.throwaway))
    except ServersUnavailable as refusal:
        raise pytest.UsageError(str(refusal)) from refusal
    yield


def pytest_unconfigure() -> None:
    """Leave the servers; they stop when no other run uses them."""
    _servers.close()
