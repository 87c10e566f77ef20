"""Which fields of this package's models are about a person; `apps.py` hands it to the registry."""

PERSONAL_DATA = {
    "Participant": {
        "personal": [
            "reference",
            "pseudonym",
            "given_name",
            "family_name",
            "name_key",
            "name_folded",
            "phone",
            "phone_hash",
            "email",
            "email_hash",
            "birth_year",
            "postcode",
            "language",
            "contact_wishes",
            "note",
            "stage",
            "stage_changed_at",
            "outcome",
            "messages_stopped_at",
        ],
        "not_personal": ["programme", "created_at"],
    },
    "StageChange": {
        "personal": ["participant", "from_stage", "to_stage", "outcome", "reason", "by"],
        "not_personal": ["programme", "at"],
    },
    "ContactAttempt": {
        "personal": ["participant", "method", "outcome", "note", "by"],
        "not_personal": ["programme", "at"],
    },
    "Agreement": {
        "personal": ["participant", "kind", "method", "recorded_by"],
        "not_personal": ["programme", "text_version", "given_at", "withdrawn_at"],
    },
}
