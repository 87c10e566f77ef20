"""Cohorts, sessions, seats, enrolment and attendance."""
