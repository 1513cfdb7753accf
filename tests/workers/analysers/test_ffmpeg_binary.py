"""Which ffmpeg is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.analysers.errors import AnalysisError
from workers.analysers.ffmpeg_binary import ffmpeg_path


def program(path: Path) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_operators_choice_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin" / "ffmpeg")
    chosen = program(tmp_path / "my-ffmpeg")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("FFMPEG_BINARY", str(chosen))
    assert ffmpeg_path() == str(chosen)


def test_the_systems_comes_before_the_carried_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FFMPEG_BINARY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    system = program(tmp_path / "ffmpeg")
    assert ffmpeg_path() == str(system)


def test_without_either_the_carried_one_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FFMPEG_BINARY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "imageio_ffmpeg" in ffmpeg_path()


def test_a_choice_that_is_no_program_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFMPEG_BINARY", str(tmp_path / "absent"))
    with pytest.raises(AnalysisError, match="FFMPEG_BINARY") as caught:
        ffmpeg_path()
    assert caught.value.code == "ffmpeg_missing"
