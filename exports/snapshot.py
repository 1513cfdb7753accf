"""The database as plain values, frozen: all that a release is made of. Imports nothing of the project.

A snapshot is written into its release as JSON, so that the release can be built again without the database.
Times are integer milliseconds on the proxy.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CharacterRow:
    id: int
    series: str
    name: str
    is_main: bool
    order: int
    questionnaire: tuple[float, ...] | None
    """26 numbers (16PF 16, Big Five 5, MBTI 5); None until somebody filled them in."""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    index: int
    start_ms: int
    end_ms: int
    kind: str
    character_id: int | None
    """Who speaks; None for a visual segment or an unknown speaker."""
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class FaceSpanRow:
    """One face track of a linked identity."""

    track: int
    character_id: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    id: int
    series: str
    title: str
    source_sha256: str
    duration_ms: int
    frame_rate: str
    """As a fraction, e.g. `24000/1001`."""
    segments: tuple[SegmentRow, ...]
    faces: tuple[FaceSpanRow, ...]
    features_path: str | None
    """Name of the episode's feature file in the media storage; None if features were not extracted."""
    features_sha256: str | None


@dataclass(frozen=True, slots=True)
class ClipRow:
    id: int
    name: str
    """Unique in the release, made of series, episode and start, letters, digits, `_` and `-` alone."""
    episode_id: int
    start_ms: int
    end_ms: int
    first_segment: int
    last_segment: int
    too_long: bool


@dataclass(frozen=True, slots=True)
class MomentRow:
    id: str
    episode_id: int
    clip_id: int
    annotator: str
    time_ms: int
    """The time that made the clip: the project's choice of the next two."""
    raw_ms: int | None = None
    """When the annotator pressed; None in snapshots of before that was kept apart."""
    corrected_ms: int | None = None
    """The same without the annotator's reaction time; None without a calibration, and then `time_ms` is raw."""


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """A reaction time that corrected moments of this snapshot."""

    annotator: str
    delay_ms: int
    spread_ms: int
    """Median absolute deviation, scaled to a standard deviation."""
    hits: int
    discarded: int
    day: str
    """ISO date."""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Where a reason of an answer is to be seen or heard, as its annotator pointed at it."""

    reason: str
    kind: str
    """`line` (spoken), `span` (of time) or `track` (a face through a shot)."""
    start_ms: int
    end_ms: int
    index: int | None
    """Number of the line or face track in the analysis of that time; None for a span."""


@dataclass(frozen=True, slots=True)
class StateRow:
    """The last revision of what one annotator said of one character in one clip."""

    clip_id: int
    character_id: int
    annotator: str
    status: str
    """`absent`, `no_emotion`, `several` or `one`."""
    primary: str
    """Lower-case primary emotion, "" unless status is `one`."""
    fine_grained: str
    reasons: tuple[str, ...]
    """Out of `text`, `audio`, `visual`, `context`."""
    unsure: bool = False
    """The annotator said so."""
    evidence: tuple[EvidenceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectSnapshot:
    project: str
    protocol: str
    answers_per_clip: int
    fine_grained_kept: tuple[str, ...]
    """The fine-grained labels the project keeps; every other one becomes its primary."""
    characters: tuple[CharacterRow, ...]
    episodes: tuple[EpisodeRow, ...]
    clips: tuple[ClipRow, ...]
    moments: tuple[MomentRow, ...]
    states: tuple[StateRow, ...]
    moment_time: str = "raw"
    """Which time of a moment made its clip: `raw`, as published, or `corrected` by the reaction time."""
    calibrations: tuple[CalibrationRow, ...] = ()
