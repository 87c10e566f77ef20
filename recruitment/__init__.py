"""The desk: every page that needs more than one package knows."""
