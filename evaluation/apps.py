from django.apps import AppConfig

from core.personal_data import declare_all
from evaluation.personal_data import PERSONAL_DATA


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "målinger"

    def ready(self) -> None:
        declare_all(self, PERSONAL_DATA)
