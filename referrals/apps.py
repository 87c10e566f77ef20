from django.apps import AppConfig

from core.personal_data import declare_all
from referrals.personal_data import PERSONAL_DATA


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "henvisninger"

    def ready(self) -> None:
        declare_all(self, PERSONAL_DATA)
