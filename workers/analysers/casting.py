"""Who is who: suggests which speaker a face belongs to, from who is seen while somebody speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

NAME = "casting"
VERSION = "1"

Spans = Sequence[tuple[int, int]]

#: A face must be seen for at least this long while its speaker speaks, and for this share of his or her speaking.
LEAST_OVERLAP_MS = 500
LEAST_SHARE = 0.15


def suggest_speakers(faces: Mapping[int, Spans], speakers: Mapping[str, Spans]) -> dict[int, str]:
    """Return identity -> speaker, each at most once, so that the evidence is greatest in sum (Hungarian method).

    `faces` and `speakers` map to spans in ms. The evidence for a pair is the time both hold, above what would be
    expected of a face that is on screen as often but whatever is said: someone who is always in the picture is no
    speaker's face for that alone. A wrong link costs more than a missing one, so weak pairs are left out.
    """
    identities, names = sorted(faces), sorted(speakers)
    if not identities or not names:
        return {}
    together = np.array(
        [[overlap_ms(faces[identity], speakers[name]) for name in names] for identity in identities], dtype=float
    )
    seen = together.sum(axis=1, keepdims=True)
    spoken = np.array([[sum(end - start for start, end in speakers[name]) for name in names]], dtype=float)
    expected = seen * spoken / max(spoken.sum(), 1.0)
    evidence = together - expected if len(names) > 1 else together
    rows, columns = linear_sum_assignment(evidence, maximize=True)
    return {
        identities[row]: names[column]
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if together[row, column] >= max(LEAST_OVERLAP_MS, LEAST_SHARE * spoken[0, column]) and evidence[row, column] > 0
    }


def overlap_ms(first: Spans, second: Spans) -> int:
    """Return how long both hold at once; spans of one side may overlap each other and then count once."""
    a, b = _merged(first), _merged(second)
    total = i = j = 0
    while i < len(a) and j < len(b):
        total += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return total


def _merged(spans: Spans) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
