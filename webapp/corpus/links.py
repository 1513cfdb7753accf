"""What people said of faces, carried over to the faces of a newer analysis: who is seen at the same time and place.

Pure functions: `webapp.corpus.services.carry_links` loads and stores.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

#: Two analyses are compared at moments this far apart.
STEP_MS = 200
#: Two boxes show the same face from this intersection over union on.
SAME_BOX = 0.3
#: So much of the old face went to the new one, or of the new one came from the old.
MOST = 0.5
#: A new face that holds faces of two people is nobody's unless so much of what is known of it agrees.
AGREEING = 0.8

Box = tuple[float, float, float, float]
"""Left, top, width, height as shares of the picture."""


@dataclass(frozen=True, slots=True)
class Track:
    """One face through one shot: boxes by time in ms, ascending; seen from the first box's time to `end_ms`."""

    times_ms: tuple[int, ...]
    boxes: tuple[Box, ...]
    end_ms: int

    def at(self, time_ms: int) -> Box | None:
        """Return where the face is at a time, between two boxes on the line between them; None if it is not seen."""
        if not self.times_ms or not self.times_ms[0] <= time_ms < max(self.end_ms, self.times_ms[-1] + 1):
            return None
        after = bisect_right(self.times_ms, time_ms)
        before = self.boxes[after - 1]
        if after == len(self.boxes):
            return before
        start, end = self.times_ms[after - 1], self.times_ms[after]
        share = (time_ms - start) / (end - start)
        left, top, width, height = (a + (b - a) * share for a, b in zip(before, self.boxes[after], strict=True))
        return left, top, width, height


@dataclass(frozen=True, slots=True)
class Face:
    """One identity's tracks; `said` is what a person said of it: a character's id, or None for nobody that counts.

    A negative number is a face that a person has put together of tracks, and that has no name yet.
    """

    id: int
    tracks: tuple[Track, ...]
    said: int | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """New identity's id -> what is said of it now; and the old identities whose word found no new face."""

    links: Mapping[int, int | None]
    lost: tuple[int, ...]
    parts: Mapping[int, Mapping[int | None, tuple[int, ...]]] = field(default_factory=dict)
    """New identities that hold several people's tracks -> what is said -> places of the tracks of which it is said."""


def carry(spoken_of: Sequence[Face], new: Sequence[Face]) -> Carried:
    """Carry what was said of old faces to the new ones that are seen at the same times and places.

    An old face that fell apart gives its word to all its parts; a new face gets the word of those it holds, where they
    agree. Where they do not, each of its tracks gets the word of the face that it shows. A word is lost if less than
    half of its face's time is now under the same word.
    """
    shared = {(old.id, face.id): _shared(old, face) for old in spoken_of for face in new}
    lengths = {face.id: _samples(face) for face in (*spoken_of, *new)}
    links: dict[int, int | None] = {}
    parts: dict[int, dict[int | None, tuple[int, ...]]] = {}
    for face in new:
        votes: dict[int | None, int] = defaultdict(int)
        near: set[int | None] = set()
        for old in spoken_of:
            together = shared[old.id, face.id]
            votes[old.said] += together
            if together and together >= MOST * min(lengths[old.id], lengths[face.id]):
                near.add(old.said)
        said, count = max(votes.items(), key=lambda vote: vote[1], default=(None, 0))
        if said in near and count >= AGREEING * sum(votes.values()):
            links[face.id] = said
        elif len(words := _words_of_tracks(face, spoken_of)) > 1:
            parts[face.id] = words
    kept = {old.id: sum(shared[old.id, face] for face, said in links.items() if said == old.said) for old in spoken_of}
    for face in (face for face in new if face.id in parts):
        for old in spoken_of:
            places = parts[face.id].get(old.said, ())
            kept[old.id] += _shared(old, Face(face.id, tuple(face.tracks[place] for place in places)))
    lost = tuple(old.id for old in spoken_of if kept[old.id] < MOST * max(1, lengths[old.id]))
    return Carried(links, lost, parts)


def _words_of_tracks(face: Face, spoken_of: Sequence[Face]) -> dict[int | None, tuple[int, ...]]:
    """Return what is said of each of a face's tracks (by place) that clearly shows one of the old faces."""
    words: dict[int | None, tuple[int, ...]] = {}
    for place, track in enumerate(face.tracks):
        votes: dict[int | None, int] = defaultdict(int)
        for old in spoken_of:
            votes[old.said] += _shared(old, Face(face.id, (track,)))
        said, count = max(votes.items(), key=lambda vote: vote[1], default=(None, 0))
        if count and count >= AGREEING * sum(votes.values()):
            words[said] = (*words.get(said, ()), place)
    return words


def _moments(track: Track) -> Iterable[int]:
    """Moments on a grid that all tracks share, and one at least for a track between two of them."""
    if not track.times_ms:
        return ()
    first = -(-track.times_ms[0] // STEP_MS) * STEP_MS
    return range(first, track.end_ms, STEP_MS) or (track.times_ms[0],)


def _samples(face: Face) -> int:
    return sum(len(list(_moments(track))) for track in face.tracks)


def _shared(old: Face, new: Face) -> int:
    """Count the moments at which both are seen at the same place."""
    count = 0
    for track in old.tracks:
        near = [other for other in new.tracks if other.times_ms and _overlap(track, other)]
        for time_ms in _moments(track) if near else ():
            box = track.at(time_ms)
            found = (other.at(time_ms) for other in near)
            count += box is not None and any(other is not None and iou(box, other) >= SAME_BOX for other in found)
    return count


def _overlap(one: Track, other: Track) -> bool:
    return one.times_ms[0] < other.end_ms and other.times_ms[0] < one.end_ms


def iou(one: Box, other: Box) -> float:
    """Return the intersection of two boxes over their union."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (one[2] * one[3] + other[2] * other[3] - both)
