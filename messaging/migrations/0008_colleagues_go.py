from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def go(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Keep only the messages whose recipient the tables before this one know."""
    apps.get_model("messaging", "OutboundMessage").objects.filter(user__isnull=False).delete()


class Migration(migrations.Migration):
    dependencies = [("messaging", "0007_colleagues")]

    operations = [migrations.RunPython(migrations.RunPython.noop, go)]
