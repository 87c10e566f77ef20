"""The person, the path, contact attempts and agreements."""
