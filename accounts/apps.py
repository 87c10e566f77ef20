from django.apps import AppConfig

from accounts.personal_data import PERSONAL_DATA
from core.personal_data import declare_all


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "brugere og programmer"

    def ready(self) -> None:
        declare_all(self, PERSONAL_DATA)
