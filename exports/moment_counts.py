"""What a paper reports of moments and the clips made of them (MEmoR protocol, rule 4), as plain values.

Every moment of an episode whose turns are all done has a clip. Identical clips are made once, so
moments = clips + duplicates + waiting, where a moment waits until its episode is complete. A clip that is too long is
among the clips, but is not labelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from exports.snapshot import ProjectSnapshot


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that stands; `time_ms` is the one that makes clips. Without a clip it still waits for one."""

    time_ms: int
    is_corrected: bool
    clip_id: int | None
    too_long: bool = False


@dataclass(frozen=True, slots=True)
class MarkedTurn:
    """What one annotator marked in one episode, when done with it."""

    episode_id: int
    annotator: str
    duration_ms: int
    watched_ms: int
    marks: tuple[Mark, ...]
    removed: int
    """Moments that the annotator took back."""


@dataclass(frozen=True, slots=True)
class MomentCounts:
    """Of an episode, an annotator or a project."""

    turns: int
    moments: int
    removed: int
    corrected: int
    """Moments whose clip time is without the reaction time."""
    waiting: int
    clips: int
    duplicates: int
    """Moments whose clip another one had made."""
    too_long: int
    """Clips of 30 s and more."""
    watched_share: float | None
    """Of the turns' length, 0 to 1; None without a turn."""
    per_minute: float | None
    """Moments a minute of one annotator's watching; None without a turn."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def count_moments(turns: Iterable[MarkedTurn]) -> MomentCounts:
    """Count the moments of some turns and the clips that came of them."""
    turns = list(turns)
    marks = [mark for turn in turns for mark in turn.marks]
    length_ms = sum(turn.duration_ms for turn in turns)
    clips = {mark.clip_id for mark in marks if mark.clip_id is not None}
    waiting = sum(mark.clip_id is None for mark in marks)
    return MomentCounts(
        turns=len(turns),
        moments=len(marks),
        removed=sum(turn.removed for turn in turns),
        corrected=sum(mark.is_corrected for mark in marks),
        waiting=waiting,
        clips=len(clips),
        duplicates=len(marks) - waiting - len(clips),
        too_long=len({mark.clip_id for mark in marks if mark.too_long}),
        watched_share=sum(turn.watched_ms for turn in turns) / length_ms if length_ms else None,
        per_minute=60_000 * len(marks) / length_ms if length_ms else None,
    )


def by_annotator(turns: Sequence[MarkedTurn]) -> dict[str, MomentCounts]:
    """Return annotator -> counts, by name. A clip that two made counts for both."""
    names = sorted({turn.annotator for turn in turns})
    return {name: count_moments(turn for turn in turns if turn.annotator == name) for name in names}


def by_episode(turns: Sequence[MarkedTurn]) -> dict[int, MomentCounts]:
    """Return episode -> counts, in the order of the turns."""
    episodes = dict.fromkeys(turn.episode_id for turn in turns)
    return {episode: count_moments(turn for turn in turns if turn.episode_id == episode) for episode in episodes}


def snapshot_moments(snapshot: ProjectSnapshot) -> dict[str, Any]:
    """Return the moments of a release in numbers: which time made clips, and what came of them, in all and by episode.

    A snapshot holds the moments that have a clip, so none waits.
    """
    clips = {clip.id: clip for clip in snapshot.clips}
    durations = {episode.id: episode.duration_ms for episode in snapshot.episodes}
    titles = {episode.id: f"{episode.series} / {episode.title}" for episode in snapshot.episodes}
    is_corrected = snapshot.moment_time == "corrected"
    made: dict[tuple[int, str], list[Mark]] = {}
    for row in snapshot.moments:
        mark = Mark(
            row.time_ms, is_corrected and row.corrected_ms is not None, row.clip_id, clips[row.clip_id].too_long
        )
        made.setdefault((row.episode_id, row.annotator), []).append(mark)
    turns = [
        MarkedTurn(episode, annotator, durations[episode], 0, tuple(marks), 0)
        for (episode, annotator), marks in made.items()
    ]
    kept = ("moments", "corrected", "clips", "duplicates", "too_long", "per_minute")

    def values(counts: MomentCounts) -> dict[str, Any]:
        rate = counts.per_minute
        found = counts.as_dict() | {"per_minute": None if rate is None else round(rate, 4)}
        return {name: found[name] for name in kept}

    return {
        "time": snapshot.moment_time,
        **values(count_moments(turns)),
        "episodes": {titles[episode]: values(counts) for episode, counts in by_episode(turns).items()},
        "calibrations": [asdict(row) for row in snapshot.calibrations],
    }
