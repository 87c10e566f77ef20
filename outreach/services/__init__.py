"""Every write to partners, ways out, activities and the links that tell them apart."""

from outreach.services.activities import (
    ActivityAlreadyClosed,
    complete_activity,
    drop_activity,
    note_contact,
    plan_activity,
    update_activity,
)
from outreach.services.agreements import (
    ReviewNotLater,
    agree_on_cooperation,
    end_cooperation,
    set_next_step,
)
from outreach.services.care import settle_partner
from outreach.services.channels import (
    ChannelNameTaken,
    create_channel,
    create_starting_channels,
    update_channel,
)
from outreach.services.interested import (
    InterestEnded,
    add_interested,
    discard_interested,
    forget_old_interest,
    mark_turned,
    release_interested,
    resume_interest,
    stop_interest,
)
from outreach.services.links import (
    create_tracked_link,
    record_scan,
    rename_tracked_link,
    resume_tracked_link,
    retire_tracked_link,
    save_poster,
)
from outreach.services.partners import (
    OrganisationNameTaken,
    ReferrerEmailTaken,
    create_organisation,
    create_referrer,
    find_or_create_organisation,
    find_or_create_referrer,
    update_organisation,
    update_referrer,
)
from outreach.services.succession import (
    LEAVES,
    SuccessorNotPossible,
    ask_who_takes_over,
    mark_referrer_here,
    mark_referrer_left,
    note_referral,
)
from outreach.services.tending import tend_partners

__all__ = [
    "InterestEnded",
    "LEAVES",
    "add_interested",
    "discard_interested",
    "forget_old_interest",
    "mark_turned",
    "release_interested",
    "resume_interest",
    "stop_interest",
    "SuccessorNotPossible",
    "ask_who_takes_over",
    "mark_referrer_here",
    "ActivityAlreadyClosed",
    "ChannelNameTaken",
    "OrganisationNameTaken",
    "ReferrerEmailTaken",
    "ReviewNotLater",
    "agree_on_cooperation",
    "end_cooperation",
    "note_contact",
    "set_next_step",
    "settle_partner",
    "tend_partners",
    "complete_activity",
    "create_channel",
    "create_organisation",
    "create_referrer",
    "create_starting_channels",
    "create_tracked_link",
    "drop_activity",
    "find_or_create_organisation",
    "find_or_create_referrer",
    "mark_referrer_left",
    "note_referral",
    "plan_activity",
    "record_scan",
    "rename_tracked_link",
    "resume_tracked_link",
    "retire_tracked_link",
    "save_poster",
    "update_activity",
    "update_channel",
    "update_organisation",
    "update_referrer",
]
