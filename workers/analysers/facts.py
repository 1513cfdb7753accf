"""What analysers say about an episode: plain values, no Django, no torch.

Every time is an integer number of milliseconds on the proxy. Every box is in proxy pixels, `(x, y, width, height)`,
the origin at the top left. A span is half open: it holds `start_ms` and ends before `end_ms`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workers.analysers.spill import Spilled

Box = tuple[float, float, float, float]

#: Called by an analyser with the done share (0.0 to 1.0) and a short English step name; it may raise to stop the run.
Progress = Callable[[float, str], None]


def no_progress(share: float, step: str) -> None:
    """Ignore progress: the default of every analyser."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """The episode as everybody sees it: constant frame rate, H.264 and AAC in MP4, beside it 16 kHz mono WAV."""

    video_path: Path
    audio_path: Path | None
    """None where the source has no audio stream."""
    poster_path: Path
    duration_ms: int
    frame_rate: Fraction
    frame_count: int
    width: int
    height: int
    copied: bool = False
    """Whether its pictures are the source's, not encoded anew: then damage in the source is in the proxy too."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A camera shot. Shots tile the episode in order."""

    index: int
    start_ms: int
    end_ms: int
    key_frame_ms: int


@dataclass(frozen=True, slots=True)
class StorySegment:
    """Neighbouring shots that form one scene. Story segments tile the shots in order."""

    index: int
    start_ms: int
    end_ms: int
    first_shot: int
    last_shot: int
    """Indices of shots, both in it."""
    threads: tuple[tuple[int, ...], ...]
    """Its shots of one camera's view each, two or more, rising; shots of no thread are left out."""


@dataclass(frozen=True, slots=True)
class FaceBox:
    """One face in one looked-at frame; `score` is the detector's confidence (0 to 1)."""

    time_ms: int
    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """One face followed through one shot. `identity` is an index into `FaceFacts.identities`, or None."""

    index: int
    shot_index: int
    start_ms: int
    end_ms: int
    boxes: tuple[FaceBox, ...]
    identity: int | None
    picture: Spilled | None = field(default=None, compare=False)
    """Its best picture, a square JPEG, which waits on disk: two equal ones wait in two places, so it is not compared.
    None of a face that is too small to be embedded."""


@dataclass(frozen=True, slots=True)
class FaceSpan:
    """When the face of a track is followed, [start_ms, end_ms), and whose it is: all that most steps ask of one."""

    index: int
    start_ms: int
    end_ms: int
    identity: int | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Tracks of the same person across shots, by falling screen time."""

    index: int
    screen_time_ms: int
    track_indices: tuple[int, ...]
    best_faces: tuple[FaceBox, ...]
    """The best pictures (sharp, large, sure) first; at most 3."""
    embedding: tuple[float, ...]
    """Mean of the embeddings of its best faces, L2-normalised."""
    pictures: tuple[bytes, ...] = ()
    """What people are shown of `best_faces`, in their order: square JPEGs, cut while the video was looked at."""


@dataclass(frozen=True, slots=True)
class Expression:
    """What one look at a face says of its expression."""

    time_ms: int
    probabilities: tuple[float, ...]
    """One for each of `ExpressionFacts.emotions`; their sum is 1."""
    weight: float
    """How much this look tells (0 to 1): small, blurred and turned faces tell little."""


@dataclass(frozen=True, slots=True)
class TrackExpressions:
    track: int
    """Index of a FaceTrack."""
    looks: tuple[Expression, ...]
    """In order of time; few a second at most."""


@dataclass(frozen=True, slots=True)
class ExpressionFacts:
    """What the expressions of faces look like: material for suggestions, never an answer."""

    emotions: tuple[str, ...] = ()
    """The primary emotions the model tells apart, by the names of `exports.emotions`, and `neutral`."""
    tracks: tuple[TrackExpressions, ...] = ()
    """Only tracks with at least one look."""
    model: str = ""
    """Name and version of the network, "" where none looked."""


@dataclass(frozen=True, slots=True)
class ExpressionSuggestion:
    """What one person's face shows in a span (a segment, a clip, around a moment)."""

    identity: int
    start_ms: int
    end_ms: int
    probabilities: tuple[tuple[str, float], ...]
    """(emotion, probability), likeliest first; their sum is 1. Trust and anticipation are never among them: no
    network tells them from a face."""
    looks: int
    """How many looks it stands on."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceLooks:
    """Embeddings of followed faces over time, the input of models: F looks, every 1.5 s one of each track."""

    time_ms: NDArray[np.int32]
    """[F], in order."""
    track: NDArray[np.int32]
    """[F], indices of FaceTracks."""
    embedding: NDArray[np.float32]
    """[F, D]"""


@dataclass(frozen=True, slots=True)
class FaceFacts:
    tracks: tuple[FaceTrack, ...]
    identities: tuple[Identity, ...]
    embedder: str
    """Name and version of the embedder, e.g. `dlib-resnet-v1-128`."""
    expressions: ExpressionFacts = ExpressionFacts()
    looks: FaceLooks | None = None
    """None where nobody asked for them."""


@dataclass(frozen=True, slots=True)
class SubtitleLine:
    """A line read from a subtitle file (`source="file"`, confidence 1) or from the picture (`source="ocr"`)."""

    index: int
    start_ms: int
    end_ms: int
    text: str
    confidence: float
    source: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Utterance:
    """One spoken line. `timing` says where its times come from.

    `aligned`: forced alignment with the narrow search, and the sound fits; `unverified`: only with a wider search, or
    the sound fits badly (see docs/formats.md);
    `subtitle`: could not be aligned, keeps its subtitle's time. `speaker` is the transcript's name, "" if unknown.
    """

    index: int
    speaker: str
    text: str
    start_ms: int
    end_ms: int
    words: tuple[Word, ...]
    timing: str
    speaker_certain: bool
    """False where the transcript did not clearly match the subtitle."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A semantic segment (MEmoR protocol, segments): an utterance with the short gap after it, or a visual gap."""

    index: int
    start_ms: int
    end_ms: int
    kind: str
    """`speech` or `visual`."""
    utterance: int | None
    """Index of its utterance; None for a visual segment."""
