"""Burned-in subtitles: read them from the picture, with start and end to the frame (ERATO protocol, rule 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
from rapidfuzz.distance import Levenshtein

from workers.analysers.errors import AnalysisError
from workers.analysers.facts import Progress, SubtitleLine, no_progress
from workers.analysers.frames import Pixels, iter_frames, video_length
from workers.analysers.ocr import TextBox, TextReader, choose_reader
from workers.analysers.subtitle_edges import Mask, SeenLine, find_edges, strokes
from workers.analysers.subtitle_rows import Reading, joined_text, only_subtitles, union

NAME: Final = "subtitles"
VERSION: Final = "1"

#: A text is read again when fewer of its strokes are still there, or as many new ones have come.
_SAME_STROKES: Final = 0.85
#: Share of the run that reading the looked-at frames takes; the rest finds the edges.
_READING_SHARE: Final = 0.85


@dataclass(frozen=True, slots=True)
class Options:
    languages: tuple[str, ...] = ("en",)
    """ISO 639-1 codes of the subtitles' languages."""
    engine: str = "auto"
    """A reader's name (`rapidocr`, `easyocr`), or `auto`."""
    sample_every_ms: int = 250
    """How often a frame is read. A line that is shorter can be overlooked."""
    read_again_every: int = 2
    """A text whose strokes stay is read in every so many-th looked-at frame; 1: in all."""
    area_top: float = 0.6
    """Only the picture below this share of its height is looked at."""
    min_confidence: float = 0.3
    """Rows that the reader is less sure of are no text."""
    min_single_confidence: float = 0.85
    """A line that was read in one frame only must be this sure."""
    same_text_ratio: float = 0.8
    """Levenshtein ratio from which on texts of neighbouring frames are one line."""


@dataclass(slots=True)
class _Run:
    """Neighbouring looked-at frames with one text: index of the first and last among all of them, and the readings."""

    first: int
    last: int
    readings: list[tuple[TextBox, ...]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text that was read most surely: confidences of equal readings add up."""
        votes: dict[str, float] = defaultdict(float)
        for boxes in self.readings:
            votes[joined_text(boxes)] += _confidence(boxes)
        return max(votes, key=lambda text: (votes[text], text))

    @property
    def best(self) -> tuple[TextBox, ...]:
        text = self.text
        return max((boxes for boxes in self.readings if joined_text(boxes) == text), key=_confidence)


def read_burned_subtitles(
    video: Path, options: Options | None = None, on_progress: Progress = no_progress
) -> tuple[SubtitleLine, ...]:
    """Return the subtitle lines of a video in order, `source="ocr"`; an empty tuple where none is burned in.

    Looks at the lower part of a frame every `sample_every_ms`, keeps the rows that are subtitles, joins neighbouring
    frames of (nearly) one text, and finds the first and last frame of each line by its strokes. Rows of a line are
    separated by line breaks. Raises AnalysisError `video_unreadable`, and those of `choose_reader`.
    """
    options = options or Options()
    if not (0 <= options.area_top < 1 and options.sample_every_ms > 0 and options.read_again_every > 0):
        raise AnalysisError(
            "options_invalid", "area_top must be in [0, 1), sample_every_ms and read_again_every above 0."
        )
    reader = choose_reader(options.languages, options.engine)
    duration_ms, _, width, height = video_length(video)
    lower_part = _LowerPart(reader, options)
    readings: list[Reading] = []
    for time_ms, pixels in iter_frames(video, every_ms=options.sample_every_ms):
        readings.append(Reading(time_ms, lower_part.read(pixels)))
        on_progress(min(time_ms / duration_ms, 1.0) * _READING_SHARE, "reading subtitles")
    rows = only_subtitles(readings, width, height, options.sample_every_ms)
    runs = [
        run
        for run in _runs(rows, options.same_text_ratio)
        if len(run.readings) > 1 or _confidence(run.best) >= options.min_single_confidence
    ]
    edges = find_edges(
        video,
        [_seen(run, rows) for run in runs],
        duration_ms,
        lambda share: on_progress(_READING_SHARE + (1 - _READING_SHARE) * share, "timing subtitles"),
    )
    on_progress(1.0, "timing subtitles")
    return _lines(runs, edges)


class _LowerPart:
    """Reads the lower part of frames, and reads again only if the letters it has read have changed.

    The reader is by far the slowest step. While nearly all strokes of the last reading are where they were, its text is
    still there; it is read anew every `read_again_every` looks all the same, so that readings can be weighed.
    """

    def __init__(self, reader: TextReader, options: Options) -> None:
        self._reader = reader
        self._options = options
        self._last: tuple[TextBox, ...] = ()
        self._masks: list[Mask] = []
        self._repeats = 0

    def read(self, pixels: Pixels) -> tuple[TextBox, ...]:
        """Return the rows of text below `area_top`, in pixels of the whole picture."""
        if self._last and self._repeats + 1 < self._options.read_again_every and self._still_there(pixels):
            self._repeats += 1
            return self._last
        top = int(pixels.shape[0] * self._options.area_top)
        self._repeats = 0
        self._last = tuple(
            TextBox(b.text, (b.box[0], b.box[1] + top, b.box[2], b.box[3]), b.confidence)
            for b in self._reader.read(np.ascontiguousarray(pixels[top:]))
            if b.confidence >= self._options.min_confidence
        )
        self._masks = [strokes(pixels, b.box, b.box[3]) for b in self._last]
        return self._last

    def _still_there(self, pixels: Pixels) -> bool:
        now = [strokes(pixels, b.box, b.box[3]) for b in self._last]
        known = sum(int(mask.sum()) for mask in self._masks)
        kept = sum(int((mask & new).sum()) for mask, new in zip(self._masks, now, strict=True))
        added = sum(int(new.sum()) for new in now) - kept
        return known > 0 and kept >= _SAME_STROKES * known and added <= (1 - _SAME_STROKES) * known


def _runs(rows: Sequence[Reading], same_text_ratio: float) -> list[_Run]:
    """Join neighbouring readings of one text; one frame in between in which nothing was read does not part them."""
    runs: list[_Run] = []
    for i, reading in enumerate(rows):
        if not reading.boxes:
            continue
        last = runs[-1] if runs else None
        near = last is not None and i - last.last <= 2 and not any(rows[k].boxes for k in range(last.last + 1, i))
        if last is not None and near and _same(last.text, joined_text(reading.boxes), same_text_ratio):
            last.last = i
        else:
            last = _Run(i, i)
            runs.append(last)
        last.readings.append(reading.boxes)
    return runs


def _same(one: str, other: str, ratio: float) -> bool:
    return Levenshtein.normalized_similarity("".join(one.split()), "".join(other.split())) >= ratio


def _seen(run: _Run, rows: Sequence[Reading]) -> SeenLine:
    best = run.best
    return SeenLine(
        before_ms=rows[run.first - 1].time_ms if run.first > 0 else None,
        first_ms=rows[run.first].time_ms,
        last_ms=rows[run.last].time_ms,
        after_ms=rows[run.last + 1].time_ms if run.last + 1 < len(rows) else None,
        box=union([box.box for box in best]),
        row_px=median(box.box[3] for box in best),
    )


def _lines(runs: Sequence[_Run], edges: Sequence[tuple[int, int]]) -> tuple[SubtitleLine, ...]:
    lines: list[SubtitleLine] = []
    for run, (start_ms, end_ms) in zip(runs, edges, strict=True):
        if lines:
            start_ms = max(start_ms, lines[-1].end_ms)
        if start_ms < end_ms:
            lines.append(
                SubtitleLine(
                    index=len(lines),
                    start_ms=start_ms,
                    end_ms=end_ms,
                    text=run.text,
                    confidence=round(_confidence(run.best), 4),
                    source="ocr",
                    box=union([box.box for box in run.best]),
                )
            )
    return tuple(lines)


def _confidence(boxes: Sequence[TextBox]) -> float:
    letters = sum(len(box.text) for box in boxes)
    return sum(box.confidence * len(box.text) for box in boxes) / max(letters, 1)
