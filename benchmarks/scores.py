"""How near what was found is to what is true: pure functions, no picture, no sound. Times in ms, boxes (x, y, w, h)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

from workers.analysers.facts import Box, FaceFacts, FaceTrack

#: A subtitle was read as another if less than this of it is alike.
_SAME_LINE = 0.5
#: Curly or straight quotes and dots are a matter of the font.
_STRAIGHT = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2026": "..."})


@dataclass(frozen=True, slots=True)
class Found:
    """How many of `truth` things were found, and what was found that is not there."""

    found: int
    truth: int
    invented: tuple[int, ...]
    missed: tuple[int, ...] = ()

    @property
    def recall(self) -> float:
        return self.found / self.truth if self.truth else 1.0


def score_times(found: Sequence[int], truth: Sequence[int], *, tolerance_ms: int, neither: Sequence[int] = ()) -> Found:
    """Match times to true ones, each once, in order; what is near one of `neither` counts neither way."""
    left = sorted(found)
    missed = []
    for time in sorted(truth):
        near = next((other for other in left if abs(other - time) <= tolerance_ms), None)
        if near is None:
            missed.append(time)
        else:
            left.remove(near)
    invented = [time for time in left if all(abs(time - other) > tolerance_ms for other in neither)]
    return Found(len(truth) - len(missed), len(truth), tuple(invented), tuple(missed))


def score_spans(found: Sequence[int], spans: Sequence[tuple[int, int]], *, tolerance_ms: int) -> Found:
    """Match times to true spans, each once: a time is right inside of one, or `tolerance_ms` beside it."""
    left = sorted(found)
    missed = []
    for start, end in sorted(spans):
        inside = next((time for time in left if start - tolerance_ms <= time <= end + tolerance_ms), None)
        if inside is None:
            missed.append(start)
        else:
            left.remove(inside)
    return Found(len(spans) - len(missed), len(spans), tuple(left), tuple(missed))


def overlap(one: Box, other: Box) -> float:
    """Return the intersection of two boxes over their union."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (one[2] * one[3] + other[2] * other[3] - width * height)


def box_at(track: FaceTrack, time_ms: int) -> Box | None:
    """Return where a track's face is; between its boxes it moves evenly. None where the track is not there."""
    if not track.start_ms <= time_ms < track.end_ms:
        return None
    times = [face.time_ms for face in track.boxes]
    x, y, w, h = (float(np.interp(time_ms, times, [face.box[i] for face in track.boxes])) for i in range(4))
    return x, y, w, h


def face_recall(tracks: Sequence[FaceTrack], reference: Mapping[int, Sequence[Box]], least: float = 0.4) -> Found:
    """Say how many of the reference's faces (at each of its times) the tracks have, each at most once."""
    found = total = 0
    for time_ms, faces in reference.items():
        boxes = [box for track in tracks if (box := box_at(track, time_ms)) is not None]
        for face in faces:
            total += 1
            best = max(boxes, key=lambda box: overlap(box, face), default=None)
            if best is not None and overlap(best, face) > least:
                found += 1
                boxes.remove(best)
    return Found(found, total, ())


@dataclass(frozen=True, slots=True)
class People:
    """Shares of looked-at faces. `track_purity`: of its track's main person; `pair_recall`: of all pairs of faces of
    one person those in one identity; `pair_precision`: the reverse; `clusters`: identities per person."""

    track_purity: float
    pair_recall: float
    pair_precision: float
    clusters: float


def score_people(facts: FaceFacts, truth: Mapping[int, Mapping[str, Box]], least: float = 0.3) -> People:
    """Compare tracks and identities with who is where: for each looked-at time, each person's box."""
    by_track: dict[int, Counter[str]] = defaultdict(Counter)
    for time_ms, people in truth.items():
        for track in facts.tracks:
            box = box_at(track, time_ms)
            name = max(people, key=lambda who: overlap(people[who], box), default=None) if box else None
            if box and name is not None and overlap(people[name], box) > least:
                by_track[track.index][name] += 1
    by_identity: dict[str, Counter[str]] = defaultdict(Counter)
    for track in facts.tracks:
        own = f"track {track.index}" if track.identity is None else f"identity {track.identity}"
        by_identity[own].update(by_track.get(track.index, {}))
    totals = sum(by_identity.values(), Counter[str]())
    together = sum(count**2 for names in by_identity.values() for count in names.values())
    seen = sum(totals.values())
    main = Counter(max(names, key=names.__getitem__) for key, names in by_identity.items() if key[0] == "i" and names)
    return People(
        track_purity=sum(max(names.values()) for names in by_track.values() if names) / seen if seen else 1.0,
        pair_recall=together / max(1, sum(count**2 for count in totals.values())),
        pair_precision=together / max(1, sum(names.total() ** 2 for names in by_identity.values())),
        clusters=sum(main.values()) / max(1, len(totals)),
    )


@dataclass(frozen=True, slots=True)
class Text:
    """A subtitle, read or true."""

    text: str
    start_ms: int
    end_ms: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """`errors_ms` are of the starts and ends of the lines that were found; `wrong` are what was not read exactly."""

    letters: int
    mistakes: int
    missed: tuple[str, ...]
    errors_ms: tuple[int, ...]
    wrong: tuple[tuple[str, str], ...]

    @property
    def error_rate(self) -> float:
        return self.mistakes / max(1, self.letters)


def score_text(found: Sequence[Text], truth: Sequence[Text]) -> tuple[dict[str, Reading], tuple[str, ...]]:
    """Compare lines with those that are true, by group; return the readings and the lines that are invented.

    A missed line counts as missed, not as mistakes. White space and line breaks count as one blank, in Chinese as
    nothing: it has no blanks, how wide a gap is drawn is a matter of style.
    """
    left = list(found)
    results = {}
    matched: dict[str, list[tuple[Text, Text | None]]] = defaultdict(list)
    for line in truth:
        together = [other for other in left if min(line.end_ms, other.end_ms) > max(line.start_ms, other.start_ms)]
        best = max(together, key=lambda other: _likeness(line, other), default=None)
        if best is not None and _likeness(line, best) >= _SAME_LINE:
            left.remove(best)
        else:
            best = None
        matched[line.group].append((line, best))
    for group, pairs in matched.items():
        read = [(_plain(line), _plain(best), line, best) for line, best in pairs if best is not None]
        results[group] = Reading(
            letters=sum(len(true) for true, *_ in read),
            mistakes=sum(Levenshtein.distance(true, seen) for true, seen, *_ in read),
            missed=tuple(_plain(line) for line, best in pairs if best is None),
            errors_ms=tuple(
                error
                for _, _, line, best in read
                for error in (best.start_ms - line.start_ms, best.end_ms - line.end_ms)
            ),
            wrong=tuple((true, seen) for true, seen, *_ in read if true != seen),
        )
    return results, tuple(_plain(line) for line in left)


def _plain(line: Text) -> str:
    straight = line.text.translate(_STRAIGHT)
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in straight)
    return ("" if chinese else " ").join(straight.split())


def _likeness(one: Text, other: Text) -> float:
    return float(Levenshtein.normalized_similarity(_plain(one), _plain(other)))
