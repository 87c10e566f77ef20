from django.apps import AppConfig

from core.personal_data import declare_all


class OutreachConfig(AppConfig):
    name = "outreach"
    verbose_name = "samarbejde"

    def ready(self) -> None:
        from outreach.personal_data import PERSONAL_DATA  # noqa: PLC0415 - its hooks know the models

        declare_all(self, PERSONAL_DATA)
