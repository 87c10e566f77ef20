"""No domain: encryption, link tokens, personal-data registry, form rendering, Danish locale."""
