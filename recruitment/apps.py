from django.apps import AppConfig


class RecruitmentConfig(AppConfig):
    name = "recruitment"
    verbose_name = "rekruttering"

    def ready(self) -> None:
        from messaging.kinds import register  # noqa: PLC0415 - models are loaded by now
        from recruitment.kinds import KINDS  # noqa: PLC0415

        for kind in KINDS:
            register(kind)
