"""The input features of an episode: what was said and heard, beside what was seen while its pictures passed by."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from workers.analysers.errors import AnalysisError
from workers.analysers.facts import FaceLooks, FaceSpan, Progress, Segment, Utterance, no_progress
from workers.analysers.features.arrays import Extractor, FeatureArrays, Floats
from workers.analysers.features.audio import SHORTEST_MS, AudioExtractor, choose_audio_extractor
from workers.analysers.features.scene import ENVIRONMENT, OBJECTS, Surroundings, count_objects
from workers.analysers.features.text import choose_text_extractor
from workers.analysers.sound import Recording, open_recording
from workers.analysers.spill import SpilledRows

NAME: Final = "features"
VERSION: Final = "3"

#: So many utterances are given to threads at a time: a cancelled job's end waits for them.
_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Options:
    audio: str = "auto"
    """`opensmile`, `functionals` or `auto`."""
    text: str = "auto"
    """`bert-large`, `minilm` or `auto`."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was gathered while the pictures passed by."""

    tracks: Sequence[FaceSpan]
    looks: FaceLooks
    embedder: str
    surroundings: Surroundings


def extract_features(
    audio: Path | None,
    utterances: Sequence[Utterance],
    segments: Sequence[Segment],
    seen: Seen,
    options: Options | None = None,
    on_progress: Progress = no_progress,
) -> FeatureArrays:
    """Return the input features of an episode; rows of `audio` and `text` follow `utterances`.

    `audio` is the proxy's 16 kHz mono WAV, None if it has none. Every utterance must have its segment. Raises
    AnalysisError `options_invalid`, `segments_missing`, `audio_unreadable`, and where an extractor lacks its package or
    weights.
    """
    options = options or Options()
    segment_of = {segment.utterance: segment.index for segment in segments if segment.utterance is not None}
    without = [u.index for u in utterances if u.index not in segment_of]
    if without:
        raise AnalysisError(
            "segments_missing", f"Utterance {without[0]} has no segment. Run the segments step again, then this one."
        )
    rows = np.array([segment_of[u.index] for u in utterances], dtype=np.int32)

    listener = choose_audio_extractor(options.audio)
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="features") as pool:
        said = pool.submit(_said, options.text, [u.text for u in utterances])
        sound = _sound_features(audio, utterances, listener, pool, on_progress)
        text, text_made_by = said.result()
    times = seen.surroundings.time_ms
    spans = np.array([(track.start_ms, track.end_ms) for track in seen.tracks], dtype=np.int32).reshape(-1, 2)
    on_progress(1.0, "features")
    return FeatureArrays(
        audio=sound,
        audio_segment=rows if audio is not None else np.zeros(0, dtype=np.int32),
        text=text,
        text_segment=rows,
        face=seen.looks.embedding,
        face_time_ms=seen.looks.time_ms,
        face_track=seen.looks.track,
        frame_time_ms=times,
        environment=seen.surroundings.environment,
        objects=count_objects(times, spans),
        extractors={
            "audio": listener.made_by,
            "text": text_made_by,
            "face": _face_extractor(seen),
            "environment": ENVIRONMENT,
            "objects": OBJECTS,
        },
    )


def _said(choice: str, texts: Sequence[str]) -> tuple[Floats, Extractor]:
    """Load a text extractor, which takes a moment, and return what it says of the texts."""
    extractor = choose_text_extractor(choice)
    return extractor.extract(texts), extractor.made_by


def _face_extractor(seen: Seen) -> Extractor:
    dlib = seen.embedder.startswith("dlib")
    licence = "CC0-1.0 (dlib models)" if dlib else "trained on VGGFace2 (research data)"
    return Extractor(seen.embedder, "1", seen.looks.embedding.shape[1], licence)


def _sound_features(
    audio: Path | None,
    utterances: Sequence[Utterance],
    listener: AudioExtractor,
    pool: Executor,
    on_progress: Progress,
) -> SpilledRows:
    vectors = SpilledRows(listener.made_by.dim)

    def take_in() -> None:
        """Wait for the oldest of what is being heard, and keep its vector."""
        vectors.put(coming.popleft().result())
        on_progress(vectors.shape[0] / len(utterances), "sound features")

    if audio is not None:
        with open_recording(audio) as recording:
            # So many are asked for before the first is done: no thread waits for the slowest of several.
            coming = deque[Future[Floats]]()
            for utterance in utterances:
                if len(coming) == _AT_ONCE:
                    take_in()
                coming.append(pool.submit(listener.extract, _heard(recording, utterance)))
            while coming:
                take_in()
    return vectors


def _heard(recording: Recording, utterance: Utterance) -> np.ndarray:
    """Return the utterance's sound, widened around its middle to SHORTEST_MS; silence stands for what is not there."""
    missing = max(SHORTEST_MS - (utterance.end_ms - utterance.start_ms), 0)
    start = max(utterance.start_ms - missing // 2, 0)
    sound = recording.read(start, max(utterance.end_ms, start + SHORTEST_MS))
    lacking = recording.samples(SHORTEST_MS) - sound.size
    return np.pad(sound, (0, lacking)) if lacking > 0 else sound
