"""What is held out of training where a data set does not say."""

from __future__ import annotations

import numpy as np


def held_out_groups(count: int, share: float, seed: int) -> set[int]:
    """Return the places of about `share` of so many groups, at least one of two or more, drawn with a seed."""
    if count < 2:
        return set()
    held = min(count - 1, max(1, round(share * count)))
    return {int(place) for place in np.random.default_rng(seed).permutation(count)[:held]}
