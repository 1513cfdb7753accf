"""Work in another process: what is given arrives, what goes wrong is told, and nothing is left behind."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from workers.analysers.apart import Apart, Form, prepare
from workers.analysers.errors import AnalysisError

ROOT = Path(__file__).resolve().parents[3]
SUMS = "tests.workers.analysers.works:Sums"
IMPORTS = "tests.workers.analysers.works:Imports"
FORMS = [Form((3, 5)), Form((2,), "int32")]


def begun(start: int = 0, slots: int = 2) -> Apart[tuple[int, list[int]]]:
    apart: Apart[tuple[int, list[int]]] = Apart(SUMS, start)
    apart.lay_out(FORMS, slots)
    return apart


def give_ten(apart: Apart[tuple[int, list[int]]]) -> None:
    for number in range(10):
        give(apart, number)


def give(apart: Apart[tuple[int, list[int]]], number: int, what: object = None) -> None:
    small, large = apart.slot()
    small[:] = 1
    large[:] = number, 100_000
    apart.give(what)


def is_gone(pid: int) -> bool:
    """Wait until a process has ended, some seconds."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_prepared_process_has_imported_what_the_first_work_needs() -> None:
    names = ["colorsys", "no_such_library"]
    unprepared: Apart[list[str]] = Apart(IMPORTS, names)
    assert unprepared.finish(keep=False) == []
    prepare(IMPORTS, *names)
    prepared: Apart[list[str]] = Apart(IMPORTS, names)
    assert prepared.finish(keep=False) == ["colorsys"]


def test_all_that_is_given_is_taken_in_order_though_slots_are_few() -> None:
    apart = begun(start=7)
    for number in range(50):
        give(apart, number)
    pid, sums = apart.finish()
    assert sums == [7, *(15 + number + 100_000 for number in range(50))]
    assert pid != os.getpid()


def test_a_process_is_kept_for_the_next_work_which_knows_nothing_of_the_one_before() -> None:
    first = begun(start=1)
    give(first, 5)
    pid, _ = first.finish()
    second: Apart[tuple[int, list[int]]] = Apart(SUMS, 2)
    second.lay_out([Form((400, 500)), Form((1,))], 3)  # more room than before
    apples, pears = second.slot()
    apples[:], pears[:] = 1, 9
    second.give(None)
    assert second.finish() == (pid, [2, 400 * 500 + 9])


def test_two_works_at_once_have_two_processes() -> None:
    one, other = begun(), begun()
    assert one.pid != other.pid
    assert one.finish()[0] != other.finish()[0]


def test_the_giver_waits_while_all_slots_are_full(tmp_path: Path) -> None:
    apart = begun(slots=2)
    sign = tmp_path / "sign"
    give(apart, 0, ("wait for", str(sign)))
    first = apart.slot()[0]
    give(apart, 1)
    assert not apart._process.connection.poll(0.2)  # nothing is taken yet: the next slot is not free
    sign.touch()
    assert apart.slot()[0] is not first
    assert len(apart.finish()[1]) == 3


def test_what_goes_wrong_there_is_raised_here_with_where_it_happened() -> None:
    apart = begun()
    give(apart, 0, "fail")
    with pytest.raises(LookupError, match="nothing here") as raised:
        apart.finish()
    assert "works.py" in "".join(raised.value.__notes__)
    with pytest.raises(LookupError):  # and again, not a wait without end
        apart.finish()


def test_a_work_that_cannot_begin_says_why() -> None:
    apart = begun(start=-1)
    with pytest.raises(ValueError, match="below 0"):
        give_ten(apart)


def test_an_error_that_cannot_be_sent_is_told_in_words() -> None:
    apart = begun()
    give(apart, 0, "fail in a way that cannot be sent")
    with pytest.raises(RuntimeError, match="Unsendable"):
        apart.finish()


def test_an_analysis_error_crosses_whole() -> None:
    apart: Apart[object] = Apart("workers.analysers.ocr:choose_reader", ("en",), "none")
    with pytest.raises(AnalysisError) as raised:
        apart.finish()
    assert raised.value.code == "ocr_engine_unknown"
    assert "none" in raised.value.message


def test_a_process_that_is_killed_is_told_and_not_used_again() -> None:
    apart = begun()
    pid = apart.pid
    give(apart, 0, "die")
    with pytest.raises(RuntimeError, match="signal 9"):
        give_ten(apart)
    del apart
    gc.collect()
    assert begun().finish()[0] != pid


def test_a_process_that_is_not_to_be_kept_ends_with_its_work() -> None:
    apart: Apart[tuple[int, list[int]]] = Apart(SUMS, 3)
    assert apart.finish(keep=False) == (apart.pid, [3])
    assert is_gone(apart.pid)


def test_what_stops_the_waiting_ends_the_work(tmp_path: Path) -> None:
    def stop() -> None:
        raise InterruptedError

    with begun() as apart:
        give(apart, 0, ("wait for", str(tmp_path / "never")))
        with pytest.raises(InterruptedError):
            apart.finish(meanwhile=stop)
    assert is_gone(apart.pid)


def test_a_work_that_is_forgotten_ends_at_once() -> None:
    apart = begun()
    pid = apart.pid
    give(apart, 0, ("wait for", "/nonexistent/sign"))
    del apart
    gc.collect()
    assert is_gone(pid)


@pytest.mark.parametrize("resting", [False, True])
def test_the_process_ends_with_the_one_that_started_it(resting: bool) -> None:
    script = (
        "import sys, time; from tests.workers.analysers.test_apart import begun, give\n"
        f"apart = begun(); pid = apart.pid; {'apart.finish()' if resting else 'give(apart, 0)'}\n"
        "print(pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    assert is_gone(pid)


def test_shared_arrays_begin_on_whole_words() -> None:
    assert [form.size for form in (Form((3, 5)), Form((64,)), Form((33,), "int32"))] == [64, 64, 192]
    apart = begun()
    small, large = apart.slot()
    assert (small.dtype, large.dtype, small.shape) == (np.dtype("uint8"), np.dtype("int32"), (3, 5))
    apart.finish()
