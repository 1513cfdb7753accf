"""Rows of an array that stays in its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from workers.analysers.errors import AnalysisError
from workers.analysers.npz import StoredRows, write_npz

POINTS = np.arange(60, dtype=np.float32).reshape(20, 3)


def written(folder: Path) -> Path:
    path = folder / "some.npz"
    write_npz(path, {"before": np.arange(7), "points": POINTS, "flags": np.ones(5, np.uint8)}, {"size": 1})
    return path


@pytest.mark.parametrize(("first", "after"), [(0, 20), (3, 9), (19, 20), (7, 7)])
def test_rows_are_those_of_the_array(first: int, after: int, tmp_path: Path) -> None:
    stored = StoredRows(written(tmp_path), "points", 2, "looks")
    assert stored.shape == POINTS.shape
    found = stored.rows(first, after)
    assert found.dtype == np.float32
    assert found.tolist() == POINTS[first:after].tolist()


def test_of_an_array_with_one_axis_rows_are_numbers(tmp_path: Path) -> None:
    assert StoredRows(written(tmp_path), "before", 1, "looks").rows(2, 5).tolist() == [2, 3, 4]


def test_what_is_not_there_says_which_step_to_run_again(tmp_path: Path) -> None:
    path = written(tmp_path)
    for name, axes in (("nothing", 1), ("points", 1), ("meta", 0)):
        with pytest.raises(AnalysisError, match="Run the looks step again"):
            StoredRows(path, name, axes, "looks")
    np.savez_compressed(tmp_path / "small.npz", points=POINTS)
    with pytest.raises(AnalysisError, match="compressed"):
        StoredRows(tmp_path / "small.npz", "points", 2, "looks")
    stored = StoredRows(path, "points", 2, "looks")
    with pytest.raises(AnalysisError, match="Run the looks step again"):
        stored.rows(0, 5000)
    path.unlink()
    with pytest.raises(AnalysisError, match="Run the looks step again"):
        stored.rows(0, 1)
