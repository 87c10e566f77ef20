from django.apps import AppConfig

from core.personal_data import declare_all
from outreach.personal_data import PERSONAL_DATA


class OutreachConfig(AppConfig):
    name = "outreach"
    verbose_name = "samarbejde"

    def ready(self) -> None:
        declare_all(self, PERSONAL_DATA)
