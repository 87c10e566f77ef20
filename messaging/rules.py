"""Rules that a kind of message obeys and that need no package above this one."""

from django.db.models import Q

from messaging.kinds import Rule


def switched_on(field: str, why_not: str = "Programmet har slået beskeden fra.") -> Rule:
    """Return the rule that the programme has its switch `field` on."""
    return Rule("programme_on", lambda now: Q(**{f"programme__{field}": True}), why_not)
