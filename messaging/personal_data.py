"""Which fields of this package's models are about a person; `apps.py` hands it to the registry."""

PERSONAL_DATA = {
    "OutboundMessage": {
        "personal": [
            "unique_key",
            "participant",
            "referrer",
            "interested",
            "user",
            "subject_ids",
            "message_id",
            "address",
            "subject",
            "body",
            "cancelled_because",  # names the colleague who chose so
        ],
        "not_personal": [
            "programme",
            "kind",
            "channel",
            "state",
            "planned_at",
            "send_after",
            "attempts",
            "claimed_at",
            "in_line",
            "sent_at",
            "delivered_at",
            "returned_at",
            "fault",
        ],
    },
    "DeadAddress": {
        "personal": ["address_hash"],
        "not_personal": ["programme", "channel", "since"],
    },
}
