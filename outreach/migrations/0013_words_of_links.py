from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def say_it_in_older_words(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Use only the values that the tables before this one know."""
    apps.get_model("outreach", "TrackedLink").objects.filter(target="interested").update(target="sign_up")


class Migration(migrations.Migration):
    dependencies = [("outreach", "0012_link_to_interest")]

    operations = [migrations.RunPython(migrations.RunPython.noop, say_it_in_older_words)]
