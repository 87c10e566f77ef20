"""The app as the benches run it: the tests' settings, a mail server and a Valkey of the bench's own."""

import os

from config.settings.test import *  # noqa: F403

EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("BENCH_SINK_PORT", "1"))
EMAIL_USE_TLS = False
EMAIL_TIMEOUT = 3
LOGGING = {"version": 1, "disable_existing_loggers": True}
MESSAGE_CHANNELS = {"email": os.environ.get("BENCH_CHANNEL", "messaging.channels.SmtpChannel")}
