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
            "merged_into",
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
        "personal": ["participant", "kind", "method", "recorded_by", "withdrawn_by"],
        "not_personal": ["programme", "text_version", "given_at", "withdrawn_at"],
    },
    "MessageStop": {
        "personal": ["participant", "stopped_at", "stopped_by", "resumed_at", "resumed_by"],
        "not_personal": ["programme"],
    },
    "Correction": {
        "personal": ["participant", "former", "by"],
        "not_personal": ["programme", "at"],
    },
    "NotSamePerson": {
        "personal": ["one", "other", "noted_by", "ended_by"],
        "not_personal": ["programme", "noted_at", "ended_at"],
    },
    "PersonMerge": {
        "personal": ["kept", "absorbed", "merged_by", "undone_by", "changes"],
        "not_personal": ["programme", "merged_at", "undone_at"],
    },
}
