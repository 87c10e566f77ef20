from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0006_successor")]

    operations = [
        migrations.AddField(
            model_name="referrer",
            name="language",
            field=models.CharField(
                choices=[("da", "Dansk"), ("en", "Engelsk")], default="da", max_length=5, verbose_name="sprog"
            ),
        ),
    ]
