"""Find the faces of an episode, follow them through shots and say who is the same person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workers.analysers.faces.detector import FaceDetector
from workers.analysers.faces.embedder import Embedder, make_embedder
from workers.analysers.faces.identities import Candidate, group
from workers.analysers.faces.options import Options
from workers.analysers.faces.pictures import FaceChip, cut_out
from workers.analysers.faces.tracker import OpenTrack, ShotTracker
from workers.analysers.facts import FaceBox, FaceFacts, FaceTrack, Identity, Progress, Shot, no_progress
from workers.analysers.frames import Pixels, iter_frames

#: Share of the work that is done when all pictures have been looked at.
_LOOKED = 0.97


@dataclass(frozen=True, slots=True, eq=False)
class _ClosedTrack:
    """A track whose shot has ended: its pictures are embedded and gone."""

    track: FaceTrack
    candidate: Candidate
    best: tuple[tuple[float, FaceBox, NDArray[np.float32]], ...]
    """(quality, face, embedding) of its embedded pictures, best first."""


@dataclass(slots=True)
class _OpenShot:
    """The shot that is being looked at; keeps few pictures a track, however long the shot is."""

    shot: Shot
    tracker: ShotTracker
    chips: dict[int, list[FaceChip]] = field(default_factory=dict)
    """By id() of the track, which the tracker keeps alive."""


def find_faces(
    video: Path, shots: Sequence[Shot], options: Options | None = None, on_progress: Progress = no_progress
) -> FaceFacts:
    """Return the face tracks and identities of a video whose shots are known.

    The picture is looked at every `look_every_ms` and at the start of every shot. A track lives in one shot; it counts
    as seen until the next look after its last face, or the end of the shot. Memory is bounded by the number of tracks,
    not by the length of the video. Raises AnalysisError `video_unreadable`, `weights_missing`, `embedder_missing`, and
    whatever `on_progress` raises.
    """
    options = options or Options()
    embedder = make_embedder(options.embedder)
    detector = FaceDetector(options)
    closed: list[_ClosedTrack] = []
    remaining = iter(shots)
    current = _open(next(remaining), options) if shots else None
    starts = [shot.start_ms for shot in shots]
    duration_ms = shots[-1].end_ms if shots else 0
    for time_ms, picture in iter_frames(video, every_ms=options.look_every_ms, also_at_ms=starts):
        on_progress(_LOOKED * min(1.0, time_ms / max(1, duration_ms)), "finding faces")
        while current is not None and time_ms >= current.shot.end_ms:
            closed += _close(current, embedder, options, len(closed))
            following = next(remaining, None)
            current = _open(following, options) if following is not None else None
        if current is None:
            break
        _look(current, time_ms, picture, detector, options)
    if current is not None:
        closed += _close(current, embedder, options, len(closed))
    on_progress(_LOOKED, "finding identities")
    facts = _with_identities(closed, embedder, options)
    on_progress(1.0, "finding identities")
    return facts


def _open(shot: Shot, options: Options) -> _OpenShot:
    return _OpenShot(shot, ShotTracker(options))


def _look(shot: _OpenShot, time_ms: int, picture: Pixels, detector: FaceDetector, options: Options) -> None:
    for track, detection in shot.tracker.look(time_ms, detector.detect(picture)):
        if min(detection.box[2:]) < options.smallest_embedded:
            continue
        chips = shot.chips.setdefault(id(track), [])
        chips.append(cut_out(picture, time_ms, detection))
        chips.sort(key=lambda chip: -chip.quality)
        del chips[options.pictures_per_track :]


def _close(shot: _OpenShot, embedder: Embedder, options: Options, first_index: int) -> list[_ClosedTrack]:
    """Embed the best pictures of a shot's tracks. A single look in a shot that had several is taken for an error."""
    length_ms = shot.shot.end_ms - shot.shot.start_ms
    several_looks = length_ms >= 2 * options.look_every_ms
    kept = [
        track
        for track in shot.tracker.tracks
        if (len(track.faces) > 1 or not several_looks) and max(face.score for face in track.faces) >= options.kept_score
    ]
    kept.sort(key=lambda track: (track.times_ms[0], track.faces[0].box))
    return [_close_track(track, shot, embedder, options, first_index + place) for place, track in enumerate(kept)]


def _close_track(track: OpenTrack, shot: _OpenShot, embedder: Embedder, options: Options, index: int) -> _ClosedTrack:
    chips = shot.chips.get(id(track), [])
    embeddings = embedder.embed(chips)
    end_ms = min(shot.shot.end_ms, track.times_ms[-1] + options.look_every_ms)
    fact = FaceTrack(
        index=index,
        shot_index=shot.shot.index,
        start_ms=track.times_ms[0],
        end_ms=end_ms,
        boxes=tuple(
            FaceBox(time_ms=time_ms, box=face.box, score=round(min(1.0, face.score), 4))
            for time_ms, face in zip(track.times_ms, track.faces, strict=True)
        ),
        identity=None,
    )
    candidate = Candidate(
        shot_index=shot.shot.index,
        look_times_ms=frozenset(track.times_ms),
        embeddings=embeddings,
        sure=bool(chips) and _is_sure(chips, options),
        seen_ms=end_ms - track.times_ms[0],
    )
    best = tuple((chip.quality, chip.face, vector) for chip, vector in zip(chips, embeddings, strict=True))
    return _ClosedTrack(fact, candidate, best)


def _is_sure(chips: Sequence[FaceChip], options: Options) -> bool:
    best = chips[0]
    return (
        float(np.mean([chip.face.score for chip in chips])) >= options.sure_mean_score
        and best.side >= options.sure_side
        and best.sharpness >= options.sure_sharpness
        and best.frontality >= options.sure_frontal
    )


def _with_identities(closed: Sequence[_ClosedTrack], embedder: Embedder, options: Options) -> FaceFacts:
    people = group([track.candidate for track in closed], embedder.link_distance, embedder.join_distance, options)
    count = max((person for person in people if person is not None), default=-1) + 1
    return FaceFacts(
        tracks=tuple(replace(item.track, identity=person) for item, person in zip(closed, people, strict=True)),
        identities=tuple(
            _identity(number, [item for item, person in zip(closed, people, strict=True) if person == number], options)
            for number in range(count)
        ),
        embedder=embedder.name,
    )


def _identity(number: int, tracks: Sequence[_ClosedTrack], options: Options) -> Identity:
    best = _best_pictures(tracks, options.best_faces)
    mean = np.stack([vector for _, _, vector in best]).astype(np.float64).mean(axis=0)
    direction = np.asarray(mean / np.linalg.norm(mean))
    return Identity(
        index=number,
        screen_time_ms=sum(item.candidate.seen_ms for item in tracks),
        track_indices=tuple(item.track.index for item in tracks),
        best_faces=tuple(face for _, face, _ in best),
        embedding=tuple(round(float(value), 6) for value in direction.tolist()),
    )


def _best_pictures(tracks: Sequence[_ClosedTrack], count: int) -> list[tuple[float, FaceBox, NDArray[np.float32]]]:
    """Return a person's best pictures, of different tracks first: three of one second show only one face."""
    by_rank = sorted(
        ((rank, picture) for item in tracks for rank, picture in enumerate(item.best)),
        key=lambda ranked: (ranked[0], -ranked[1][0], ranked[1][1].time_ms),
    )
    chosen = [picture for _, picture in by_rank[:count]]
    return sorted(chosen, key=lambda picture: (-picture[0], picture[1].time_ms))
