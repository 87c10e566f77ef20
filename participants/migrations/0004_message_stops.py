from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def keep_stops(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give everybody who wants no messages the row that says since when."""
    Participant = apps.get_model("participants", "Participant")
    MessageStop = apps.get_model("participants", "MessageStop")
    stopped = Participant.objects.filter(messages_stopped_at__isnull=False)
    MessageStop.objects.bulk_create(
        MessageStop(programme_id=programme_id, participant_id=participant_id, stopped_at=stopped_at)
        for participant_id, programme_id, stopped_at in stopped.values_list(
            "pk", "programme_id", "messages_stopped_at"
        )
    )


def say_it_in_older_words(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Use only the values that the tables before this one know."""
    mistake = {"outcome": "mistake"}
    apps.get_model("participants", "Participant").objects.filter(outcome="merged").update(
        merged_into=None, **mistake
    )
    apps.get_model("participants", "StageChange").objects.filter(outcome="merged").update(**mistake)
    apps.get_model("participants", "Agreement").objects.filter(method="own_page").update(method="form")


class Migration(migrations.Migration):
    dependencies = [("participants", "0003_one_person")]

    operations = [migrations.RunPython(keep_stops, say_it_in_older_words)]
