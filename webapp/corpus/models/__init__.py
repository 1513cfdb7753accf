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
    "Character",
    "DialogueCorrection",
    "EmotionSuggestion",
    "Episode",
    "EpisodeQuerySet",
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
