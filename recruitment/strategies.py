"""Of which of the three strategies something is, where no channel says it."""

from outreach.enums import ActivityKind, Strategy
from referrals.enums import HeardAbout

# What is done without a channel is of the strategy that such things are (Esbjerg's three).
STRATEGY_OF_KIND: dict[str, Strategy] = {
    ActivityKind.VISIT: Strategy.DELIMITED,
    ActivityKind.TALK: Strategy.DELIMITED,
    ActivityKind.INFORMATION_MEETING: Strategy.DELIMITED,
    ActivityKind.EVENT: Strategy.DELIMITED,
    ActivityKind.POSTERS: Strategy.OPEN,
    ActivityKind.NEWSLETTER: Strategy.OPEN,
    ActivityKind.PHONE: Strategy.TARGETED,
}
# What people say tells of a strategy where it names one of our ways; a friend or a doctor does not.
STRATEGY_OF_WORDS: dict[str, Strategy] = {
    HeardAbout.POSTER: Strategy.OPEN,
    HeardAbout.WEB: Strategy.OPEN,
    HeardAbout.PAPER: Strategy.OPEN,
    HeardAbout.VISIT: Strategy.DELIMITED,
}
