"""Partner organisations and referrers."""
