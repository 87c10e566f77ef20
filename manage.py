#!/usr/bin/env python
"""Django's commands. Embedded servers are found or started, unless the environment names others."""

import contextlib
import os
import sys

from django.core.management import execute_from_command_line

from config.embedded.client import exported_servers
from config.embedded.folder import ServersUnavailable
from config.embedded.settings import folder_of


def main() -> None:
    """Run the command on the command line, with servers for as long as it runs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    embedded = folder_of(sys.argv)
    with contextlib.ExitStack() as stack:
        if embedded is not None:
            try:
                stack.enter_context(exported_servers(embedded.path, throwaway=embedded.throwaway))
            except ServersUnavailable as refusal:
                sys.exit(str(refusal))
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
