"""What processes cost, read from Linux's /proc: CPU time and memory of a process and all it started."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
_NEAR_PEAK = 0.97
_CLOSE_LOOKS_EVERY_S = 2.0
#: Processes that take less than this share of a core for so long wait; the longest that is waited for that.
_IDLE_SHARE, _IDLE_S, _STARTING_S = 0.1, 0.5, 60.0


@dataclass(frozen=True, slots=True)
class Cost:
    cpu_s: float
    peak_mb: float
    """Highest sum of proportional memory (PSS: shared pages are counted once) that was seen."""
    peak_after_s: float = 0.0
    peak_parts: tuple[tuple[str, float], ...] = ()
    """Whose memory it was then, in MB, largest first."""


class Meter:
    """Context manager: samples processes and their descendants until it ends. Its own work is not counted.

    To share pages out fairly costs the kernel milliseconds a process, and holds it up: that is done only where the
    processes' plain sizes are about as large as they ever were, and seldom while they stay so. Twice a second it took
    1.6 % of two cores from what is measured. Of the roots those that are children of this process are counted too if
    they end, and are waited for, inside.
    """

    def __init__(self, roots: list[int], every_s: float = 0.5) -> None:
        self._roots = roots
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._before = 0.0
        self._peak = Cost(0.0, 0.0)
        self._began = time.monotonic()
        self.cost = Cost(0.0, 0.0)

    def __enter__(self) -> Meter:
        self._before = self._spent()
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        spent = self._spent() - self._before
        self._stop.set()
        self._thread.join()
        self.cost = replace(self._peak, cpu_s=spent)

    def _spent(self) -> float:
        return cpu_seconds(self._roots) + _ended_children()

    def _sample(self) -> None:
        largest_mb, looked_mb, look_again = 0.0, 0.0, 0.0
        while True:
            pids = family(self._roots)
            size_mb = sum(_rss_mb(pid) for pid in pids)
            due = time.monotonic() >= look_again or size_mb * _NEAR_PEAK > looked_mb
            if due and size_mb > _NEAR_PEAK * largest_mb:
                self._look_closely(pids)
                looked_mb, look_again = size_mb, time.monotonic() + _CLOSE_LOOKS_EVERY_S
            largest_mb = max(largest_mb, size_mb)
            if self._stop.wait(self._every_s):
                return

    def _look_closely(self, pids: list[int]) -> None:
        parts = sorted(((_name(pid), _pss_mb(pid)) for pid in pids), key=lambda part: -part[1])
        peak_mb = sum(mb for _, mb in parts)
        if peak_mb > self._peak.peak_mb:
            self._peak = Cost(0.0, peak_mb, time.monotonic() - self._began, tuple(parts))


def family(roots: list[int]) -> list[int]:
    """Return the processes that live now among `roots` and all their descendants."""
    parent_of = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parent_of[int(entry.name)] = int(fields[1])
    found = [pid for pid in roots if pid in parent_of]
    for pid in found:
        found += [child for child, parent in parent_of.items() if parent == pid and child not in found]
    return found


def cpu_seconds(roots: list[int]) -> float:
    """Return user and system time of the family, with that of children which have ended and were waited for."""
    return sum(sum(map(int, fields[11:15])) for pid in family(roots) if (fields := _stat(pid))) / _TICKS


def wait_until_idle(roots: list[int]) -> None:
    """Wait until the family does next to nothing. Raises TimeoutError."""
    deadline, before = time.monotonic() + _STARTING_S, cpu_seconds(roots)
    while time.monotonic() < deadline:
        time.sleep(_IDLE_S)
        now = cpu_seconds(roots)
        if now - before < _IDLE_SHARE * _IDLE_S:
            return
        before = now
    raise TimeoutError(f"The processes {roots} still work after {_STARTING_S:.0f} s.")


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat behind the name: state, parent, ...; empty where the process has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _name(pid: int) -> str:
    """Return what tells a process from others: its program, or the module that Python runs."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "?"
    if "-m" in words[:-1]:
        return words[words.index("-m") + 1]
    return Path(words[0]).name


def _rss_mb(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_MB
    except (OSError, IndexError):
        return 0.0


def _pss_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def timed_command(command: list[str]) -> tuple[float, float]:
    """Run a command; return its wall and CPU seconds. Raises CalledProcessError."""
    began, before = time.monotonic(), _ended_children()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - began, _ended_children() - before


def _ended_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
