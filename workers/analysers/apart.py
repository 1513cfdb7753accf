"""Work in a process of its own, fed with arrays through shared memory: there Python's lock is nobody else's.

A process whose work is done is kept if wanted, with the models it has loaded, for the next work of its kind. It ends
with the process that started it, however that ends.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import math
import mmap
import os
import pickle
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from workers.analysers import freed

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)

_ROOT = Path(__file__).resolve().parents[2]
#: An idle process that is told to end has this long.
_LEAVE_S = 5
_POLL_S = 0.1


class Form(NamedTuple):
    """An array of a slot: its shape and numpy's name of its type."""

    shape: tuple[int, ...]
    dtype: str = "uint8"

    @property
    def size(self) -> int:
        """In bytes, rounded up so that the next array begins well."""
        return -(-math.prod(self.shape) * np.dtype(self.dtype).itemsize // 64) * 64


class Work(Protocol[Result_co]):
    """What is done in the other process."""

    def take(self, arrays: Sequence[NDArray[Any]], what: Any) -> None:
        """Take what was given. The arrays are overwritten later: copy what must outlive the call."""

    def finish(self) -> Result_co:
        """All was given: return the result, which is pickled."""


class Apart(Generic[Result]):
    """One work in another process. `lay_out` once, then fill `slot` and `give` it, again and again; `finish` at last.

    `slot`, `has_room` and `finish` raise what went wrong in the other process, and RuntimeError where that ended. When
    this object is forgotten before `finish`, or left as a context manager, the other process is killed.
    """

    def __init__(self, maker: str, *arguments: Any) -> None:
        """`maker` is `module:callable`; with the arguments, which are pickled, it makes the Work, over there."""
        self._process = _Process.of(maker)
        self._end = weakref.finalize(self, self._process.kill)
        self._process.send(("begin", arguments))
        self._slots: list[Sequence[NDArray[Any]]] = []
        self._free: deque[int] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def pid(self) -> int:
        """The other process' number."""
        return self._process.pid

    def lay_out(self, forms: Sequence[Form], slots: int) -> None:
        """Make `slots` places for arrays of these forms: so many may be given that are not taken yet."""
        self._slots = _arrays(self._process.memory, forms, slots, make_room=True)
        self._free.extend(range(slots))
        self._process.send(("lay out", tuple(forms), slots))

    def has_room(self) -> bool:
        """Say whether `slot` need not wait. Raises as that does."""
        while self._process.speaks():
            self._free.append(self._taken())
        return bool(self._free)

    def slot(self) -> Sequence[NDArray[Any]]:
        """Return the arrays to write into next. Waits while all slots are full."""
        while not self.has_room():
            self._free.append(self._taken())
        return self._slots[self._free[0]]

    def give(self, what: Any) -> None:
        """Hand over the slot that was filled, and a small thing that is pickled."""
        self._process.send(("take", self._free.popleft(), what))

    def finish(self, meanwhile: Callable[[], None] = lambda: None, *, keep: bool = True) -> Result:
        """Wait until all was taken, and call `meanwhile` now and then; return the result.

        Without `keep` the process ends now, and with it what it holds.
        """
        self._process.send(("finish",))
        while True:
            while not self._process.speaks(_POLL_S):
                meanwhile()
            heard = self._process.hear()
            if heard[0] == "found":
                break
        if keep:
            self._end.detach()
            self._process.rest()
        else:
            self._end()
        return cast(Result, heard[1])

    def _taken(self) -> int:
        return cast(int, self._process.hear()[1])


def prepare(maker: str, *modules: str) -> None:
    """Have a process rest that has imported what `maker` is in, and more modules: the first work need not wait for it.

    What cannot be imported is no error before there is work.
    """
    process = _Process.of(maker)
    process.send(("import", (maker.partition(":")[0], *modules)))
    process.rest()


class _Process:
    """The other process, as seen from here."""

    _resting: dict[str, list[_Process]] = {}
    _lock = threading.Lock()

    def __init__(self, maker: str) -> None:
        self.maker = maker
        self._owner = os.getpid()
        self._error: Exception | None = None
        here, there = socket.socketpair()
        self.memory = _shared_memory()
        with here, there:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", __name__, maker, str(there.fileno()), str(self.memory)],
                pass_fds=(there.fileno(), self.memory),
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *_python_path()])},
            )
            self.connection = Connection(here.detach())
        self._heard = selectors.DefaultSelector()  # the connection's own `poll` makes one each time
        self._heard.register(self.connection, selectors.EVENT_READ)

    @classmethod
    def of(cls, maker: str) -> _Process:
        """Return one that rests, or a new one."""
        with cls._lock:
            resting = cls._resting.get(maker, [])
            while resting:
                process = resting.pop()
                # A process that was forked off this one has inherited the list, and must leave the others' alone.
                if process._owner == os.getpid() and process._popen.poll() is None:
                    return process
        return cls(maker)

    def rest(self) -> None:
        """Its work is done: keep it for the next."""
        with self._lock:
            self._resting.setdefault(self.maker, []).append(self)

    @property
    def pid(self) -> int:
        return self._popen.pid

    def send(self, words: tuple[Any, ...]) -> None:
        """Say something. What is said to a process that has ended is lost: `hear` tells why."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(words)

    def speaks(self, within_s: float = 0.0) -> bool:
        """Say whether `hear` has something to return or to raise."""
        return self._error is not None or bool(self._heard.select(within_s))

    def hear(self) -> tuple[Any, ...]:
        """Return what it says next. Raises what went wrong there, again and again."""
        if self._error is not None:
            raise self._error
        try:
            heard: tuple[Any, ...] = self.connection.recv()
        except (EOFError, ConnectionResetError):
            status = self._popen.wait()
            why = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
            raise RuntimeError(f"The process of {self.maker} {why}; there may be too little memory.") from None
        if heard[0] == "failed":
            self._error = heard[1]
            raise heard[1]
        return heard

    def kill(self) -> None:
        if self._owner == os.getpid():
            self._popen.kill()
            self._popen.wait()
        self._close()

    def _close(self) -> None:
        self._heard.close()
        self.connection.close()
        os.close(self.memory)

    @classmethod
    def end_resting(cls) -> None:
        """End those that rest."""
        with cls._lock:
            processes = [process for resting in cls._resting.values() for process in resting]
            cls._resting.clear()
        for process in processes:
            process._close()
            try:
                process._popen.wait(_LEAVE_S)
            except subprocess.TimeoutExpired:
                process._popen.kill()


def _python_path() -> list[str]:
    return [os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []


def _shared_memory() -> int:
    """Return the descriptor of an empty file without a name, in memory where the system can: nothing to clean up."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("affectory")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _arrays(
    descriptor: int, forms: Sequence[Form], slots: int, *, make_room: bool = False
) -> list[Sequence[NDArray[Any]]]:
    """Return the arrays of each slot in shared memory."""
    size = max(1, slots * sum(form.size for form in forms))
    if make_room and os.fstat(descriptor).st_size < size:
        os.ftruncate(descriptor, size)
    memory = mmap.mmap(descriptor, size)
    places: list[Sequence[NDArray[Any]]] = []
    at = 0
    for _ in range(slots):
        arrays = []
        for form in forms:
            count = math.prod(form.shape)
            arrays.append(np.frombuffer(memory, form.dtype, count, offset=at).reshape(form.shape))
            at += form.size
        places.append(arrays)
    return places


def serve(maker: str, connection: Connection, memory: int) -> None:
    """Do one work after the other until nobody is there; an error ends a work, and is told."""
    module, _, name = maker.partition(":")
    make: Callable[..., Work[Any]] | None = None
    work: Work[Any] | None = None
    slots: list[Sequence[NDArray[Any]]] = []
    while True:
        order, *words = connection.recv()
        try:
            if order == "import":
                for wanted in words[0]:
                    with suppress(Exception):  # whatever a library's import raises: the work that needs it says so
                        importlib.import_module(wanted)
            elif order == "begin":
                is_first = make is None
                make = make or getattr(importlib.import_module(module), name)
                work = make(*words[0])
                if is_first:  # modules and models stay: collecting garbage need not pass through them
                    gc.freeze()
            elif work is None:  # it has failed
                continue
            elif order == "lay out":
                slots = _arrays(memory, *words)
            elif order == "take":
                work.take(slots[words[0]], words[1])
                connection.send(("taken", words[0]))
            else:
                connection.send(("found", work.finish()))
                work = None
                freed.give_back()  # it may rest for long
        except (BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:
            work = None
            connection.send(("failed", _portable(error)))


def _portable(error: Exception) -> Exception:
    """Return an error that can be pickled, with where it happened."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - it was made here
    except Exception:  # whatever its class does
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def main() -> None:
    for asked in (signal.SIGINT, signal.SIGTERM):  # they are for who started this, who then hangs up
        signal.signal(asked, signal.SIG_IGN)
    maker, descriptor, memory = sys.argv[1:]
    try:
        serve(maker, Connection(int(descriptor)), int(memory))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(0)  # at once, whatever threads still do: nobody waits for it


atexit.register(_Process.end_resting)

if __name__ == "__main__":
    main()
