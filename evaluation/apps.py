from django.apps import AppConfig

from core.personal_data import declare_all
from evaluation.personal_data import PERSONAL_DATA
from messaging.kinds import register


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "målinger"

    def ready(self) -> None:
        from evaluation.messages import MEASURE_INVITATION  # noqa: PLC0415 - models are loaded by now

        declare_all(self, PERSONAL_DATA)
        register(MEASURE_INVITATION)
