from webapp.relationships.models.clips import ClipFacts, ClipPerson
from webapp.relationships.models.settings import ClipSettings

__all__ = ["ClipFacts", "ClipPerson", "ClipSettings"]
