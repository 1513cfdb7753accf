"""Group neighbouring shots to story segments: colours, threads, and a partition by dynamic programming.

Built from the paper (Tapaswi, Bäuml and Stiefelhagen, StoryGraphs, CVPR 2014, section 3), not from its code, whose
licence is not free. Two steps: `looks` describes the shots in the pass over the pictures, and what is decided from it
can be decided again, with other parameters, without the video.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from workers.analysers.facts import Shot, StorySegment
from workers.analysers.story_segments.looks import Looks, LooksTap, looks_of_shots
from workers.analysers.story_segments.options import LooksOptions, Options
from workers.analysers.story_segments.scenes import find_scenes
from workers.analysers.story_segments.threads import find_links, threads_of

LOOKS_VERSION = "1"
VERSION = "4"


def story_segments(shots: Sequence[Shot], looks: Looks, options: Options) -> tuple[StorySegment, ...]:
    """Return the story segments of shots that tile an episode; nothing for no shots.

    Raises AnalysisError `arrays_unreadable` where no picture was looked at.
    """
    seen = looks_of_shots(looks, [(shot.start_ms, shot.end_ms) for shot in shots])
    links = find_links(seen, options)
    threads = threads_of(len(shots), links)
    starts = find_scenes(seen.colours, links, options)
    return tuple(
        StorySegment(
            index=index,
            start_ms=shots[first].start_ms,
            end_ms=shots[after - 1].end_ms,
            first_shot=shots[first].index,
            last_shot=shots[after - 1].index,
            threads=tuple(
                tuple(shots[shot].index for shot in thread) for thread in threads if first <= thread[0] < after
            ),
        )
        for index, (first, after) in enumerate(pairwise([*starts, len(shots)]))
    )


__all__ = ["LOOKS_VERSION", "VERSION", "LooksOptions", "LooksTap", "Options", "story_segments"]
