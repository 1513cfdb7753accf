"""Windows of the sound dealt out to processes: the same is heard, whatever becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import SHARED, needs_shared
from workers.analysers.alignment import align, windows
from workers.analysers.alignment.windows import Window, _Helper, _runs
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
def three_cores(monkeypatch: pytest.MonkeyPatch) -> list[_Helper]:
    """As if the dialogue were worth three processes; gives those that were started."""
    started: list[_Helper] = []

    class Noted(_Helper):
        def __enter__(self) -> _Helper:
            started.append(self)
            return super().__enter__()

    monkeypatch.setattr(windows, "_LEAST_MS", 5_000)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    monkeypatch.setattr(windows, "_Helper", Noted)
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
    sound: Path, three_cores: list[_Helper], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    found = heard(sound)
    assert len(three_cores) == 2
    assert caplog.text.count("done again here") == 2
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert heard(sound) == found


@needs_shared
def test_a_step_that_stops_takes_its_processes_with_it(sound: Path, three_cores: list[_Helper]) -> None:
    def cancelled(_share: float, _step: str) -> None:
        raise InterruptedError

    cues = read_subtitles(DIALOGUE / "episode.srt")
    with pytest.raises(InterruptedError):
        align(cues, None, sound, DIALOGUE_MS, on_progress=cancelled)
    assert [helper._process.poll() for helper in three_cores] == [-signal.SIGKILL] * 2


@needs_shared
def test_a_process_ends_when_its_parent_is_killed(sound: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from workers.analysers.alignment.windows import Window, _Helper;"
        f"helper = _Helper(Path({str(sound)!r}), [Window(0, 30_000, ('hello',))] * 500);"
        "print(helper._process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        child = int(parent.stdout.readline())
    time.sleep(2)
    assert is_running(child)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    while is_running(child):
        assert time.monotonic() < deadline, "it goes on for nobody"
        time.sleep(0.1)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_without_windows_nothing_is_started(tmp_path: Path) -> None:
    assert align([], None, tmp_path / "none.wav", 1000, on_progress=no_progress) == ()
