from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exports.errors import FormatError
from exports.formats.features import PARTS, read_episode_features, read_extractors, write_episode_features
from tests.exports.factory import DIMS, episode, features
from workers.analysers.features import arrays as workers_arrays


def stored(path: Path) -> dict[str, Any]:
    with np.load(path) as found:
        return dict(found)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_episode_features(tmp_path / "1.npz", features(episode(1)))
    return tmp_path / "1.npz"


def test_features_come_back_equal_and_with_the_same_bytes(path: Path, tmp_path: Path) -> None:
    found = read_episode_features(path)
    for part in PARTS:
        np.testing.assert_array_equal(getattr(found, part), getattr(features(episode(1)), part))
    write_episode_features(tmp_path / "2.npz", found)
    assert (tmp_path / "2.npz").read_bytes() == path.read_bytes()
    assert {part: made.dim for part, made in read_extractors(path).items()} == DIMS


def test_what_the_worker_writes_is_what_a_release_reads(tmp_path: Path) -> None:
    made = features(episode(1))
    values = {field.name: getattr(made, field.name) for field in fields(made) if field.name != "extractors"}
    made_by = {
        part: workers_arrays.Extractor(e.name, e.version, e.dim, e.licence) for part, e in made.extractors.items()
    }
    workers_arrays.write_features(workers_arrays.FeatureArrays(**values, extractors=made_by), tmp_path / "w.npz")
    found = read_episode_features(tmp_path / "w.npz")
    assert found.extractors == made.extractors
    for name, array in values.items():
        np.testing.assert_array_equal(getattr(found, name), array)


def test_a_part_without_rows_keeps_its_width(path: Path) -> None:
    arrays = stored(path)
    arrays |= {"audio": np.zeros((0, 0), np.float32), "audio_segment": np.zeros(0, np.int32)}
    np.savez(path, **arrays)
    assert read_episode_features(path).audio.shape == (0, DIMS["audio"])


def test_meta_may_be_a_row_of_one_string(path: Path) -> None:
    arrays = stored(path)
    np.savez(path, **(arrays | {"meta": arrays["meta"].reshape(1)}))
    assert read_extractors(path)["audio"].name == "synthetic-audio"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"audio": None}, "lacks audio"),
        ({"meta": np.array("{}")}, "meta must be JSON"),
        ({"meta": np.array(json.dumps({part: {"name": "a", "version": "1", "dim": 99} for part in PARTS}))}, "99"),
        ({"frame_time_ms": np.zeros(160, np.int32)}, "must rise"),
        ({"audio_segment": np.zeros(16, np.int32)}, "names a segment twice"),
        ({"audio_segment": np.zeros(16, np.float32)}, "row of integers"),
        ({"audio_segment": np.arange(3, dtype=np.int32)}, "audio is float32"),
        ({"face_track": np.zeros(1, np.int32)}, "different lengths"),
        ({"text": np.full((16, 5), np.nan, np.float32)}, "not finite"),
    ],
)
def test_a_wrong_array_is_named(path: Path, change: dict[str, Any], message: str) -> None:
    arrays = {key: value for key, value in (stored(path) | change).items() if value is not None}
    np.savez(path, **arrays)
    with pytest.raises(FormatError, match=message):
        read_episode_features(path)


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04 cut off"])
def test_another_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.npz").write_bytes(data)
    with pytest.raises(FormatError, match=r"x\.npz"):
        read_episode_features(tmp_path / "x.npz")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"none\.npz"):
        read_extractors(tmp_path / "none.npz")
