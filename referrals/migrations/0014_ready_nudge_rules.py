"""Give every programme the ready rules, and let the silent referrer's go on as it was.

A programme that runs gets no mail of a new kind by an update: its other rules are off, and nothing is
measured, until somebody says so.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

# Trigger, mode, audience, days to wait, days before the same rule again.
RULES = (
    ("hand_over", "approve", "all", 1, 60),
    ("after_visit", "approve", "all", 2, 30),
    ("deadline", "approve", "all", 10, 30),
    ("under_filled", "approve", "all", 28, 30),
    ("new_cohort", "approve", "all", 1, 30),
    ("thanks", "approve", "all", 30, 150),
    ("news", "approve", "ambassadors", 0, 25),
    ("silent", "automatic", "all", 42, 42),
)
PLANNED_ANEW = "Påmindelser følger nu regler, og den planlægges efter dem."


def give_rules(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the rules, and keep for each referrer the last reminder of the time before them."""
    NudgeRule = apps.get_model("referrals", "NudgeRule")
    OutboundMessage = apps.get_model("messaging", "OutboundMessage")
    now = timezone.now()
    for programme in apps.get_model("accounts", "Programme").objects.all():
        for trigger, mode, audience, wait, cap in RULES:
            silent = trigger == "silent"
            rule = NudgeRule.objects.create(
                programme=programme,
                trigger=trigger,
                is_on=silent,
                mode=mode,
                audience=audience,
                wait_days=programme.nudge_silent_weeks * 7 if silent else wait,
                cap_days=programme.nudge_silent_weeks * 7 if silent else cap,
                changed_at=now,
            )
        _keep_the_last(apps, rule, now)
    former = OutboundMessage.objects.filter(kind="silent_referrer")
    former.filter(state="planned").update(state="cancelled", cancelled_because=PLANNED_ANEW)
    former.update(kind="nudge")


def _keep_the_last(apps, rule, now) -> None:
    Nudge = apps.get_model("referrals", "Nudge")
    left = apps.get_model("messaging", "OutboundMessage").objects.filter(
        programme=rule.programme, kind="silent_referrer"
    )
    newest = (
        left.exclude(state="planned").order_by("referrer_id", "-planned_at", "-pk").distinct("referrer_id")
    )
    if not newest.exists():
        return
    round_ = apps.get_model("referrals", "NudgeRound").objects.create(
        programme=rule.programme, rule=rule, occasion="before", seed=0, is_measured=False, opened_at=now
    )
    Nudge.objects.bulk_create(
        (
            Nudge(
                programme=rule.programme,
                round=round_,
                referrer_id=message.referrer_id,
                drawn_at=message.planned_at,
                due_at=message.planned_at,
                decided_at=message.planned_at,
                state="planned",
                message=message,
            )
            for message in newest
        ),
        batch_size=1000,
    )


def take_back(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let the programme's own weeks say again when a referrer is silent."""
    for rule in apps.get_model("referrals", "NudgeRule").objects.filter(trigger="silent"):
        weeks = min(max(rule.wait_days // 7, 2), 52)
        apps.get_model("accounts", "Programme").objects.filter(pk=rule.programme_id).update(
            nudge_silent_weeks=weeks
        )
    apps.get_model("messaging", "OutboundMessage").objects.filter(kind="nudge").update(kind="silent_referrer")
    for model in ("Nudge", "NudgeRound", "NudgeRule"):
        apps.get_model("referrals", model).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_nudge_gap"),
        ("messaging", "0006_interested_go"),
        ("referrals", "0013_nudge_rules"),
    ]

    operations = [migrations.RunPython(give_rules, take_back)]
