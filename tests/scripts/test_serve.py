"""The supervisor: what it starts it keeps alive, and what it leaves behind is nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.processes import FIRST_PAUSE_S, Child, stop_all
from scripts.serve import DEFAULT_PORT, Address, choose_address, commands, only_one
from tests.services import free_port

#: Starts a grandchild, writes both process numbers, and waits; `deaf` ignores the polite ways of being stopped.
PARENT = """
import os, signal, subprocess, sys, time
if sys.argv[2] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGQUIT, signal.SIG_IGN)
stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
grandchild = subprocess.Popen([sys.executable, "-c", stubborn])
with open(sys.argv[1] + ".part", "w") as file:
    file.write(f"{os.getpid()} {grandchild.pid}")
os.rename(sys.argv[1] + ".part", sys.argv[1])
time.sleep(600)
"""


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie that nobody has waited for yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def family(tmp_path: Path, manner: str = "polite") -> tuple[Child, Path]:
    numbers = tmp_path / "numbers"
    child = Child("worker", [sys.executable, "-c", PARENT, str(numbers), manner], tmp_path / "worker.log")
    return child, numbers


def started(child: Child, numbers: Path) -> tuple[int, int]:
    numbers.unlink(missing_ok=True)
    child.start()
    return read_numbers(numbers)


def read_numbers(numbers: Path) -> tuple[int, int]:
    wait_for(numbers.exists, "the start")
    first, second = numbers.read_text().split()
    return int(first), int(second)


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")


@needs_proc
@pytest.mark.parametrize("manner", ["polite", "deaf"])
def test_stopping_leaves_neither_child_nor_grandchild(tmp_path: Path, manner: str) -> None:
    child, numbers = family(tmp_path, manner)
    both = started(child, numbers)
    stop_all([child], gently_s=1.0 if manner == "deaf" else 20.0, firmly_s=0.3)
    wait_for(lambda: not any(is_alive(pid) for pid in both), "the end of both")


@needs_proc
def test_a_killed_child_comes_back_and_its_orphans_go(tmp_path: Path) -> None:
    child, numbers = family(tmp_path)
    first, orphan = started(child, numbers)
    numbers.unlink()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not child.is_running(), "the end")
    told = child.keep_alive()
    assert told is not None
    assert "killed by SIGKILL" in told
    wait_for(lambda: not is_alive(orphan), "the end of the orphan")
    assert child.keep_alive() is None, "it must not be started again before the pause is over"
    child.retry_at = time.monotonic()
    child.keep_alive()
    second, _ = read_numbers(numbers)
    assert second != first
    stop_all([child], gently_s=20, firmly_s=1)


def test_a_child_that_keeps_failing_is_started_ever_more_rarely(tmp_path: Path) -> None:
    child = Child("worker", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "worker.log")
    pauses = []
    for _ in range(8):
        child.start()
        child.retry_at = None
        assert child.process is not None
        child.process.wait()
        before = time.monotonic()
        told = child.keep_alive()
        assert told is not None
        assert "exit code 3" in told
        assert child.retry_at is not None
        pauses.append(round(child.retry_at - before))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert pauses[0] == FIRST_PAUSE_S


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_that_was_asked_for_is_refused(taken_port: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        choose_address("127.0.0.1", taken_port)
    assert f"Port {taken_port} is taken" in capsys.readouterr().err


def test_another_port_than_the_usual_one_is_said(
    taken_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.serve.DEFAULT_PORT", taken_port)
    address = choose_address("127.0.0.1", None)
    assert address.port > taken_port
    assert (
        f"Port {taken_port} is taken by another program, so this uses port {address.port}." in capsys.readouterr().out
    )


def test_a_free_port_is_taken_as_asked() -> None:
    port = free_port()
    assert choose_address("127.0.0.1", port) == Address("127.0.0.1", port)
    assert str(Address("127.0.0.1", DEFAULT_PORT)) == "http://localhost:8000/"


def test_a_data_folder_is_served_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with only_one(tmp_path), pytest.raises(SystemExit), only_one(tmp_path):
        pass
    assert f"process {os.getpid()}" in capsys.readouterr().err
    with only_one(tmp_path):
        pass


@needs_proc
def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    numbers = tmp_path / "number"
    code = (
        "import sys, time; from pathlib import Path; from scripts.processes import Child\n"
        "child = Child('web', [sys.executable, '-c', 'import time; time.sleep(600)'], Path(sys.argv[1] + '.log'))\n"
        "child.start(); Path(sys.argv[1]).write_text(str(child.process.pid) + '\\n'); time.sleep(600)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code, str(numbers)], cwd=Path(__file__).parents[2])
    wait_for(lambda: numbers.exists() and numbers.read_text().endswith("\n"), "the start")
    supervisor.kill()
    supervisor.wait()
    wait_for(lambda: not is_alive(int(numbers.read_text())), "the end of the child")


@pytest.mark.parametrize(("cores", "workers"), [(1, 1), (2, 2), (64, 2), (None, 1)])
def test_a_worker_for_each_core_but_one_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int | None, workers: int
) -> None:
    monkeypatch.setattr("scripts.serve.os.cpu_count", lambda: cores)
    children = commands(Address("127.0.0.1", 1), tmp_path)[1:]
    assert len(children) == workers
    assert [("-B" in child.command) for child in children] == [True, *[False] * (workers - 1)]
    assert len({tuple(child.command) for child in children}) == workers, "Celery refuses two workers of one name"
    assert len({child.log for child in children}) == workers
