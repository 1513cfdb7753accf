from webapp.corpus.models.casting import CastingEvent, FaceReference
from webapp.corpus.models.corrections import DialogueCorrection
from webapp.corpus.models.episode import Character, Episode, EpisodeQuerySet, Series
from webapp.corpus.models.facts import (
    EmotionSuggestion,
    FaceTrack,
    Features,
    Identity,
    Proxy,
    Segment,
    Shot,
    SpokenLine,
    StorySegment,
    SubtitleLine,
    Utterance,
)

__all__ = [
    "CastingEvent",
    "Character",
    "DialogueCorrection",
    "EmotionSuggestion",
    "Episode",
    "EpisodeQuerySet",
    "FaceReference",
    "FaceTrack",
    "Features",
    "Identity",
    "Proxy",
    "Segment",
    "Series",
    "Shot",
    "SpokenLine",
    "StorySegment",
    "SubtitleLine",
    "Utterance",
]
