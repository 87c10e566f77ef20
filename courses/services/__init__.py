"""Every write to cohorts, sessions, seats and attendance."""

from courses.services.apologies import apologise, take_back_apology
from courses.services.attendance import record_attendance
from courses.services.cohorts import cancel_cohort, create_cohort, update_cohort
from courses.services.endings import end_enrolment, finish_cohort, finish_enrolment
from courses.services.refusals import (
    AlreadyPlaced,
    ApologyNotPossible,
    AttendanceNoted,
    CapacityTooSmall,
    CohortFull,
    CohortNotOver,
    CohortOver,
    CohortTooLong,
    EndingMissing,
    EndingNotPossible,
    EndsBeforeStart,
    NameTaken,
    NoSessionDays,
    NotOnCohort,
    NotReady,
    Refused,
    SeatFree,
    SessionNotHeld,
    SessionOutsideCohort,
    SessionOverlaps,
    SessionsOutside,
)
from courses.services.seats import leave_cohorts, place_participant, release_seat
from courses.services.sessions import add_session, add_weekly_sessions, change_session, remove_session
from courses.services.venues import create_venue, update_venue
from courses.services.waiting import leave_waiting_list, put_on_waiting_list

__all__ = [
    "AlreadyPlaced",
    "ApologyNotPossible",
    "AttendanceNoted",
    "CapacityTooSmall",
    "CohortFull",
    "CohortNotOver",
    "CohortOver",
    "CohortTooLong",
    "EndingMissing",
    "EndingNotPossible",
    "EndsBeforeStart",
    "NameTaken",
    "NoSessionDays",
    "NotOnCohort",
    "NotReady",
    "Refused",
    "SeatFree",
    "SessionNotHeld",
    "SessionOutsideCohort",
    "SessionOverlaps",
    "SessionsOutside",
    "add_session",
    "add_weekly_sessions",
    "apologise",
    "cancel_cohort",
    "change_session",
    "create_cohort",
    "create_venue",
    "end_enrolment",
    "finish_cohort",
    "finish_enrolment",
    "leave_cohorts",
    "leave_waiting_list",
    "place_participant",
    "put_on_waiting_list",
    "record_attendance",
    "release_seat",
    "remove_session",
    "take_back_apology",
    "update_cohort",
    "update_venue",
]
