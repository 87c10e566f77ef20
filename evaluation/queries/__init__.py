"""Every read of measures: one person's, who lacks one, and the results of many."""

from evaluation.queries.participant import ParticipantMeasures, participant_measures

__all__ = ["ParticipantMeasures", "participant_measures"]
