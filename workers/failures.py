"""Why an attempt ended, in words for an admin, and whether the same may go well later."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, InterfaceError, OperationalError

from workers.analysers.errors import AnalysisError

#: Below this a disk is full, whatever else an analyser says is wrong with the file it could not write.
FULL_BELOW_BYTES = 1_000_000
#: SQLSTATE classes: connection lost; the server is shutting down or starting.
_AWAY_STATES = ("08", "57P")
_DISK_FULL_STATE = "53100"


@dataclass(frozen=True, slots=True)
class Failure:
    """`code` is for programs, `message` says what, where and what to do; `may_pass`: trying again later may help."""

    code: str
    message: str
    may_pass: bool = True


def explain(error: Exception, *, step: str, folders: Sequence[Path]) -> Failure:
    """Return why a step failed; `folders` are where it writes."""
    if _disk_is_full(error, folders):
        return Failure("disk_full", _full(folders))
    if isinstance(error, AnalysisError):
        return Failure(error.code, error.message, may_pass=False)
    if database_is_away(error):
        return Failure(
            "database_away", f"The database did not answer the step “{step}”: {_said(error)}. See that it runs."
        )
    if isinstance(error, MemoryError):
        return Failure(
            "out_of_memory",
            f"The worker had too little memory for the step “{step}”. Give it more, or run fewer workers beside it.",
        )
    if isinstance(error, OSError):
        return Failure(
            "input_output",
            f"The step “{step}” could not read or write {error.filename or 'a file'}: {error.strerror or error}. "
            "See that the media storage can be reached.",
        )
    return Failure("crashed", f"The step “{step}” broke: {_said(error)}. The worker's log has more.")


def database_is_away(error: BaseException) -> bool:
    """Tell whether the database cannot be reached, or is busy, just now: another try on a new connection may work."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    if type(error.__cause__).__module__.startswith("sqlite3"):
        return any(words in str(error) for words in ("locked", "busy", "unable to open"))
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(_AWAY_STATES)


def _disk_is_full(error: Exception, folders: Sequence[Path]) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if isinstance(error, DatabaseError):
        return getattr(error.__cause__, "sqlstate", None) == _DISK_FULL_STATE or "disk is full" in str(error)
    # ffmpeg says it in words, and a file that was cut off by a full disk looks damaged to who reads it next
    wrote_in_vain = isinstance(error, AnalysisError) and any(_free(folder) < FULL_BELOW_BYTES for folder in folders)
    return wrote_in_vain or "No space left on device" in str(error)


def _full(folders: Sequence[Path]) -> str:
    folder = min((*folders, Path(tempfile.gettempdir())), key=_free)
    usage = shutil.disk_usage(_existing(folder))
    return (
        f"The disk of {folder} is full: {usage.free / 1e6:,.0f} MB of {usage.total / 1e6:,.0f} MB are free. "
        "Make room there."
    )


def _free(folder: Path) -> int:
    return shutil.disk_usage(_existing(folder)).free


def _existing(folder: Path) -> Path:
    return next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".strip(": \n").splitlines()[0]
