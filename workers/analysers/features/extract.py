"""All features of an episode, in one pass over its sound and one over its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from workers.analysers.errors import AnalysisError
from workers.analysers.faces.detector import Detection
from workers.analysers.faces.embedder import Embedder, make_embedder
from workers.analysers.faces.pictures import cut_out
from workers.analysers.facts import Box, FaceBox, FaceTrack, Progress, Segment, Utterance, no_progress
from workers.analysers.features.arrays import Extractor, FeatureArrays, Floats
from workers.analysers.features.audio import SHORTEST_MS, choose_audio_extractor
from workers.analysers.features.scene import ENVIRONMENT, OBJECTS, count_objects, describe_environment
from workers.analysers.features.text import choose_text_extractor
from workers.analysers.frames import Pixels, iter_frames, video_length
from workers.analysers.sound import Recording, open_recording

NAME: Final = "features"
VERSION: Final = "1"

#: Where the eyes, the nose and the corners of the mouth are in a face's box, as shares of it; tracks keep no points.
_USUAL_POINTS: Final = np.array([[0.31, 0.4], [0.69, 0.4], [0.5, 0.6], [0.35, 0.79], [0.65, 0.79]], dtype=np.float32)
_TEXT_DONE, _SOUND_DONE = 0.1, 0.35


@dataclass(frozen=True, slots=True)
class Options:
    audio: str = "auto"
    """`opensmile`, `functionals` or `auto`."""
    text: str = "auto"
    """`bert-large`, `minilm` or `auto`."""
    face: str = "auto"
    """An embedder's name: `vggface2`, `dlib` or `auto`."""
    frame_every_ms: int = 500
    """How often surroundings and things are looked at."""
    face_every_ms: int = 500
    """How often each face track is looked at, at most."""


def extract_features(
    proxy_video: Path,
    audio: Path | None,
    utterances: Sequence[Utterance],
    segments: Sequence[Segment],
    tracks: Sequence[FaceTrack],
    options: Options | None = None,
    on_progress: Progress = no_progress,
) -> FeatureArrays:
    """Return the input features of an episode; rows of `audio` and `text` follow `utterances`.

    `audio` is the proxy's 16 kHz mono WAV, None if it has none. Every utterance must have its segment. Raises
    AnalysisError `options_invalid`, `segments_missing`, `video_unreadable`, `audio_unreadable`, and where an extractor
    lacks its package or weights.
    """
    options = options or Options()
    if options.frame_every_ms <= 0 or options.face_every_ms <= 0:
        raise AnalysisError("options_invalid", "frame_every_ms and face_every_ms must be above 0.")
    segment_of = {segment.utterance: segment.index for segment in segments if segment.utterance is not None}
    without = [u.index for u in utterances if u.index not in segment_of]
    if without:
        raise AnalysisError(
            "segments_missing", f"Utterance {without[0]} has no segment. Run the segments step again, then this one."
        )
    rows = np.array([segment_of[u.index] for u in utterances], dtype=np.int32)

    speaker = choose_text_extractor(options.text)
    text = speaker.extract([u.text for u in utterances])
    on_progress(_TEXT_DONE, "text features")
    sound, sound_made_by = _sound_features(audio, utterances, options.audio, on_progress)
    looked = _look(proxy_video, tracks, make_embedder(options.face), options, on_progress)
    on_progress(1.0, "picture features")
    return FeatureArrays(
        audio=sound,
        audio_segment=rows if audio is not None else np.zeros(0, dtype=np.int32),
        text=text,
        text_segment=rows,
        face=looked.face,
        face_time_ms=np.array(looked.face_times, dtype=np.int32),
        face_track=np.array(looked.face_tracks, dtype=np.int32),
        frame_time_ms=np.array(looked.frame_times, dtype=np.int32),
        environment=_stacked(looked.environment, ENVIRONMENT.dim),
        objects=_stacked(looked.objects, OBJECTS.dim),
        extractors={
            "audio": sound_made_by,
            "text": speaker.made_by,
            "face": looked.face_made_by,
            "environment": ENVIRONMENT,
            "objects": OBJECTS,
        },
    )


def _sound_features(
    audio: Path | None, utterances: Sequence[Utterance], choice: str, on_progress: Progress
) -> tuple[Floats, Extractor]:
    extractor = choose_audio_extractor(choice)
    vectors: list[Floats] = []
    if audio is not None:
        with open_recording(audio) as recording:
            for i, utterance in enumerate(utterances):
                vectors.append(extractor.extract(_heard(recording, utterance)))
                share = (i + 1) / len(utterances)
                on_progress(_TEXT_DONE + (_SOUND_DONE - _TEXT_DONE) * share, "sound features")
    return _stacked(vectors, extractor.made_by.dim), extractor.made_by


def _heard(recording: Recording, utterance: Utterance) -> np.ndarray:
    """Return the utterance's sound, widened around its middle to SHORTEST_MS; silence stands for what is not there."""
    missing = max(SHORTEST_MS - (utterance.end_ms - utterance.start_ms), 0)
    start = max(utterance.start_ms - missing // 2, 0)
    sound = recording.read(start, max(utterance.end_ms, start + SHORTEST_MS))
    lacking = recording.samples(SHORTEST_MS) - sound.size
    return np.pad(sound, (0, lacking)) if lacking > 0 else sound


@dataclass(slots=True)
class _Looked:
    """What one pass over the picture gathers."""

    face: Floats
    face_made_by: Extractor
    face_times: list[int]
    face_tracks: list[int]
    frame_times: list[int]
    environment: list[Floats]
    objects: list[Floats]


def _look(
    video: Path, tracks: Sequence[FaceTrack], embedder: Embedder, options: Options, on_progress: Progress
) -> _Looked:
    duration_ms = video_length(video)[0]
    waiting = sorted(
        ((box, track.index) for track in tracks for box in chosen_boxes(track, options.face_every_ms)),
        key=lambda item: (item[0].time_ms, item[1]),
        reverse=True,
    )
    none = np.asarray(embedder.embed([]), dtype=np.float32)
    licence = "CC0-1.0 (dlib models)" if embedder.name.startswith("dlib") else "trained on VGGFace2 (research data)"
    looked = _Looked(none, Extractor(embedder.name, "1", none.shape[1], licence), [], [], [], [], [])
    faces = [none]
    due_ms = 0
    times = [box.time_ms for box, _ in waiting]
    for time_ms, pixels in iter_frames(video, every_ms=options.frame_every_ms, also_at_ms=times):
        if time_ms >= due_ms:
            due_ms = (time_ms // options.frame_every_ms + 1) * options.frame_every_ms
            looked.frame_times.append(time_ms)
            looked.environment.append(describe_environment(pixels))
            looked.objects.append(count_objects(time_ms, tracks))
        while waiting and waiting[-1][0].time_ms <= time_ms:
            box, track = waiting.pop()
            faces.append(
                np.asarray(embedder.embed([cut_out(pixels, box.time_ms, _detection(box, pixels))]), np.float32)
            )
            looked.face_times.append(box.time_ms)
            looked.face_tracks.append(track)
        on_progress(_SOUND_DONE + (1 - _SOUND_DONE) * min(time_ms / duration_ms, 1.0), "picture features")
    looked.face = np.concatenate(faces)
    return looked


def chosen_boxes(track: FaceTrack, every_ms: int) -> list[FaceBox]:
    """Return boxes of a track that are at least `every_ms` apart, the first of them always."""
    chosen: list[FaceBox] = []
    for box in sorted(track.boxes, key=lambda b: b.time_ms):
        if not chosen or box.time_ms >= chosen[-1].time_ms + every_ms:
            chosen.append(box)
    return chosen


def _detection(face: FaceBox, pixels: Pixels) -> Detection:
    box = _inside(face.box, pixels)
    points = np.array(box[:2], dtype=np.float32) + _USUAL_POINTS * np.array(box[2:], dtype=np.float32)
    return Detection(box=box, score=face.score, points=points.astype(np.float32))


def _inside(box: Box, pixels: Pixels) -> Box:
    """Return the part of a box that lies in the picture, at least a pixel: tracks may follow a face over its edge."""
    height, width = pixels.shape[:2]
    left, top = min(max(box[0], 0.0), width - 1.0), min(max(box[1], 0.0), height - 1.0)
    right = min(max(box[0] + box[2], left + 1), float(width))
    bottom = min(max(box[1] + box[3], top + 1), float(height))
    return left, top, right - left, bottom - top


def _stacked(vectors: Sequence[Floats], dim: int) -> Floats:
    return np.stack(vectors).astype(np.float32) if vectors else np.zeros((0, dim), dtype=np.float32)
