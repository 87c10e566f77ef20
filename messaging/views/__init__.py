"""Pages of the outbox, one module per audience."""
