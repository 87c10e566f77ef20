from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def say_it_in_older_words(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Use only the values that the tables before this one know."""
    OutboundMessage = apps.get_model("messaging", "OutboundMessage")
    OutboundMessage.objects.filter(state="returned").update(state="failed")
    OutboundMessage.objects.filter(channel="sms", state="planned").update(
        state="cancelled", cancelled_because="Programmet sender ikke sms."
    )
    OutboundMessage.objects.filter(channel="sms").update(channel="email")


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_receipts")]

    operations = [migrations.RunPython(migrations.RunPython.noop, say_it_in_older_words)]
