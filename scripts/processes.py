"""Child processes that are kept alive, and that leave nothing behind when they end."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
#: A child that ran this long was healthy: its next end starts counting anew.
HEALTHY_AFTER_S = 60.0
LONGEST_LOG_BYTES = 10_000_000
PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Ask Linux to stop this child if the supervisor is killed and can no longer do it; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A command in a process group of its own, its output in a log file.

    The group is what makes a clean end possible: ffmpeg under a worker, or beat beside it, belong to it and are ended
    with it, also where the worker itself was killed and could not do so.
    """

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    failures: int = field(default=0, init=False)
    started_at: float = field(default=0.0, init=False)
    retry_at: float | None = field(default=None, init=False)

    def start(self) -> None:
        """Start the command; its log goes on where it was, or anew once it has grown large."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        too_long = self.log.exists() and self.log.stat().st_size > LONGEST_LOG_BYTES
        with self.log.open("wb" if too_long else "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                start_new_session=True,
                preexec_fn=end_with_parent,  # safe: the supervisor has one thread
            )
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the child and everything it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def keep_alive(self) -> str | None:
        """Start the child again if it died, after a pause that doubles with each failure; return what to tell."""
        now = time.monotonic()
        if self.retry_at is not None:
            if now >= self.retry_at:
                self.retry_at = None
                self.start()
            return None
        if self.process is None or self.process.poll() is None:
            return None
        ending = self.ending()
        self.signal_group(signal.SIGKILL)
        self.process = None  # its group is gone; the number may soon be somebody else's
        self.failures = 1 if now - self.started_at > HEALTHY_AFTER_S else self.failures + 1
        pause_s = min(FIRST_PAUSE_S * 2 ** (self.failures - 1), LONGEST_PAUSE_S)
        self.retry_at = now + pause_s
        return f"The {self.name} ended ({ending}) and is started again in {pause_s:.0f} s. Its log: {self.log}"

    def ending(self) -> str:
        """Say how the process ended: `exit code 1`, `killed by SIGKILL`."""
        code = self.process.returncode if self.process is not None else None
        if code is not None and code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}"

    def last_lines(self, count: int = 20) -> str:
        """Return the end of the log."""
        if not self.log.is_file():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


def stop_all(children: Sequence[Child], *, gently_s: float, firmly_s: float) -> None:
    """End all children: SIGTERM to each, SIGQUIT (Celery's stop without finishing the job) later, SIGKILL at last.

    A job that is cut short is not lost: its lease runs out and the next worker takes it up.
    """
    for child in children:
        if child.is_running() and child.process is not None:
            child.process.terminate()
    for number, patience_s in ((signal.SIGQUIT, gently_s), (signal.SIGKILL, firmly_s)):
        deadline = time.monotonic() + patience_s
        while any(child.is_running() for child in children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in children:
            if child.is_running():
                child.signal_group(number)
    for child in children:
        if child.process is not None:
            child.process.wait()
        child.signal_group(signal.SIGKILL)  # whatever of its group is left
