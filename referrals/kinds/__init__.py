"""The messages of this package: who may get them, and how they read.

None names the citizen to a referrer or the programme's field to a citizen; health stands in no mail.
"""

from referrals.kinds.interested import INTERESTED_INVITATION
from referrals.kinds.letters import LETTERS
from referrals.kinds.link import REFERRER_LINK
from referrals.kinds.news import NEWS
from referrals.kinds.nudges import NUDGE
from referrals.kinds.receipts import RECEIPTS

KINDS = (*RECEIPTS, *LETTERS, NEWS, NUDGE, REFERRER_LINK, INTERESTED_INVITATION)

__all__ = ["KINDS"]
