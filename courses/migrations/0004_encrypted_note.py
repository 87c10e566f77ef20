"""The note becomes encrypted: it may be about people."""

from django.db import migrations

import core.fields


def encrypt(apps, schema_editor):
    model = apps.get_model("courses", "Cohort")
    for row in model._base_manager.exclude(note_in_clear="").iterator():
        row.note = row.note_in_clear
        row.save(update_fields=["note"])


def decrypt(apps, schema_editor):
    model = apps.get_model("courses", "Cohort")
    for row in model._base_manager.iterator():
        row.note_in_clear = row.note
        row.save(update_fields=["note_in_clear"])


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_apologies")]

    operations = [
        migrations.RenameField("cohort", "note", "note_in_clear"),
        migrations.AddField(
            "cohort",
            "note",
            core.fields.EncryptedTextField(blank=True, default="", verbose_name="note"),
        ),
        migrations.RunPython(encrypt, decrypt),
        migrations.RemoveField("cohort", "note_in_clear"),
    ]
