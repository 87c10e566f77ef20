"""Which fields of this package's models are about a person; `apps.py` hands it to the registry."""

PERSONAL_DATA = {
    "FormVersion": {
        "personal": ["published_by"],
        "not_personal": ["programme", "kind", "number", "content", "published_at"],
    },
    "Referral": {
        "personal": [
            "reference",
            "participant",
            "referrer",
            "tracked_link",
            "activity",
            "interested",
            "workplace",
            "reason",
            "situation",
            "considerations",
            "criteria_met",
            "heard_about",
            "heard_about_text",
            "feedback_allowed",
            "entered_by",
        ],
        "not_personal": [
            "programme",
            "kind",
            "intake",
            "agreement_text",
            "form_version",
            "submission_key",
            "received_at",
        ],
    },
    "HeldArrival": {
        "personal": ["reference", "answers", "tracked_link", "decided_by"],
        "not_personal": [
            "programme",
            "kind",
            "form_version",
            "reasons",
            "submission_key",
            "received_at",
            "released_at",
            "discarded_at",
        ],
    },
    "WaitingArrival": {
        "personal": ["reference", "answers", "tracked_link"],
        "not_personal": ["programme", "kind", "form_version", "submission_key", "received_at"],
    },
    "NewsTold": {"personal": ["referral", "news", "message"], "not_personal": ["programme"]},
    "LinkRequest": {
        "personal": ["email_hash"],
        "not_personal": ["programme", "requested_at"],
    },
    "ImportDraft": {
        "personal": ["file_name", "content", "decisions", "created_by"],
        "not_personal": ["programme", "row_count", "created_at", "closed_at"],
    },
}
