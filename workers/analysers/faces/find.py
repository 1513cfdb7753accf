"""Find the faces of a video whose shots are known, by a pass over its pictures for them alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workers.analysers.faces.options import Options
from workers.analysers.faces.tap import FaceTap
from workers.analysers.facts import FaceFacts, Progress, Shot, no_progress
from workers.analysers.frames import video_length
from workers.analysers.sweep import KnownCuts, sweep

#: Share of the work that is done when all pictures have been looked at.
_LOOKED = 0.97


def find_faces(
    video: Path, shots: Sequence[Shot], options: Options | None = None, on_progress: Progress = no_progress
) -> FaceFacts:
    """Return the face tracks and identities of a video. A track lives in one shot, and counts as seen until the next
    look after its last face, or the end of the shot.

    Raises AnalysisError `video_unreadable`, `weights_missing`, `weights_unusable`, `embedder_missing`, and whatever
    `on_progress` raises.
    """
    duration_ms, _, width, height = video_length(video)
    tap = FaceTap(options or Options(), (width, height), duration_ms)
    cuts = KnownCuts([shot.start_ms for shot in shots])
    sweep(
        video,
        duration_ms=duration_ms,
        followers=[tap],
        cuts=cuts,
        on_progress=lambda share, _: on_progress(_LOOKED * share, "finding faces"),
    )
    facts = tap.finish()
    on_progress(1.0, "finding identities")
    return facts
