"""Every write of the forms people arrive by, and of a referrer's own choices about reminders."""

from referrals.services.answers import Answers, ReferrerAnswers
from referrals.services.arrivals import likely_same_as, receive_referral
from referrals.services.form_versions import (
    FormChangedMeanwhile,
    ShownForm,
    current_form,
    current_forms,
    form_of,
    keep_version,
    keep_versions,
    opened_form,
    publish_form,
)
from referrals.services.imports import (
    DraftContent,
    answer_draft,
    drop_draft,
    forget_import_drafts,
    import_draft,
    keep_draft,
    open_draft,
)
from referrals.services.interest import (
    INTERESTED_STOP,
    CohortIsFull,
    has_room,
    invite_interested,
    preview_invitation,
    take_interest,
)
from referrals.services.letters import LetterNotPossible, plan_first_letter, plan_letters
from referrals.services.link_requests import (
    TooManyLinkRequests,
    answer_link_request,
    request_referrer_link,
    waiting_link_requests,
)
from referrals.services.links import referrer_page_url
from referrals.services.lists import (
    AnswerMissing,
    Decision,
    ListedArrival,
    ListResult,
    call_days,
    likely_same_of_list,
    receive_list,
)
from referrals.services.matching import (
    LEFT_OUT,
    NEW,
    Match,
    Matches,
    PersonGone,
    decisions_of,
    matches_of_list,
    sure_answers,
    unanswered,
)
from referrals.services.news import plan_referrer_news
from referrals.services.nudge_decisions import NudgeHasMovedOn, approve_nudges, drop_nudge, reword_nudge
from referrals.services.nudge_rules import change_rule, create_ready_rules
from referrals.services.nudges import plan_nudges
from referrals.services.quarantine import (
    ArrivalAlreadyDecided,
    discard_arrival,
    hold_arrival,
    release_arrival,
    take_arrival,
)
from referrals.services.reminders import (
    PAUSE_MONTHS,
    PauseNotOffered,
    choose_news,
    pause_reminders,
    point_elsewhere,
    resume_reminders,
    stop_reminders,
)
from referrals.services.resemblance import settle_resemblance
from referrals.services.waiting import receive_arrival, receive_waiting_arrivals

__all__ = [
    "INTERESTED_STOP",
    "CohortIsFull",
    "has_room",
    "invite_interested",
    "preview_invitation",
    "take_interest",
    "LEFT_OUT",
    "NEW",
    "PAUSE_MONTHS",
    "AnswerMissing",
    "Answers",
    "ArrivalAlreadyDecided",
    "Decision",
    "DraftContent",
    "FormChangedMeanwhile",
    "LetterNotPossible",
    "ListResult",
    "ListedArrival",
    "Match",
    "Matches",
    "NudgeHasMovedOn",
    "PauseNotOffered",
    "PersonGone",
    "ReferrerAnswers",
    "ShownForm",
    "TooManyLinkRequests",
    "answer_draft",
    "answer_link_request",
    "approve_nudges",
    "call_days",
    "change_rule",
    "choose_news",
    "create_ready_rules",
    "current_form",
    "current_forms",
    "decisions_of",
    "discard_arrival",
    "drop_draft",
    "drop_nudge",
    "forget_import_drafts",
    "form_of",
    "hold_arrival",
    "import_draft",
    "keep_draft",
    "keep_version",
    "keep_versions",
    "likely_same_as",
    "likely_same_of_list",
    "matches_of_list",
    "open_draft",
    "opened_form",
    "pause_reminders",
    "point_elsewhere",
    "plan_first_letter",
    "plan_letters",
    "plan_referrer_news",
    "plan_nudges",
    "publish_form",
    "receive_arrival",
    "receive_list",
    "receive_referral",
    "receive_waiting_arrivals",
    "referrer_page_url",
    "release_arrival",
    "request_referrer_link",
    "resume_reminders",
    "reword_nudge",
    "settle_resemblance",
    "stop_reminders",
    "sure_answers",
    "take_arrival",
    "unanswered",
    "waiting_link_requests",
]
