"""A sender in a process of its own, for tests that kill or freeze one.

python -m tests.messaging.sender smtp|dying_folder MESSAGE PROGRAMME; see `start_sender` in test_races.py.
"""

import os
import signal
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402 - models load after set-up
from django_scopes import scope  # noqa: E402

from messaging.channels import Channel, Envelope, FolderChannel, SmtpChannel  # noqa: E402
from messaging.kinds import register  # noqa: E402
from messaging.services import deliver_message  # noqa: E402
from tests.factories import NOW  # noqa: E402
from tests.messaging.conftest import LETTER  # noqa: E402


class DyingFolder(FolderChannel):
    """A folder whose sender is gone before it can mark what it has written."""

    def send(self, envelope: Envelope) -> None:
        super().send(envelope)
        os.kill(os.getpid(), signal.SIGKILL)


def main(channel_name: str, message_pk: int, programme_pk: int) -> None:
    """Deliver one message."""
    register(LETTER)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["SINK_PORT"])
    settings.MAIL_FOLDER = os.environ["FOLDER"]
    channel: Channel = SmtpChannel() if channel_name == "smtp" else DyingFolder()
    with scope(programme=programme_pk):
        deliver_message(message_id=message_pk, channel=channel, now=NOW)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
