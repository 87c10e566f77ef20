"""Writes of the desk that need more than one package."""
