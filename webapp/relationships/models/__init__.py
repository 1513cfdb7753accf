from webapp.relationships.models.clips import ClipFacts, ClipPerson
from webapp.relationships.models.labelling import IdentityRemark, LineRevision, StepRevision
from webapp.relationships.models.locating import InteractionRevision
from webapp.relationships.models.settings import ClipSettings
from webapp.relationships.models.stories import ProjectStory, StoryEdit, StorySettings

__all__ = [
    "ClipFacts",
    "ClipPerson",
    "ClipSettings",
    "IdentityRemark",
    "InteractionRevision",
    "LineRevision",
    "ProjectStory",
    "StepRevision",
    "StoryEdit",
    "StorySettings",
]
