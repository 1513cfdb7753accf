"""Faces of a video while its pictures pass by: looked at in a thread of its own, a bounded number of frames behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workers.analysers.behind import Behind
from workers.analysers.faces.detector import Detection, FaceDetector
from workers.analysers.faces.embedder import make_embedder
from workers.analysers.faces.expression_reader import find_reader
from workers.analysers.faces.gallery import Gallery
from workers.analysers.faces.options import Options
from workers.analysers.faces.people import ClosedTrack, face_boxes, face_facts
from workers.analysers.faces.tracker import ShotTracker
from workers.analysers.facts import FaceFacts
from workers.analysers.spill import Spill
from workers.analysers.sweep import Picture
from workers.nets import has_cuda

#: So many looked-at frames wait for the thread: some 1.4 MB each at 720p.
_WAITING = 16
#: A GPU searches so many frames at once.
_BATCH = 16
#: Searches take turns with sizes half a step of the detector apart: a face that one barely misses is seen by the next.
_SCALES = (0.84, 1.0)
_AS_SMALL = 0.8


@dataclass(frozen=True, slots=True)
class _Look:
    picture: Picture
    starts_shot: bool

    @property
    def time_ms(self) -> int:
        return self.picture.time_ms


class FaceTap:
    """Follows the frames of a sweep and finds tracks and people in them.

    `size` (width, height) and `duration_ms` are the proxy's. Memory is bounded by the number of tracks and seconds they
    last, not by frames. Raises AnalysisError `weights_missing`, `weights_unusable`, `embedder_missing`.
    """

    def __init__(self, options: Options, size: tuple[int, int], duration_ms: int) -> None:
        self._options = options
        self._work = _Work(options, size, duration_ms)
        self._due_ms = 0
        self._shot_starts_ms: list[int] = []
        self._behind = Behind("faces", self._work.look_at, waiting=_WAITING, at_once=_BATCH if has_cuda() else 1)

    def follow(self, picture: Picture, starts_shot: bool) -> None:
        """Take the next frame. Waits while the thread is far behind; raises what went wrong there."""
        if starts_shot or not self._shot_starts_ms:
            self._shot_starts_ms.append(picture.time_ms)
            self._due_ms = picture.time_ms
            starts_shot = True
        if picture.time_ms < self._due_ms:
            return
        every_ms = self._options.look_every_ms
        passed = (picture.time_ms - self._shot_starts_ms[-1]) // every_ms
        self._due_ms = self._shot_starts_ms[-1] + (passed + 1) * every_ms
        self._behind.give(_Look(picture, starts_shot))

    def finish(self, soft_cuts_ms: Sequence[int] = ()) -> FaceFacts:
        """The video has ended: return the facts. `soft_cuts_ms`: shots that were found to start inside known ones,
        where one picture dissolves into the next; tracks are parted there."""
        self._behind.finish()
        return self._work.facts(self._shot_starts_ms, soft_cuts_ms)


class _Work:
    """What the thread does; it knows nothing of the tap, so that a forgotten tap is found to be so."""

    def __init__(self, options: Options, size: tuple[int, int], duration_ms: int) -> None:
        self._options = options
        self._duration_ms = duration_ms
        self._wide, self._quick = options.smallest_face * max(size), options.smallest_quick * max(size)
        self._detector = FaceDetector()
        self._embedder = make_embedder(options.embedder)
        self._reader = find_reader()
        self._searches_all = has_cuda()
        self._closed: list[ClosedTrack] = []
        self._spill = Spill()
        self._begin(0)

    def _begin(self, start_ms: int) -> None:
        self._shot_start_ms = start_ms
        self._tracker = ShotTracker(self._options, self._detector)
        self._gallery = Gallery(self._options, self._embedder, self._reader, start_ms, self._spill)
        self._search_due_ms = self._wide_due_ms = start_ms
        self._searches = 0

    def facts(self, shot_starts_ms: Sequence[int], soft_cuts_ms: Sequence[int]) -> FaceFacts:
        """Return what was found; all was looked at."""
        self._close(self._duration_ms)
        model = self._reader.name if self._reader else ""
        return face_facts(self._closed, shot_starts_ms, soft_cuts_ms, self._embedder, model, self._options)

    def look_at(self, looks: Sequence[_Look]) -> None:
        found: Sequence[Sequence[Detection] | None] = [None] * len(looks)
        if self._searches_all:
            found = self._detector.detect_batch([look.picture.pixels() for look in looks], self._wide)
        for look, faces in zip(looks, found, strict=True):
            if look.starts_shot:
                self._close(look.time_ms)
                self._begin(look.time_ms)
            if faces is None:
                faces = self._search(look)
            sights = (
                self._tracker.follow(look.time_ms, look.picture)
                if faces is None
                else self._tracker.search(look.time_ms, look.picture, faces)
            )
            self._gallery.add(sights)
            self._gallery.settle(look.time_ms)

    def _search(self, look: _Look) -> list[Detection] | None:
        """Search the whole picture if it is time; where a face was lost, half as long after the last search."""
        early_ms = self._options.search_every_ms // 2 if self._tracker.lost else 0
        if look.time_ms < self._search_due_ms - early_ms:
            return None
        wide = look.time_ms >= self._wide_due_ms
        self._search_due_ms = look.time_ms + self._options.search_every_ms
        if wide:
            self._wide_due_ms = look.time_ms + self._options.wide_every_ms
        self._searches += 1
        # Where small faces are, others may come that are as small.
        known = self._tracker.smallest_side or self._quick
        smallest = self._wide if wide else min(self._quick, max(self._wide, _AS_SMALL * known))
        smallest *= _SCALES[self._searches % len(_SCALES)]  # the first of a shot at the larger, cheaper size
        return self._detector.detect(look.picture.pixels(), smallest)

    def _close(self, end_ms: int) -> None:
        """The shot is over: keep what is a face. One look at it in a shot that had several is taken for an error."""
        every_ms = self._options.look_every_ms
        several = end_ms - self._shot_start_ms >= 2 * every_ms
        self._gallery.add(self._tracker.end())
        kept = [
            track
            for track in self._tracker.tracks
            if (len(track.faces) > 1 or not several)
            and max(face.score for face in track.faces) >= self._options.kept_score
        ]
        self._gallery.settle_rest(kept)
        for track in kept:
            album = self._gallery.close(track)
            last_ms = track.times_ms[-1]
            closed = ClosedTrack(
                end_ms=max(min(end_ms, last_ms + every_ms), last_ms + 1),
                boxes=face_boxes(track.times_ms, track.faces),
                portraits=tuple(album.portraits),
                expressions=tuple(album.expressions),
            )
            self._closed.append(closed)
