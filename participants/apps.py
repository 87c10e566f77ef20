from django.apps import AppConfig

from core.personal_data import declare_all
from participants.personal_data import PERSONAL_DATA


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = "deltagere"

    def ready(self) -> None:
        declare_all(self, PERSONAL_DATA)
