from django.apps import AppConfig

from core.personal_data import declare


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "grundlag"

    def ready(self) -> None:
        declare(
            self.get_model("LinkToken"),
            personal=["subject_id"],
            not_personal=[
                "digest",
                "purpose",
                "programme",
                "single_use",
                "created_at",
                "expires_at",
                "used_at",
                "revoked_at",
            ],
        )
        declare(self.get_model("RateHit"), personal=["key_hash"], not_personal=["window_start", "count"])
