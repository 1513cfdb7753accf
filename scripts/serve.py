"""Serve an embedded installation: the web process and its workers, together, until Ctrl-C.

python scripts/serve.py [--host 127.0.0.1] [--port 8000]
"""

import argparse
import contextlib
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.console import ROOT, StepFailed, run_main, say
from scripts.processes import Child, stop_all

DEFAULT_PORT = 8000
PORTS_TO_TRY = 20
WEB_MUST_ANSWER_WITHIN_S = 90.0
MOST_WORKERS = 2
GENTLY_S = 8.0
FIRMLY_S = 4.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Somebody asked the supervisor to stop."""


@dataclass(frozen=True)
class Address:
    """Where the web process listens."""

    host: str
    port: int

    def __str__(self) -> str:
        shown = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "") else self.host
        return f"http://{shown}:{self.port}/"

    def is_free(self) -> bool:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError:
                return False
        return True

    def answers(self) -> bool:
        """Tell whether the application answers there, with anything but an error of its own."""
        connection = http.client.HTTPConnection(
            "127.0.0.1" if self.host == "0.0.0.0" else self.host, self.port, timeout=5
        )
        try:
            connection.request("GET", "/", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def choose_address(host: str, port: int | None) -> Address:
    """Return the address asked for, or else the first free one from the default on, saying so if it is another."""
    if port is not None:
        address = Address(host, port)
        if not address.is_free():
            raise StepFailed(f"Port {port} is taken by another program. Choose another: make demo PORT={port + 1}")
        return address
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TO_TRY):
        address = Address(host, candidate)
        if address.is_free():
            if candidate != DEFAULT_PORT:
                say(f"Port {DEFAULT_PORT} is taken by another program, so this uses port {candidate}.")
            return address
    raise StepFailed(
        f"Ports {DEFAULT_PORT} to {DEFAULT_PORT + PORTS_TO_TRY - 1} are all taken. Name a free one: PORT=..."
    )


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder, so that two supervisors never work on the same one."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StepFailed(f"Affectory already serves this data folder, {data} ({lock.read().strip()}).") from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}")
        lock.flush()
        yield


def commands(address: Address, data: Path) -> list[Child]:
    """Return the children: the web process, and a worker for each core, at most MOST_WORKERS.

    The first worker carries the clock (-B: the sweep for abandoned jobs). The second one does the steps about sound
    while the first looks at the pictures; more would wait for each other's memory.
    """
    python = sys.executable
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "AFFECTORY_DATA": str(data)}
    web = [python, "-m", "gunicorn", "webapp.wsgi:application", "--bind", f"{address.host}:{address.port}"]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--graceful-timeout", "3"]
    web += ["--preload", "--no-control-socket", "--log-level", "warning"]  # loaded once, for both processes
    worker = [python, "-m", "celery", "-A", "webapp.celery_app", "worker", "--pool=solo"]
    worker += ["--loglevel=INFO", "--without-gossip", "--without-mingle"]
    logs = data / "logs"
    children = [
        Child("web process", web, logs / "web.log", env),
        Child("worker", [*worker, "-n", "worker@%h", "-B"], logs / "worker.log", env),
    ]
    for number in range(2, min(MOST_WORKERS, os.cpu_count() or 1) + 1):
        name = f"worker{number}"
        children.append(Child(f"worker {number}", [*worker, "-n", f"{name}@%h"], logs / f"{name}.log", env))
    return children


def wait_until_it_answers(address: Address, web: Child) -> None:
    """Wait for the first answer. Raises StepFailed with the log's end if the process dies or stays silent."""
    deadline = time.monotonic() + WEB_MUST_ANSWER_WITHIN_S
    while not address.answers():
        if not web.is_running():
            raise StepFailed(f"The web process ended ({web.ending()}). The end of its log:\n{web.last_lines()}")
        if time.monotonic() > deadline:
            raise StepFailed(f"The web process gave no answer in time. The end of its log:\n{web.last_lines()}")
        time.sleep(0.2)


def supervise(children: list[Child]) -> None:
    """Keep the children alive until somebody asks to stop."""
    while True:
        for child in children:
            if told := child.keep_alive():
                say(told)
        time.sleep(0.5)


@contextlib.contextmanager
def own_terminal() -> Iterator[None]:
    """Be the terminal's foreground group, so that Ctrl-C reaches this process alone.

    Otherwise `make` hears it too, reports its recipe as interrupted and ends with an error, although all went well.
    """
    if not sys.stdin.isatty() or os.tcgetpgrp(sys.stdin.fileno()) != os.getpgrp() or os.getpid() == os.getpgrp():
        yield
        return
    before = os.getpgrp()
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # nobody could continue a group that the shell does not know
    os.setpgid(0, 0)
    os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.tcsetpgrp(sys.stdin.fileno(), before)


def heed_signals() -> None:
    """Turn a stop signal into StopRequested."""

    def request_stop(number: int, _frame: FrameType | None) -> None:
        ignore_signals()
        raise StopRequested(signal.Signals(number).name)

    for stop_signal in STOP_SIGNALS:
        signal.signal(stop_signal, request_stop)


def ignore_signals() -> None:
    """While everything stops, which takes seconds, nothing may interrupt it: that would leave orphans."""
    for stop_signal in STOP_SIGNALS:
        signal.signal(stop_signal, signal.SIG_IGN)


def welcome(address: Address, data: Path) -> None:
    """Say where it is, who may log in, where its data and logs are."""
    say(f"\nAffectory is ready:  {address}")
    log_ins = data / "demo" / "log-ins.txt"
    if log_ins.is_file():
        say(log_ins.read_text().rstrip())
    say(f"Data: {data}   Logs: {data / 'logs'}\nCtrl-C stops it.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help=f"default: {DEFAULT_PORT}, or the next free one, which is then said")
    options = parser.parse_args()
    data = Path(os.environ.get("AFFECTORY_DATA") or ROOT / "var").expanduser().resolve()
    os.chdir(ROOT)
    children: list[Child] = []
    with only_one(data), own_terminal():
        heed_signals()
        try:
            address = choose_address(options.host, options.port)
            children = commands(address, data)
            for child in children:
                child.start()
            wait_until_it_answers(address, children[0])
            welcome(address, data)
            supervise(children)
        except StopRequested:
            say("\nStopping ...")
        finally:
            ignore_signals()
            stop_all(children, gently_s=GENTLY_S, firmly_s=FIRMLY_S)
    say("Stopped.")
    return 0


if __name__ == "__main__":
    run_main(main)
