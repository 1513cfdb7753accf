"""The files of faces and surroundings: what was written is read, equal facts are equal bytes, damage is told."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.errors import AnalysisError
from workers.analysers.face_file import read_expressions, read_looks, write_face_file
from workers.analysers.facts import Expression, ExpressionFacts, FaceLooks, TrackExpressions
from workers.analysers.features.scene import ENVIRONMENT, Surroundings
from workers.analysers.features.surroundings_file import read_surroundings, write_surroundings
from workers.analysers.npz import write_npz

EMOTIONS = ("joy", "sadness", "neutral")


def looks(count: int = 3, width: int = 128) -> FaceLooks:
    embedding = np.random.default_rng(1).random((count, width), dtype=np.float32)
    return FaceLooks(np.arange(count, dtype=np.int32) * 1000, np.arange(count, dtype=np.int32), embedding)


def expressions() -> ExpressionFacts:
    first = TrackExpressions(0, (Expression(0, (0.5, 0.25, 0.25), 0.9), Expression(500, (0.1, 0.2, 0.7), 1 / 3)))
    return ExpressionFacts(EMOTIONS, (first, TrackExpressions(2, (Expression(40, (1.0, 0.0, 0.0), 0.0),))), "net-1")


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "faces.npz"
    write_face_file(looks(), "dlib-resnet-v1-128", expressions(), path)
    found, embedder = read_looks(path)
    assert (embedder, read_expressions(path)) == ("dlib-resnet-v1-128", expressions())
    np.testing.assert_array_equal(found.time_ms, [0, 1000, 2000])
    np.testing.assert_array_equal(found.track, [0, 1, 2])
    np.testing.assert_array_equal(found.embedding, looks().embedding)
    assert [path.name for path in tmp_path.iterdir()] == ["faces.npz"]


shares = st.tuples(*[st.floats(0, 1)] * 3)
look = st.builds(Expression, time_ms=st.integers(0, 10**7), probabilities=shares, weight=st.floats(0, 1))
of_track = st.lists(look, min_size=1, max_size=4).map(tuple)


@given(st.dictionaries(st.integers(0, 9), of_track, max_size=4))
def test_any_expressions_come_back_exactly(tmp_path_factory: pytest.TempPathFactory, tracks: dict) -> None:
    path = tmp_path_factory.getbasetemp() / "any.npz"
    facts = ExpressionFacts(EMOTIONS, tuple(TrackExpressions(track, of) for track, of in tracks.items()), "net-1")
    write_face_file(looks(0), "dlib-resnet-v1-128", facts, path)
    assert read_expressions(path) == facts


def test_a_film_without_faces_keeps_the_width_of_its_embeddings(tmp_path: Path) -> None:
    write_face_file(looks(0, 512), "facenet-vggface2-512", ExpressionFacts(), tmp_path / "faces.npz")
    assert read_looks(tmp_path / "faces.npz")[0].embedding.shape == (0, 512)
    assert read_expressions(tmp_path / "faces.npz") == ExpressionFacts()


def test_equal_facts_are_equal_bytes_whenever_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_face_file(looks(), "a", expressions(), tmp_path / "one.npz")
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    write_face_file(looks(), "a", expressions(), tmp_path / "other.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()


def test_a_file_that_cannot_be_finished_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(np.lib.format, "write_array", full)
    with pytest.raises(OSError, match="No space"):
        write_face_file(looks(), "a", expressions(), tmp_path / "faces.npz")
    assert not (tmp_path / "faces.npz").exists()


def test_surroundings_come_back(tmp_path: Path) -> None:
    rows = np.random.default_rng(2).random((2, ENVIRONMENT.dim), dtype=np.float32)
    write_surroundings(Surroundings(np.array([0, 1001], dtype=np.int32), rows), tmp_path / "surroundings.npz")
    found = read_surroundings(tmp_path / "surroundings.npz")
    np.testing.assert_array_equal(found.time_ms, [0, 1001])
    np.testing.assert_array_equal(found.environment, rows)


def test_damage_is_told_with_the_file_and_what_to_do(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.npz", tmp_path / "faces.npz"
    write_face_file(looks(), "a", expressions(), good)
    whole = good.read_bytes()
    renamed = whole.replace(b"look_track", b"look_tr4ck").replace(b"expression_weight", b"expression_we1ght")
    for read in (read_looks, read_expressions):
        for data in (b"", b"no archive", whole[: len(whole) // 2], renamed):
            bad.write_bytes(data)
            with pytest.raises(AnalysisError, match=r"faces\.npz.*Run the faces step again") as told:
                read(bad)
            assert told.value.code == "arrays_unreadable"
        with pytest.raises(AnalysisError, match="Run the faces step again"):
            read(tmp_path / "missing.npz")


def test_rows_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "faces.npz"
    write_face_file(FaceLooks(looks(3).time_ms, looks(2).track, looks(3).embedding), "a", expressions(), path)
    with pytest.raises(AnalysisError, match="do not belong to each other"):
        read_looks(path)
    numbers, shares = np.zeros(2, np.int32), np.zeros((2, 3))
    seen = {"expression_time_ms": numbers, "expression_track": numbers, "expression_probability": shares}
    for weights, emotions in ((np.zeros(3), EMOTIONS), (np.zeros(2), EMOTIONS[:2])):
        write_npz(path, seen | {"expression_weight": weights}, {"emotions": list(emotions)})
        with pytest.raises(AnalysisError, match="do not belong to each other"):
            read_expressions(path)
    write_npz(path, {"time_ms": np.zeros(2, np.int32), "environment": np.zeros((2, 3), np.float32)}, {})
    with pytest.raises(AnalysisError, match="Run the surroundings step again"):
        read_surroundings(path)
