from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "henvisninger"

    def ready(self) -> None:
        from messaging.kinds import register  # noqa: PLC0415 - models are loaded by now
        from referrals.kinds import RECEIPTS  # noqa: PLC0415

        for kind in RECEIPTS:
            register(kind)
