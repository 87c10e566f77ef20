from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def say_it_in_older_words(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Use only the values that the tables before this one know."""
    later = ("tend_partner", "agreement_review", "partner_step")
    apps.get_model("worklist", "Task").objects.filter(kind__in=later).update(kind="other")


class Migration(migrations.Migration):
    dependencies = [("worklist", "0007_partnerships")]

    operations = [migrations.RunPython(migrations.RunPython.noop, say_it_in_older_words)]
