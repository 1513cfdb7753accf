"""From followed faces to facts: tracks parted at soft cuts, people, expressions, embeddings over time."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workers.analysers.faces.detector import Detection
from workers.analysers.faces.embedder import Embedder
from workers.analysers.faces.expression_reader import EMOTIONS
from workers.analysers.faces.gallery import Portrait
from workers.analysers.faces.identities import Candidate, group
from workers.analysers.faces.options import Options
from workers.analysers.facts import (
    Expression,
    ExpressionFacts,
    FaceBox,
    FaceFacts,
    FaceLooks,
    FaceTrack,
    Identity,
    TrackExpressions,
)


@dataclass(frozen=True, slots=True, eq=False)
class ClosedTrack:
    """A track whose shot has ended: its pictures are embedded and gone."""

    end_ms: int
    boxes: tuple[FaceBox, ...]
    portraits: tuple[Portrait, ...]
    expressions: tuple[Expression, ...]

    @property
    def start_ms(self) -> int:
        return self.boxes[0].time_ms


def face_boxes(times_ms: Sequence[int], faces: Sequence[Detection]) -> tuple[FaceBox, ...]:
    return tuple(
        FaceBox(time_ms=time_ms, box=face.box, score=round(min(1.0, face.score), 4))
        for time_ms, face in zip(times_ms, faces, strict=True)
    )


def parted(track: ClosedTrack, cuts_ms: Sequence[int], options: Options) -> list[ClosedTrack]:
    """Part a track at the cuts (rising) that lie inside it: a face that lives through a dissolve is two faces."""
    inside = [cut for cut in cuts_ms if track.start_ms < cut < track.end_ms]
    seen_for_ms = 2 * options.look_every_ms  # the look after may have been left out
    edges = [track.start_ms, *inside, track.end_ms]
    parts = []
    for start_ms, end_ms in itertools.pairwise(edges):
        boxes = tuple(box for box in track.boxes if start_ms <= box.time_ms < end_ms)
        if boxes:
            part = ClosedTrack(
                end_ms=min(end_ms, boxes[-1].time_ms + seen_for_ms) if inside else track.end_ms,
                boxes=boxes,
                portraits=tuple(p for p in track.portraits if start_ms <= p.judgement.face.time_ms < end_ms),
                expressions=tuple(look for look in track.expressions if start_ms <= look.time_ms < end_ms),
            )
            parts.append(part)
    return parts


def face_facts(
    closed: Iterable[ClosedTrack],
    starts_ms: Sequence[int],
    soft_cuts_ms: Sequence[int],
    embedder: Embedder,
    expression_model: str,
    options: Options,
) -> FaceFacts:
    """Put the facts together. `starts_ms`: the first frames of all shots that were known while looking, rising."""
    cuts = sorted(soft_cuts_ms)
    tracks = [part for track in closed for part in parted(track, cuts, options)]
    tracks.sort(key=lambda track: (track.start_ms, track.boxes[0].box))
    starts = sorted({*starts_ms, *cuts})
    shots = [max(0, bisect.bisect_right(starts, track.start_ms) - 1) for track in tracks]
    best = [_best(track.portraits, options.pictures_per_track) for track in tracks]
    candidates = [
        _candidate(track, shot, chosen, options) for track, shot, chosen in zip(tracks, shots, best, strict=True)
    ]
    people = group(candidates, embedder.link_distance, embedder.join_distance, options)
    count = max((person for person in people if person is not None), default=-1) + 1
    return FaceFacts(
        tracks=tuple(
            FaceTrack(
                index,
                shot,
                track.start_ms,
                track.end_ms,
                track.boxes,
                person,
                chosen[0].shown if chosen else None,
            )
            for index, (track, shot, person, chosen) in enumerate(zip(tracks, shots, people, best, strict=True))
        ),
        identities=tuple(
            _identity(number, [i for i, person in enumerate(people) if person == number], tracks, best, options)
            for number in range(count)
        ),
        embedder=embedder.name,
        expressions=ExpressionFacts(
            emotions=EMOTIONS,
            tracks=tuple(
                TrackExpressions(index, track.expressions) for index, track in enumerate(tracks) if track.expressions
            ),
            model=expression_model,
        ),
        looks=_looks(tracks, embedder),
    )


def _best(portraits: Sequence[Portrait], count: int) -> list[Portrait]:
    return sorted(portraits, key=lambda p: (-p.judgement.quality, p.judgement.face.time_ms))[:count]


def _candidate(track: ClosedTrack, shot: int, best: Sequence[Portrait], options: Options) -> Candidate:
    return Candidate(
        shot_index=shot,
        look_times_ms=frozenset(box.time_ms for box in track.boxes),
        embeddings=_stacked([portrait.embedding for portrait in best]),
        sure=bool(best) and _is_sure(track, best, options),
        seen_ms=track.end_ms - track.start_ms,
    )


def _stacked(vectors: Sequence[NDArray[np.float32]], length: int = 0) -> NDArray[np.float32]:
    return np.stack(vectors) if vectors else np.zeros((0, length), dtype=np.float32)


def _is_sure(track: ClosedTrack, best: Sequence[Portrait], options: Options) -> bool:
    first = best[0].judgement
    return (
        float(np.mean([box.score for box in track.boxes])) >= options.sure_look_score
        and first.side >= options.sure_side
        and first.sharpness >= options.sure_sharpness
        and first.frontality >= options.sure_frontal
    )


def _identity(
    number: int,
    indices: Sequence[int],
    tracks: Sequence[ClosedTrack],
    best: Sequence[Sequence[Portrait]],
    options: Options,
) -> Identity:
    chosen = _best_pictures([best[index] for index in indices], options.best_faces)
    mean = np.stack([portrait.embedding for portrait in chosen]).astype(np.float64).mean(axis=0)
    direction = np.asarray(mean / np.linalg.norm(mean))
    return Identity(
        index=number,
        screen_time_ms=sum(tracks[index].end_ms - tracks[index].start_ms for index in indices),
        track_indices=tuple(indices),
        best_faces=tuple(portrait.judgement.face for portrait in chosen),
        embedding=tuple(round(float(value), 6) for value in direction.tolist()),
        pictures=tuple(portrait.shown.read() for portrait in chosen),
    )


def _best_pictures(tracks: Sequence[Sequence[Portrait]], count: int) -> list[Portrait]:
    """Return a person's best pictures, of different tracks first: three of one second show only one face."""
    ranked = sorted(
        ((rank, portrait) for track in tracks for rank, portrait in enumerate(track)),
        key=lambda pair: (pair[0], -pair[1].judgement.quality, pair[1].judgement.face.time_ms),
    )
    return _best([portrait for _, portrait in ranked[:count]], count)


def _looks(tracks: Sequence[ClosedTrack], embedder: Embedder) -> FaceLooks:
    rows = [
        (portrait.judgement.face.time_ms, index, portrait.embedding)
        for index, track in enumerate(tracks)
        for portrait in track.portraits
    ]
    rows.sort(key=lambda row: row[:2])
    length = embedder.embed(()).shape[1]
    return FaceLooks(
        time_ms=np.array([time_ms for time_ms, _, _ in rows], dtype=np.int32),
        track=np.array([track for _, track, _ in rows], dtype=np.int32),
        embedding=_stacked([vector for _, _, vector in rows], length),
    )
