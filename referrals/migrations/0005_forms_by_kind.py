"""A kind for each form, and the name of a referral's column says what it holds."""

from django.conf import settings
from django.db import migrations, models

NEW = ["psychologist", "municipality", "union", "housing", "association", "education"]


def fold_new_kinds(apps, schema_editor):
    for model in ("Referral", "HeldArrival"):
        rows = apps.get_model("referrals", model)._base_manager
        rows.filter(kind__in=NEW).update(kind="other_professional")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("outreach", "0003_known_values"),
        ("participants", "0002_known_values"),
        ("referrals", "0004_intake_import"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="heldarrival",
            name="referrals_heldarrival_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="referral",
            name="referrals_referral_kind_known",
        ),
        migrations.RenameField(
            model_name="referral",
            old_name="form_version",
            new_name="agreement_text",
        ),
        migrations.AlterField(
            model_name="heldarrival",
            name="kind",
            field=models.CharField(
                choices=[
                    ("jobcentre", "Jobcenter"),
                    ("gp", "Praktiserende læge"),
                    ("psychologist", "Psykolog eller anden behandler"),
                    ("municipality", "Anden afdeling i kommunen"),
                    ("union", "Fagforening"),
                    ("housing", "Boligforening"),
                    ("association", "Forening eller frivilligt tilbud"),
                    ("education", "Uddannelsessted"),
                    ("other_professional", "Anden fagperson"),
                    ("self", "Personen selv"),
                    ("coordinator", "Oprettet af koordinatoren"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="referral",
            name="kind",
            field=models.CharField(
                choices=[
                    ("jobcentre", "Jobcenter"),
                    ("gp", "Praktiserende læge"),
                    ("psychologist", "Psykolog eller anden behandler"),
                    ("municipality", "Anden afdeling i kommunen"),
                    ("union", "Fagforening"),
                    ("housing", "Boligforening"),
                    ("association", "Forening eller frivilligt tilbud"),
                    ("education", "Uddannelsessted"),
                    ("other_professional", "Anden fagperson"),
                    ("self", "Personen selv"),
                    ("coordinator", "Oprettet af koordinatoren"),
                ],
                max_length=20,
                verbose_name="henvist af",
            ),
        ),
        migrations.AddConstraint(
            model_name="heldarrival",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "jobcentre",
                            "gp",
                            "psychologist",
                            "municipality",
                            "union",
                            "housing",
                            "association",
                            "education",
                            "other_professional",
                            "self",
                            "coordinator",
                        ],
                    )
                ),
                name="referrals_heldarrival_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "jobcentre",
                            "gp",
                            "psychologist",
                            "municipality",
                            "union",
                            "housing",
                            "association",
                            "education",
                            "other_professional",
                            "self",
                            "coordinator",
                        ],
                    )
                ),
                name="referrals_referral_kind_known",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, fold_new_kinds),
    ]
