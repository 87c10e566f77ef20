from django.apps import AppConfig

from core.personal_data import declare_all
from messaging.personal_data import PERSONAL_DATA


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "beskeder"

    def ready(self) -> None:
        declare_all(self, PERSONAL_DATA)
