"""Which fields of this package's models are about a person; `apps.py` hands it to the registry."""

PERSONAL_DATA = {
    "Organisation": {
        "personal": ["note"],
        "not_personal": ["programme", "name", "name_key", "kind", "created_at"],
    },
    "Referrer": {
        "personal": [
            "organisation",
            "name",
            "name_key",
            "title",
            "email",
            "email_hash",
            "phone",
            "phone_hash",
            "is_key_person",
            "is_ambassador",
            "onboarded_on",
            "tried_activity_on",
            "left_on",
            "paused_until",
            "stopped_at",
            "news_receipt",
            "news_contact",
            "news_placed",
            "news_started",
            "news_closed",
            "last_referral_at",
        ],
        "not_personal": ["programme", "created_at"],
    },
    "Channel": {
        "personal": ["referrer"],
        "not_personal": [
            "programme",
            "name",
            "name_key",
            "arena",
            "strategy",
            "organisation",
            "is_active",
            "created_at",
        ],
    },
    "Activity": {
        "personal": ["note", "created_by"],
        "not_personal": [
            "programme",
            "channel",
            "organisation",
            "kind",
            "title",
            "planned_on",
            "held_on",
            "place",
            "minutes",
            "people_reached",
            "cost",
            "state",
            "created_at",
        ],
    },
    "TrackedLink": {
        "personal": ["created_by"],
        "not_personal": [
            "programme",
            "code",
            "target",
            "label",
            "channel",
            "organisation",
            "activity",
            "created_at",
            "retired_at",
        ],
    },
    # Counts alone: who scanned is stored nowhere.
    "LinkScan": {"not_personal": ["programme", "link", "on", "count"]},
    "Poster": {
        "not_personal": ["programme", "link", "language", "headline", "lines", "shows_next_start", "saved_at"]
    },
}
