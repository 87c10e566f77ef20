"""The ticked criteria become encrypted: they tell of a person's health."""

from django.db import migrations

import core.fields


def encrypt(apps, schema_editor):
    referral = apps.get_model("referrals", "Referral")
    for row in referral._base_manager.exclude(criteria_in_clear=[]).iterator():
        row.criteria_met = row.criteria_in_clear
        row.save(update_fields=["criteria_met"])


def decrypt(apps, schema_editor):
    referral = apps.get_model("referrals", "Referral")
    for row in referral._base_manager.iterator():
        row.criteria_in_clear = row.criteria_met
        row.save(update_fields=["criteria_in_clear"])


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [
        migrations.RenameField("referral", "criteria_met", "criteria_in_clear"),
        migrations.AddField(
            "referral",
            "criteria_met",
            core.fields.EncryptedLinesField(
                blank=True, default=list, verbose_name="kriterier, der er sat hak ved"
            ),
        ),
        migrations.RunPython(encrypt, decrypt),
        migrations.RemoveField("referral", "criteria_in_clear"),
    ]
