from django.db import migrations, models

from core.danish import fold


def fold_names(apps, schema_editor):
    # The base manager: a migration runs outside any programme's scope.
    organisations = apps.get_model("outreach", "Organisation")._base_manager
    for organisation in organisations.only("pk", "name").iterator():
        organisations.filter(pk=organisation.pk).update(name_folded=fold(organisation.name)[:600])


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0013_words_of_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="name_folded",
            field=models.CharField(default="", editable=False, max_length=600),
            preserve_default=False,
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
    ]
