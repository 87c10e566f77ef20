"""Tasks: what needs doing, by whom, when and why."""
