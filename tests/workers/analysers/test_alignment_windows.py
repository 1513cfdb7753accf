"""Windows of the sound dealt out to processes: the same is heard, whatever becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import SHARED, needs_shared
from workers.analysers.alignment import align, windows
from workers.analysers.alignment.windows import Window, _parts
from workers.analysers.apart import Apart
from workers.analysers.facts import Progress, Utterance, no_progress
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


def heard(sound: Path, on_progress: Progress = no_progress) -> tuple[Utterance, ...]:
    cues, transcript = read_subtitles(DIALOGUE / "episode.srt"), read_transcript(DIALOGUE / "transcript.txt")
    return align(cues, transcript, sound, DIALOGUE_MS, on_progress=on_progress)


@given(st.lists(st.integers(1, 90_000), max_size=60))
def test_parts_hold_all_windows_in_order_and_no_more_sound_than_is_needed(lengths: list[int]) -> None:
    asked = [Window(1000 * i, 1000 * i + ms, ("a",)) for i, ms in enumerate(lengths)]
    parts = _parts(asked)
    assert [window for part in parts for window in part] == asked
    assert all(parts)
    sound_ms = [[window.end_ms - window.start_ms for window in part] for part in parts]
    assert all(sum(part) >= 8_000 for part in sound_ms[:-1])
    assert all(sum(part[:-1]) < 8_000 for part in sound_ms)


@needs_shared
def test_several_processes_hear_what_one_hears(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = heard(sound)
    monkeypatch.setattr(windows, "_LEAST_MS", 5_000)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    monkeypatch.setattr(windows.logger, "warning", lambda *_: pytest.fail("a process came to nothing"))
    shares: list[float] = []
    assert heard(sound, lambda share, _doing: shares.append(share)) == alone
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


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
def test_what_a_killed_process_was_given_is_heard_here(
    sound: Path, three_cores: list[Apart[Any]], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(_share: float, _doing: str) -> None:
        for helper in three_cores:
            with suppress(ProcessLookupError):
                os.kill(helper.pid, signal.SIGKILL)

    found = heard(sound, kill)
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
