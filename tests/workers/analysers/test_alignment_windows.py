"""Windows of the sound dealt out to processes: the same is heard, whatever becomes of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import SHARED, needs_shared
from workers.analysers.alignment import align, windows
from workers.analysers.alignment.windows import Window, _runs
from workers.analysers.apart import Apart
from workers.analysers.facts import Utterance, no_progress
from workers.analysers.ffmpeg_binary import ffmpeg_path
from workers.analysers.subtitle_files import read_subtitles
from workers.analysers.transcripts import read_transcript

DIALOGUE = SHARED / "data/meld/dialogue65"
DIALOGUE_MS = 33_534


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "dialogue.wav"
    command = [ffmpeg_path(), "-loglevel", "error", "-i", DIALOGUE / "episode.mp4", "-ac", "1", "-ar", "16000", path]
    subprocess.run(command, check=True)
    return path


@pytest.fixture
def three_cores(monkeypatch: pytest.MonkeyPatch) -> list[Apart[Any]]:
    """As if the dialogue were worth three processes; gives those that were started."""
    started: list[Apart[Any]] = []

    def noted(*asked: Any) -> Apart[Any]:
        started.append(ask(*asked))
        return started[-1]

    ask = windows._asked
    monkeypatch.setattr(windows, "_LEAST_MS", 5_000)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    monkeypatch.setattr(windows, "_asked", noted)
    return started


def heard(sound: Path) -> tuple[Utterance, ...]:
    cues, transcript = read_subtitles(DIALOGUE / "episode.srt"), read_transcript(DIALOGUE / "transcript.txt")
    return align(cues, transcript, sound, DIALOGUE_MS)


@given(st.lists(st.integers(1, 90_000), max_size=60), st.integers(1, 9))
def test_runs_hold_all_windows_in_order_and_about_as_much_sound(lengths: list[int], cores: int) -> None:
    asked = [Window(1000 * i, 1000 * i + ms, ("a",)) for i, ms in enumerate(lengths)]
    runs = _runs(asked, cores)
    assert [window for run in runs for window in run] == asked
    assert 1 <= len(runs) <= cores
    share = sum(lengths) / len(runs)
    if len(runs) > 1:
        assert share >= 60_000
        assert max(sum(w.end_ms - w.start_ms for w in run) for run in runs) <= share + max(lengths)


@needs_shared
def test_several_processes_hear_what_one_hears(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = heard(sound)
    monkeypatch.setattr(windows, "_LEAST_MS", 5_000)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    monkeypatch.setattr(windows.logger, "warning", lambda *_: pytest.fail("a process came to nothing"))
    assert heard(sound) == alone


@needs_shared
def test_what_a_lost_process_should_have_heard_is_heard_here(
    sound: Path, three_cores: list[Apart[Any]], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    found = heard(sound)
    assert len(three_cores) == 2
    assert caplog.text.count("done again here") == 2
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert heard(sound) == found


@needs_shared
def test_a_step_that_stops_takes_its_processes_with_it(sound: Path, three_cores: list[Apart[Any]]) -> None:
    def cancelled(_share: float, _step: str) -> None:
        raise InterruptedError

    cues = read_subtitles(DIALOGUE / "episode.srt")
    with pytest.raises(InterruptedError):
        align(cues, None, sound, DIALOGUE_MS, on_progress=cancelled)
    assert len(three_cores) == 2
    assert not any(Path(f"/proc/{helper.pid}").exists() for helper in three_cores)


def test_without_windows_nothing_is_started(tmp_path: Path) -> None:
    assert align([], None, tmp_path / "none.wav", 1000, on_progress=no_progress) == ()
