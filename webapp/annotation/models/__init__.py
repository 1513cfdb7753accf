from webapp.annotation.models.answers import Moment, MomentEvent, StateRevision
from webapp.annotation.models.exemplars import Exemplar
from webapp.annotation.models.project import Membership, Project, ProjectEpisode
from webapp.annotation.models.suggestions import ClipSuggestion
from webapp.annotation.models.training import TrainingClip
from webapp.annotation.models.watching import Calibration, Watched
from webapp.annotation.models.work import Assignment, Clip, ClipMoment, Task

__all__ = [
    "Assignment",
    "Calibration",
    "Clip",
    "ClipMoment",
    "ClipSuggestion",
    "Exemplar",
    "Membership",
    "Moment",
    "MomentEvent",
    "Project",
    "ProjectEpisode",
    "StateRevision",
    "Task",
    "TrainingClip",
    "Watched",
]
