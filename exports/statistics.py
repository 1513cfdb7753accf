"""What a release holds, in numbers: classes, characters, series, clip lengths, speakers, and what was dropped."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from exports.emotions import PRIMARY_CLASSES, fine_grained_classes
from exports.moment_counts import snapshot_moments
from exports.samples import Sample, Tally
from exports.snapshot import EpisodeRow, ProjectSnapshot
from exports.splits import Leak, Split


def release_statistics(
    snapshot: ProjectSnapshot, samples: Sequence[Sample], split: Split, leaks: Sequence[Leak], tally: Tally
) -> dict[str, Any]:
    """Return the statistics of a release as plain values; every class is listed, also with 0."""
    episodes = {episode.id: episode for episode in snapshot.episodes}
    characters = {character.id: character for character in snapshot.characters}
    sides = dict.fromkeys(split.train, "train") | dict.fromkeys(split.test, "test")

    def count(names: Sequence[str], of: Mapping[int, str]) -> dict[str, dict[str, int]]:
        found = {name: {"train": 0, "test": 0, "all": 0} for name in names}
        for position, name in of.items():
            for side in (sides[position], "all"):
                found[name][side] += 1
        return found

    numbered = dict(enumerate(samples))
    who = {n: f"{characters[s.character_id].series} / {characters[s.character_id].name}" for n, s in numbered.items()}
    series = {n: episodes[s.episode_id].series for n, s in numbered.items()}
    used = {sample.clip_id for sample in samples}
    durations = [clip.end_ms - clip.start_ms for clip in snapshot.clips if clip.id in used]
    speaking = {n: "speaker" if _speaks(s, episodes[s.episode_id]) else "non_speaker" for n, s in numbered.items()}
    return {
        "samples": {"train": len(split.train), "test": len(split.test), "all": len(samples)},
        "clips": len(used),
        "episodes": len({sample.episode_id for sample in samples}),
        "primary": count(PRIMARY_CLASSES, {n: s.primary for n, s in numbered.items()}),
        "fine_grained": count(
            fine_grained_classes(snapshot.fine_grained_kept), {n: s.fine_grained for n, s in numbered.items()}
        ),
        "labels_before_mapping": dict(sorted(Counter(sample.label for sample in samples).items())),
        "series": count(sorted(set(series.values())), series),
        "characters": count(sorted(set(who.values())), who),
        "target_speaks": count(("speaker", "non_speaker"), speaking),
        "clip_duration_ms": _spread(durations),
        "segments_per_clip": _spread(
            [clip.last_segment - clip.first_segment + 1 for clip in snapshot.clips if clip.id in used]
        ),
        "votes": {str(votes): n for votes, n in sorted(Counter(sample.votes for sample in samples).items())},
        "split": {
            "test_share": round(split.test_share, 6),
            "notes": list(split.notes),
            "on_both_sides": [leak.as_dict() for leak in leaks],
        },
        "moments": snapshot_moments(snapshot),
        "answers": {
            "states": len(snapshot.states),
            "moments": len(snapshot.moments),
            "annotators": len({state.annotator for state in snapshot.states}),
            **tally.as_dict(),
        },
    }


def _speaks(sample: Sample, episode: EpisodeRow) -> bool:
    """Return whether the target speaks in the segment that holds the moment."""
    starts = [segment.start_ms for segment in episode.segments]
    segment = episode.segments[bisect_right(starts, sample.time_ms) - 1]
    return segment.kind == "speech" and segment.character_id == sample.character_id


_SPREAD: Final = ("count", "total", "minimum", "lower_quartile", "median", "mean", "upper_quartile", "maximum")


def _spread(values: Sequence[int]) -> dict[str, float]:
    """Return count, total, extremes, mean and quartiles; zeros for nothing."""
    if not values:
        return dict.fromkeys(_SPREAD, 0)
    lower, median, upper = (float(value) for value in np.percentile(values, [25, 50, 75]))
    return {
        "count": len(values),
        "total": sum(values),
        "minimum": min(values),
        "lower_quartile": lower,
        "median": median,
        "mean": round(sum(values) / len(values), 3),
        "upper_quartile": upper,
        "maximum": max(values),
    }
