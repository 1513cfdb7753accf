from webapp.corpus.models.episode import Character, Episode, EpisodeQuerySet, Series
from webapp.corpus.models.facts import (
    EmotionSuggestion,
    FaceTrack,
    Features,
    Identity,
    Proxy,
    Segment,
    Shot,
    SubtitleLine,
    Utterance,
)

__all__ = [
    "Character",
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
    "SubtitleLine",
    "Utterance",
]
