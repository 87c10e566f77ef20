"""Partners and their people, the ways out to others, links, and those who have shown interest."""

from outreach.models.interested import InterestedPerson
from outreach.models.links import LinkScan, Poster, TrackedLink
from outreach.models.partners import NEWS_SWITCHES, Organisation, Referrer
from outreach.models.partnerships import CooperationAgreement, PartnerDraft
from outreach.models.ways import Activity, Channel

__all__ = [
    "NEWS_SWITCHES",
    "Activity",
    "Channel",
    "CooperationAgreement",
    "InterestedPerson",
    "LinkScan",
    "Organisation",
    "PartnerDraft",
    "Poster",
    "Referrer",
    "TrackedLink",
]
