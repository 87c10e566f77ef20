from django.apps import AppConfig

from core.personal_data import declare_all
from worklist.personal_data import PERSONAL_DATA


class WorklistConfig(AppConfig):
    name = "worklist"
    verbose_name = "opgaver"

    def ready(self) -> None:
        declare_all(self, PERSONAL_DATA)
