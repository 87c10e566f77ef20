from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_nudge_gap"),
        ("referrals", "0014_ready_nudge_rules"),  # which has taken the weeks over
    ]

    operations = [migrations.RemoveField(model_name="programme", name="nudge_silent_weeks")]
