"""WHO-5 and self-rated health, and their results."""
