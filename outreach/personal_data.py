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
            "last_referral_at",
        ],
        "not_personal": ["programme", "created_at"],
    },
}
