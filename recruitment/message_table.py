"""Which message is sent under which agreement: the table of docs/agreements-and-messages.md.

Nothing is decided here. A kind of message declares the rules it obeys, and the statement that claims a
message asks those very rules; a situation says which rules it breaks. `manage.py write_message_table`
writes the page, and a test tries each cell against the running code.
"""

from dataclasses import dataclass

from django.utils import translation

from messaging.kinds import Kind, Rule, known_kinds
from referrals.enums import MessageKind, News

PAGE = "docs/agreements-and-messages.md"
HEAD = (
    "# Agreements and messages\n\n"
    "Written by `manage.py write_message_table` from the rules that each kind of message declares; a test "
    "compares the two, and another makes every cell happen. Each rule is asked at the moment of sending. "
    "Where nothing else is said, the citizen agreed with this very referral that the referrer hears how it "
    "goes, everybody has an address, and nothing is switched off or stopped.\n\n"
    "**sent** means that this column does not hold the message back. A number is the reason that is kept "
    "with the message, below.\n"
)


@dataclass(frozen=True)
class Situation:
    """A column: the names of the rules that do not hold in it."""

    name: str
    heading: str
    breaks: frozenset[str] = frozenset()


SITUATIONS = (
    Situation("none", "no agreement", frozenset({"citizen_agreed"})),
    Situation("referred", "agreed to be referred only", frozenset({"citizen_agreed"})),
    Situation("feedback", "agreed to feedback with this referral"),
    Situation("earlier", "agreed to feedback earlier, to somebody else", frozenset({"citizen_agreed"})),
    Situation("withdrawn", "feedback withdrawn", frozenset({"citizen_agreed"})),
    Situation("taken_over", "sent by a colleague whom the referrer has taken over from"),
    Situation(
        "older_words",
        "likewise, with a yes to words that name no colleague",
        frozenset({"colleague_named"}),
    ),
    Situation("later_contact", "agreed to later contact only", frozenset({"citizen_agreed"})),
    Situation("messages_stopped", "citizen stopped messages", frozenset({"messages_wanted"})),
    Situation("paused", "referrer paused reminders", frozenset({"reminders_not_on_pause"})),
    Situation("stopped", "referrer stopped reminders", frozenset({"reminders_not_stopped"})),
    Situation("left", "referrer left the job", frozenset({"referrer_there"})),
    Situation("programme_off", "switched off by the programme", frozenset({"programme_on"})),
    Situation("referrer_off", "switched off by the referrer", frozenset({"referrer_on"})),
)


@dataclass(frozen=True)
class Row:
    """A row: a kind of message, or one piece of the news that a referrer gets in one mail."""

    kind: Kind
    news: News | None = None

    @property
    def name(self) -> str:
        return f"{self.kind.name}_{self.news}" if self.news else self.kind.name

    @property
    def label(self) -> str:
        return f"{self.kind.label}: {self.news.label}" if self.news else str(self.kind.label)


def rows() -> list[Row]:
    """Return a row for every kind of message, and for each piece of news."""
    found = []
    for kind in known_kinds():
        pieces = list(News) if kind.name == MessageKind.REFERRER_NEWS else [None]
        found += [Row(kind, piece) for piece in pieces]
    return found


def broken_rule(row: Row, situation: Situation) -> Rule | None:
    """Return the rule whose sentence is kept when the message is held back, None when it is sent."""
    return next((rule for rule in row.kind.rules if rule.name in situation.breaks), None)


def page() -> str:
    """Return the page as it is kept in docs/, with the messages' Danish names as on the screen."""
    with translation.override("da"):
        reasons: dict[str, int] = {}
        lines = []
        for row in rows():
            cells = []
            for situation in SITUATIONS:
                rule = broken_rule(row, situation)
                number = reasons.setdefault(rule.why_not, len(reasons) + 1) if rule else None
                cells.append(f"no ({number})" if number else "sent")
            lines.append(f"| {row.label} | {' | '.join(cells)} |")
        heading = f"| message | {' | '.join(situation.heading for situation in SITUATIONS)} |"
        ruler = "|---" * (len(SITUATIONS) + 1) + "|"
        listed = [f"{number}. {reason}" for reason, number in reasons.items()]
        return "\n".join(
            [HEAD, heading, ruler, *lines, "", "Reasons, as the coordinator reads them:", "", *listed, ""]
        )
