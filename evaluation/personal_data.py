"""Which fields of this package's models are about a person; `apps.py` hands it to the registry."""

PERSONAL_DATA = {
    "Invitation": {
        "personal": ["participant", "created_by", "answered_at"],
        "not_personal": ["programme", "occasion", "created_at"],
    },
    "Response": {
        "personal": [
            "participant",
            "pseudonym",
            "who5_1",
            "who5_2",
            "who5_3",
            "who5_4",
            "who5_5",
            "raw_score",
            "self_rated_health",
            "comment",
            "language",
            "entered_by",
            "answered_on",
        ],
        "not_personal": ["programme", "occasion", "text_version", "mode", "recorded_at"],
    },
    "MissingReason": {
        "personal": ["participant", "reason", "noted_by"],
        "not_personal": ["programme", "occasion", "noted_at"],
    },
}
