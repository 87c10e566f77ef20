"""The forms people arrive by, the referrer's own page, nudges."""
