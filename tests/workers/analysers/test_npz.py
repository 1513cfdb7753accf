"""Rows of an array that stays in its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from workers.analysers.errors import AnalysisError
from workers.analysers.npz import StoredRows, write_npz
from workers.analysers.spill import SpilledRows

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


def spilled(array: NDArray[np.float32]) -> SpilledRows:
    rows = SpilledRows(array.shape[1])
    for row in array:
        rows.put(row)
    return rows


@pytest.mark.parametrize("count", [0, 1, 3, 1000])
def test_rows_on_disk_are_written_as_the_array_that_they_are(count: int, tmp_path: Path) -> None:
    # 1,000 rows are 6 MB: more than is read at a time
    array = np.random.default_rng(count).random((count, 1500), dtype=np.float32)
    write_npz(tmp_path / "array.npz", {"rows": array, "after": np.arange(3)}, {"size": 1})
    write_npz(tmp_path / "spilled.npz", {"rows": spilled(array), "after": np.arange(3)}, {"size": 1})
    stored = StoredRows(tmp_path / "array.npz", "rows", 2, "looks")
    write_npz(tmp_path / "copied.npz", {"rows": stored, "after": np.arange(3)}, {"size": 1})
    whole = (tmp_path / "array.npz").read_bytes()
    assert (tmp_path / "spilled.npz").read_bytes() == whole
    assert (tmp_path / "copied.npz").read_bytes() == whole


def test_no_more_than_some_rows_are_in_memory_while_they_are_written(tmp_path: Path) -> None:
    class Watched(SpilledRows):
        most = 0

        def rows(self, first: int, after: int) -> NDArray[np.float32]:
            self.most = max(self.most, after - first)
            return super().rows(first, after)

    rows = Watched(1 << 16)  # a quarter of a MB each
    for number in range(40):
        rows.put(np.full(1 << 16, number, np.float32))
    write_npz(tmp_path / "rows.npz", {"rows": rows}, {})
    assert rows.most == 4
    with np.load(tmp_path / "rows.npz") as stored:
        assert stored["rows"][:, -1].tolist() == list(range(40))


def test_rows_that_cannot_be_read_leave_no_file(tmp_path: Path) -> None:
    stored = StoredRows(written(tmp_path), "points", 2, "looks")
    (tmp_path / "some.npz").unlink()
    with pytest.raises(AnalysisError, match="Run the looks step again"):
        write_npz(tmp_path / "new.npz", {"points": stored}, {})
    assert not (tmp_path / "new.npz").exists()


def test_rows_are_kept_one_by_one_or_many_at_once_as_what_they_are() -> None:
    rows = SpilledRows(3, np.uint8)
    rows.put(np.array([1, 2, 3]))
    rows.put(np.zeros((0, 3), np.uint8))
    rows.put(np.array([[4, 5, 6], [7, 8, 9]], np.uint8))
    assert rows.shape == (3, 3)
    assert rows.dtype == np.uint8
    assert rows.rows(1, 3).tolist() == [[4, 5, 6], [7, 8, 9]]
    assert np.asarray(rows).tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
