from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from exports.errors import FormatError
from exports.formats.memor import vectors
from exports.formats.memor.normalise import fit_standardiser
from exports.formats.memor.tensors import read_tensor, write_tensor
from exports.formats.memor.vectors import VectorWriter, read_vectors

FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=arrays(np.float32, st.tuples(st.integers(1, 5), st.integers(1, 7)), elements=FLOATS))
def test_every_float32_comes_back_exactly(tmp_path: Path, rows: np.ndarray) -> None:
    path = tmp_path / "v.json"
    with VectorWriter(path) as writer:
        for number, row in enumerate(rows):
            writer.add(f"clip+{number}", row)
    table = read_vectors(path)
    np.testing.assert_array_equal(table.rows, rows)
    assert table.places == {f"clip+{number}": number for number in range(len(rows))}


def test_an_empty_file_is_an_empty_table(tmp_path: Path) -> None:
    with VectorWriter(tmp_path / "v.json"):
        pass
    assert len(read_vectors(tmp_path / "v.json").rows) == 0


def test_entries_that_cross_the_reading_blocks_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_READ_CHARACTERS", 7)
    (tmp_path / "v.json").write_text('{"a+0": [1.5, -2e-3],\n "b+1":[3,4]  }')
    table = read_vectors(tmp_path / "v.json")
    np.testing.assert_array_equal(table.rows, np.array([[1.5, -2e-3], [3, 4]], np.float32))
    assert table.get("c+0") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": [1], "b": [1, 2]}', "'b' has 2 numbers"),
        ('{"a": [1], "a": [2]}', "'a' is there twice"),
        ('{"a": [NaN]}', "not finite"),
        ('{"a": [1,]}', "no list of numbers"),
        ('{"a": [1]', "cut off"),
        ('{"a": [1] "b": [1]}', "near"),
        ('["a"]', "near"),
        ("", "near"),
        ('{"a": 3}', "near"),
        ('{"a": [1]}{"b": [1]}', "near"),
    ],
)
def test_a_malformed_file_is_refused_where_it_goes_wrong(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "v.json").write_text(text)
    with pytest.raises(FormatError, match=message):
        read_vectors(tmp_path / "v.json")


def test_tensors_have_the_same_bytes_under_any_name(tmp_path: Path) -> None:
    array = np.arange(12, dtype=np.float32).reshape(4, 3)
    write_tensor(tmp_path / "a.pt", array)
    write_tensor(tmp_path / "b.pt", np.asfortranarray(array)[:, :])
    assert (tmp_path / "a.pt").read_bytes() == (tmp_path / "b.pt").read_bytes()
    np.testing.assert_array_equal(read_tensor(tmp_path / "a.pt"), array)


def test_a_view_does_not_drag_its_base_into_the_file(tmp_path: Path) -> None:
    write_tensor(tmp_path / "a.pt", np.zeros((100_000, 3), np.float32)[:2])
    assert (tmp_path / "a.pt").stat().st_size < 5000


@pytest.mark.parametrize("data", [b"", b"not a tensor", b"PK\x03\x04broken"])
def test_a_damaged_tensor_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.pt").write_bytes(data)
    with pytest.raises(FormatError, match=r"a\.pt"):
        read_tensor(tmp_path / "a.pt")


def test_standard_scores_of_parts_are_those_of_the_whole() -> None:
    draw = np.random.default_rng(0)
    rows = (draw.normal(1e4, 3, (50, 4)) * [1, 10, 0, 1e-3]).astype(np.float32)
    scores = fit_standardiser([rows[:1], rows[1:20], rows[20:20], rows[20:]], 4)
    np.testing.assert_allclose(scores.mean, rows.astype(np.float64).mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(scores.deviation[[0, 1, 3]], rows.astype(np.float64).std(axis=0)[[0, 1, 3]], rtol=1e-9)
    made = scores.apply(rows)
    np.testing.assert_allclose(made.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(made.std(axis=0), [1, 1, 0, 1], atol=1e-4)


def test_standard_scores_without_rows_change_nothing() -> None:
    scores = fit_standardiser([], 3)
    np.testing.assert_array_equal(scores.apply(np.ones((2, 3))), 1)
