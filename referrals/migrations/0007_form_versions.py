"""The versions of the forms: a row that stands is never changed, save for who published it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.constraints

# Who published may be erased; the rest of a version is what people have read and agreed to.
NEVER_CHANGED = """
CREATE FUNCTION referrals_formversion_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A version of a form is never changed.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER referrals_formversion_never_changed BEFORE UPDATE ON referrals_formversion FOR EACH ROW
WHEN ((OLD.id, OLD.programme_id, OLD.kind, OLD.number, OLD.content, OLD.published_at)
    IS DISTINCT FROM (NEW.id, NEW.programme_id, NEW.kind, NEW.number, NEW.content, NEW.published_at))
EXECUTE FUNCTION referrals_formversion_never_changed();
"""
MAY_CHANGE = """
DROP TRIGGER referrals_formversion_never_changed ON referrals_formversion;
DROP FUNCTION referrals_formversion_never_changed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("outreach", "0003_known_values"),
        ("participants", "0002_known_values"),
        ("referrals", "0006_messages_on_the_path"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
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
                        verbose_name="formular",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("content", models.JSONField()),
                ("published_at", models.DateTimeField(verbose_name="udgivet")),
                (
                    "programme",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.programme",
                        verbose_name="program",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "version af en formular",
                "verbose_name_plural": "versioner af formularer",
            },
        ),
        migrations.AddField(
            model_name="heldarrival",
            name="form_version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="referrals.formversion",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="form_version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="referrals",
                to="referrals.formversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(
                fields=("id", "programme"), name="referrals_formversion_programme_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="heldarrival",
            constraint=core.constraints.SameProgramme(
                field="form_version", name="referrals_heldarrival_form_version_same_programme"
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=core.constraints.SameProgramme(
                field="form_version", name="referrals_referral_form_version_same_programme"
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
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
                name="referrals_formversion_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(
                fields=("programme", "kind", "number"), name="referrals_formversion_one_number"
            ),
        ),
        migrations.RunSQL(NEVER_CHANGED, MAY_CHANGE),
    ]
