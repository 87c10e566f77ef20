"""The note becomes encrypted: it may be about people."""

from django.db import migrations

import core.fields


def encrypt(apps, schema_editor):
    model = apps.get_model("outreach", "Organisation")
    for row in model._base_manager.exclude(note_in_clear="").iterator():
        row.note = row.note_in_clear
        row.save(update_fields=["note"])


def decrypt(apps, schema_editor):
    model = apps.get_model("outreach", "Organisation")
    for row in model._base_manager.iterator():
        row.note_in_clear = row.note
        row.save(update_fields=["note_in_clear"])


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial")]

    operations = [
        migrations.RenameField("organisation", "note", "note_in_clear"),
        migrations.AddField(
            "organisation",
            "note",
            core.fields.EncryptedTextField(blank=True, default="", verbose_name="note"),
        ),
        migrations.RunPython(encrypt, decrypt),
        migrations.RemoveField("organisation", "note_in_clear"),
    ]
