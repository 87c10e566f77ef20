"""How many will have begun when a cohort starts: an estimate from the programme's own history.

`history` holds what has happened, `rates` learns from it, `model` looks ahead. Nothing here asks the
database: `recruitment.queries.forecast` does, and `bench/forecast.py` brings invented programmes.
"""
