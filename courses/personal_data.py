"""Which fields of this package's models are about a person; `apps.py` hands it to the registry."""

PERSONAL_DATA = {
    "Venue": {"personal": [], "not_personal": ["programme", "name", "address", "directions"]},
    "Cohort": {
        "personal": ["note"],
        "not_personal": [
            "programme",
            "name",
            "starts_on",
            "ends_on",
            "capacity",
            "venue",
            "cancelled_at",
            "created_at",
        ],
    },
    "Session": {
        "personal": [],
        "not_personal": ["programme", "cohort", "title", "venue", "starts_at", "ends_at"],
    },
    "Enrolment": {
        "personal": ["cohort", "participant", "state", "state_changed_by", "started_at", "completed_at"],
        "not_personal": ["programme", "state_changed_at", "created_at"],
    },
    "Attendance": {
        "personal": ["session", "enrolment", "state", "recorded_by"],
        "not_personal": ["programme", "recorded_at"],
    },
}
