"""Who says which subtitle: transcript lines matched to subtitles by their words."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from workers.analysers.alignment.words import compared, joined, written_words
from workers.analysers.facts import SubtitleLine
from workers.analysers.transcripts import TranscriptLine, split_speaker, without_directions

#: What a pair of words is worth in the dynamic programme: equal, alike (a typo), different; and a word without partner.
_EQUAL, _ALIKE, _DIFFERENT, _GAP = 4.0, 2.0, -3.0, -1.0
_ALIKE_RATIO: Final = 0.7
#: So many words in a row, once in either list, are the same place. Lists with fewer pairs of words than the first
#: number need no such anchors (0.1 s), stretches with more than the second (a film's without any in common) get none.
_RUN: Final = 3
_SMALL, _LARGE = 250_000, 40_000_000
#: A speaker is certain where this share of the words agree, on both sides.
_CERTAIN_SHARE: Final = 0.5
#: Below this share of the shorter side's words a transcript line and a subtitle have nothing to do with each other.
_STRAY_SHARE: Final = 0.3
_DASH: Final = re.compile(r"^\s*[-–—‐]\s*(?=\S)")
_MUSIC: Final = re.compile(r"[♪♫#]")


@dataclass(frozen=True, slots=True)
class SpokenPart:
    """What one person says in one subtitle: an utterance without its times. `words` are written ones."""

    cue: int
    """Index into the subtitles that were matched."""
    speaker: str
    words: tuple[str, ...]
    certain: bool

    @property
    def text(self) -> str:
        return joined(list(self.words))


def match(subtitles: Sequence[SubtitleLine], transcript: Sequence[TranscriptLine]) -> list[SpokenPart]:
    """Return what is said in each subtitle, and by whom, in order.

    A subtitle is split where its rows start with dashes or names ("NORA: ..."), and where several transcript lines meet
    in it. A transcript line that runs over several subtitles gives one part a subtitle. Where a transcript line
    matches, its words are kept (they are what was said; subtitles shorten), else the subtitle's own, with the name that
    stands in the subtitle or "". A transcript line without any word in the subtitles is left out: nothing says when
    it is spoken. Without a common word, but with as many lines as subtitles, they are paired in order, uncertain.
    """
    parts = [part for cue, line in enumerate(subtitles) for part in parts_of(cue, line.text)]
    lines = [(line.speaker, written_words(line.text)) for line in transcript]
    if not parts or not any(words for _, words in lines):
        return parts
    pairs = word_pairs(
        [compared(word) for _, words in lines for word in words], [compared(word) for p in parts for word in p.words]
    )
    if not pairs and len(parts) == len(lines):
        return [
            SpokenPart(part.cue, speaker, part.words, certain=False)
            for part, (speaker, _) in zip(parts, lines, strict=True)
        ]
    return _labelled(parts, lines, pairs)


def parts_of(cue: int, text: str) -> list[SpokenPart]:
    """Split one subtitle's text at rows that start with a dash or a name; stage directions and music signs go."""
    rows = [row for row in without_directions(_MUSIC.sub(" ", text)).split("\n") if row.strip()]
    dashed = sum(bool(_DASH.match(row)) for row in rows) > 1
    parts: list[tuple[str, str]] = []
    for row in rows:
        bare = _DASH.sub("", row)
        speaker, spoken = split_speaker(bare)
        if parts and not speaker and not (dashed and bare != row):
            parts[-1] = (parts[-1][0], f"{parts[-1][1]} {row}")
        else:
            parts.append((speaker, spoken))
    return [
        SpokenPart(cue, speaker, tuple(words), certain=bool(speaker))
        for speaker, spoken in parts
        if (words := written_words(spoken))
    ]


def word_pairs(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of equal or alike words of the best common order of two word lists.

    Runs of words that are in both lists just once are pairs for certain; between them the best order is searched. So
    the work grows with the length of a film, not with its square: 45 minutes take some tenths of a second.
    """
    pairs: list[tuple[int, int]] = []
    start = (0, 0)
    for anchor in [*_anchors(one, other), (len(one), len(other))]:
        between = _best_pairs(one[start[0] : anchor[0]], other[start[1] : anchor[1]])
        pairs += [(start[0] + i, start[1] + j) for i, j in between]
        if anchor[0] < len(one):
            pairs.append(anchor)
        start = anchor[0] + 1, anchor[1] + 1
    return pairs


def _anchors(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Return the middle words of runs that each list has just once, as far as they are in one order in both."""
    if len(one) * len(other) <= _SMALL:
        return []
    places = [_single_runs(words) for words in (one, other)]
    common = sorted((places[0][run], places[1][run]) for run in places[0].keys() & places[1].keys())
    return [(i + _RUN // 2, j + _RUN // 2) for i, j in _longest_rising(common)]


def _single_runs(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Return where each run of words that occurs once begins."""
    runs = [tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)]
    counts = Counter(runs)
    return {run: i for i, run in enumerate(runs) if counts[run] == 1}


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of pairs (ordered by the first) whose seconds rise."""
    ends: list[int] = []  # second of the last pair of the best chain of each length
    last: list[int] = []  # which pair that is
    before: list[int] = []
    for k, (_, second) in enumerate(pairs):
        length = bisect.bisect_left(ends, second)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [second]
        last[length : length + 1] = [k]
    chain: list[tuple[int, int]] = []
    k = last[-1] if last else -1
    while k >= 0:
        chain.append(pairs[k])
        k = before[k]
    return chain[::-1]


def _best_pairs(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Needleman-Wunsch with the scores above, a row at a time; of stretches too long for it only what is anchored."""
    if not one or not other or len(one) * len(other) > _LARGE:
        return []
    worth = _worth(one, other)
    columns = np.arange(len(other) + 1) * -_GAP
    score = -columns
    steps = np.zeros((len(one) + 1, len(other) + 1), dtype=np.int8)  # 0 left, 1 up, 2 both
    for i in range(1, len(one) + 1):
        both = score[:-1] + worth(i - 1)
        up = score[1:] + _GAP
        best = np.concatenate([[score[0] + _GAP], np.maximum(both, up)])
        # the best of stepping left any number of times, for the whole row at once
        score = np.maximum.accumulate(best + columns) - columns
        steps[i, 1:] = np.where(score[1:] > best[1:], 0, np.where(both >= up, 2, 1))
        steps[i, 0] = 1
    pairs: list[tuple[int, int]] = []
    i, j = len(one), len(other)
    while i and j:
        step = steps[i, j]
        if step == 2:
            i, j = i - 1, j - 1
            if worth(i)[j] > 0:
                pairs.append((i, j))
        elif step == 1:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


class _worth:  # noqa: N801  (reads as a function of a row)
    """Worth of word i of one list against every word of the other; similarity is computed once per distinct word."""

    def __init__(self, one: Sequence[str], other: Sequence[str]) -> None:
        rows, self._row = np.unique(np.array(one, dtype=object).astype(str), return_inverse=True)
        columns, self._column = np.unique(np.array(other, dtype=object).astype(str), return_inverse=True)
        ratio = cdist(
            rows.tolist(), columns.tolist(), scorer=Levenshtein.normalized_similarity, score_cutoff=_ALIKE_RATIO
        )
        self._table = np.where(ratio >= 1.0, _EQUAL, np.where(ratio > 0.0, _ALIKE, _DIFFERENT))

    def __call__(self, i: int) -> np.ndarray:
        return self._table[self._row[i]][self._column]


def _labelled(
    parts: Sequence[SpokenPart], lines: Sequence[tuple[str, list[str]]], pairs: Sequence[tuple[int, int]]
) -> list[SpokenPart]:
    """Give every part the transcript lines whose words it holds, and split it where there are several."""
    line_of = [i for i, (_, words) in enumerate(lines) for _ in words]
    part_of = [i for i, part in enumerate(parts) for _ in part.words]
    met: dict[tuple[int, int], list[tuple[int, int]]] = {}  # (part, line) -> pairs
    for spoken, shown in pairs:
        met.setdefault((part_of[shown], line_of[spoken]), []).append((spoken, shown))
    met = _without_strays(met, parts, lines)
    ranges = _line_ranges(met, lines)
    labelled: list[SpokenPart] = []
    for p, part in enumerate(parts):
        here = sorted(key for key in met if key[0] == p)
        if not here:
            labelled.append(_left_over(p, part, met, lines))
            continue
        for key in here:
            speaker, words = lines[key[1]]
            first, last = ranges[key]
            kept = tuple(words[first:last])
            shown_here = len(part.words) / len(here)
            certain = len(met[key]) >= _CERTAIN_SHARE * max(len(kept), shown_here) and bool(speaker)
            labelled.append(SpokenPart(part.cue, speaker or part.speaker, kept, certain))
    return labelled


def _without_strays(
    met: dict[tuple[int, int], list[tuple[int, int]]],
    parts: Sequence[SpokenPart],
    lines: Sequence[tuple[str, list[str]]],
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Drop a line from a part where but a few words of either joined them: an "and" is in every line."""
    return {
        (part, line): pairs
        for (part, line), pairs in met.items()
        if len(pairs) >= _STRAY_SHARE * min(len(lines[line][1]), len(parts[part].words))
    }


def _line_ranges(
    met: dict[tuple[int, int], list[tuple[int, int]]], lines: Sequence[tuple[str, list[str]]]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Deal the words of each line out to the parts it stands in: (part, line) -> range of the line's words."""
    offsets = np.cumsum([0, *(len(words) for _, words in lines)])
    ranges: dict[tuple[int, int], tuple[int, int]] = {}
    for line, keys in groupby(sorted(met, key=lambda key: (key[1], key[0])), key=lambda key: key[1]):
        ordered = list(keys)
        firsts = [min(spoken for spoken, _ in met[key]) - int(offsets[line]) for key in ordered]
        starts = [0, *firsts[1:]]  # words without partner stay with the subtitle before them
        ends = [*starts[1:], len(lines[line][1])]
        ranges |= {key: (start, end) for key, start, end in zip(ordered, starts, ends, strict=True)}
    return ranges


def _left_over(
    p: int,
    part: SpokenPart,
    met: dict[tuple[int, int], list[tuple[int, int]]],
    lines: Sequence[tuple[str, list[str]]],
) -> SpokenPart:
    """A part without a common word: the one transcript line between its neighbours' lines, if there is just one."""
    before = max((line for q, line in met if q < p), default=-1)
    after = min((line for q, line in met if q > p), default=len(lines))
    between = [line for line in range(before + 1, after) if not any(key[1] == line for key in met)]
    if part.speaker:
        return part
    if len(between) == 1:
        return SpokenPart(part.cue, lines[between[0]][0], part.words, certain=False)
    if before == after:  # in the midst of a line
        return SpokenPart(part.cue, lines[before][0], part.words, certain=False)
    return SpokenPart(part.cue, "", part.words, certain=False)
