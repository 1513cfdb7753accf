"""Every pixel is counted once, in the part of the RGB cube its colour lies in."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.colours import COLOUR_DIM, colour_shares


def test_shares_by_hand() -> None:
    picture = np.array([[[0, 0, 255], [255, 0, 0], [42, 43, 85], [42, 43, 86]]], dtype=np.uint8)  # blue, green, red
    shares = colour_shares(picture)
    assert shares.shape == (COLOUR_DIM,)
    # A part is 42 2/3 wide: 42 lies in the first, 43 and 85 in the second, 86 in the third.
    assert {place: float(shares[place]) for place in np.flatnonzero(shares)} == {
        5 * 36: 0.25,
        5: 0.25,
        1 * 36 + 1 * 6: 0.25,
        2 * 36 + 1 * 6: 0.25,
    }


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=60))
def test_shares_are_those_of_counting_one_by_one(colours: list[tuple[int, int, int]]) -> None:
    counted = np.zeros(COLOUR_DIM)
    for blue, green, red in colours:
        counted[red * 6 // 256 * 36 + green * 6 // 256 * 6 + blue * 6 // 256] += 1
    shares = colour_shares(np.array([colours], dtype=np.uint8))
    np.testing.assert_allclose(shares, counted / len(colours), atol=1e-6)
