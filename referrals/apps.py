from django.apps import AppConfig

from core.personal_data import declare_all
from referrals.personal_data import PERSONAL_DATA


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "henvisninger"

    def ready(self) -> None:
        from messaging.kinds import register  # noqa: PLC0415 - models are loaded by now
        from referrals.kinds import KINDS  # noqa: PLC0415

        declare_all(self, PERSONAL_DATA)
        for kind in KINDS:
            register(kind)
