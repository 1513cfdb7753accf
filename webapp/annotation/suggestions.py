"""What annotators may be shown of what the machines think: which suggestions, of whom, and from where."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from webapp.annotation.models import Clip, ClipSuggestion
from webapp.corpus.models import EmotionSuggestion, FaceTrack

#: How many emotions are shown of a character.
SHOWN = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One emotion of a character in a clip; `emotion` is a primary one or `neutral`."""

    character: int
    emotion: str
    probability: float
    source: str


def suggestions_for(clip: Clip) -> list[Suggestion]:
    """Return the likeliest emotions of each character of a clip, by character, likeliest first.

    They are those of the project's trained model where it says something of the character: it has seen and heard the
    clip. Else they are those of the character's face.
    """
    found = _of_faces(clip) | _of_model(clip)
    return [
        Suggestion(character, emotion, probability, source)
        for character, (source, shares) in sorted(found.items())
        for emotion, probability in likeliest(shares)[:SHOWN]
    ]


def _of_model(clip: Clip) -> dict[int, tuple[str, dict[str, float]]]:
    rows = ClipSuggestion.objects.filter(clip=clip, source=clip.project.prelabel_source)
    return {row.character_id: (row.source, dict(row.probabilities)) for row in rows}


def _of_faces(clip: Clip) -> dict[int, tuple[str, dict[str, float]]]:
    """Return what faces show in the clip's segments, each segment counted by its number of looks."""
    seen = FaceTrack.objects.filter(  # a person may have given the face's tracks to another one
        identity=OuterRef("identity"), start_ms__lt=OuterRef("end_ms"), end_ms__gt=OuterRef("start_ms")
    )
    rows = EmotionSuggestion.objects.current_for(clip.episode_id).filter(
        Exists(seen), identity__character__isnull=False, start_ms__lt=clip.end_ms, end_ms__gt=clip.start_ms
    )
    parts: dict[int, list[tuple[int, dict[str, float]]]] = defaultdict(list)
    for character, looks, probabilities in rows.values_list("identity__character", "looks", "probabilities"):
        parts[character].append((looks, dict(probabilities)))
    return {character: (EmotionSuggestion.EXPRESSION, mean_of(of)) for character, of in parts.items()}


def mean_of(parts: Iterable[tuple[int, dict[str, float]]]) -> dict[str, float]:
    """Return the mean of probabilities, each counted by its weight; an emotion that a part lacks has 0 there."""
    total = 0
    sums: dict[str, float] = defaultdict(float)
    for weight, shares in parts:
        total += weight
        for emotion, share in shares.items():
            sums[emotion] += weight * share
    return {emotion: share / total for emotion, share in sums.items()} if total else {}


def likeliest(shares: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))


def entropy(probabilities: Sequence[Sequence[Any]]) -> float:
    """Return how unsure probabilities are: their entropy as a share of the largest possible, 0 to 1."""
    shares = [share for _, share in probabilities if share > 0]
    if len(probabilities) < 2:
        return 0.0
    return max(0.0, -sum(share * math.log(share) for share in shares) / math.log(len(probabilities)))
