from webapp.annotation.models.answers import Moment, MomentEvent, StateRevision
from webapp.annotation.models.project import Membership, Project, ProjectEpisode
from webapp.annotation.models.suggestions import ClipSuggestion
from webapp.annotation.models.work import Assignment, Clip, ClipMoment, Task

__all__ = [
    "Assignment",
    "Clip",
    "ClipMoment",
    "ClipSuggestion",
    "Membership",
    "Moment",
    "MomentEvent",
    "Project",
    "ProjectEpisode",
    "StateRevision",
    "Task",
]
