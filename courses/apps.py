from django.apps import AppConfig

from core.personal_data import declare_all
from courses.personal_data import PERSONAL_DATA


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "hold"

    def ready(self) -> None:
        declare_all(self, PERSONAL_DATA)
