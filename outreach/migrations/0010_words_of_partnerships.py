from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def tend_those_with_a_key_person(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Whoever has named a key person somewhere works with that place."""
    apps.get_model("outreach", "Organisation").objects.filter(referrers__is_key_person=True).update(
        is_tended=True
    )


def say_it_in_older_words(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Use only the values that the tables before this one know."""
    apps.get_model("outreach", "Activity").objects.filter(kind="mail").update(kind="other")


class Migration(migrations.Migration):
    dependencies = [("outreach", "0009_partnerships")]

    operations = [migrations.RunPython(tend_those_with_a_key_person, say_it_in_older_words)]
