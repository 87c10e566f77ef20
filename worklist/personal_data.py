"""Which fields of this package's models are about a person; `apps.py` hands it to the registry."""

PERSONAL_DATA = {
    "Task": {
        "personal": ["participant", "referrer", "message", "why", "assigned_to", "closed_by"],
        "not_personal": [
            "programme",
            "kind",
            "cohort",
            "activity",
            "organisation",
            "due_on",
            "minutes",
            "state",
            "created_at",
            "closed_at",
        ],
    },
}
