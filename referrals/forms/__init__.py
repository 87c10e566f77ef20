"""The forms people arrive by, the coordinator's own, and the filter of the list."""
