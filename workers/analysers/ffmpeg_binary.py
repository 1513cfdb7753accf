"""Where the ffmpeg program is: chosen by the operator, installed on the system, or carried by imageio-ffmpeg."""

from __future__ import annotations

import os
import shutil
from functools import cache

from workers.analysers.errors import AnalysisError

ENVIRONMENT_NAME = "FFMPEG_BINARY"


def ffmpeg_path() -> str:
    """Return the path of an ffmpeg program that can be started.

    First the environment variable FFMPEG_BINARY (a path or a name on PATH), then `ffmpeg` on PATH, then the binary
    inside the imageio-ffmpeg package. Raises AnalysisError `ffmpeg_missing`.
    """
    return _locate(os.environ.get(ENVIRONMENT_NAME, ""), os.environ.get("PATH", ""))


@cache
def _locate(chosen: str, search_path: str) -> str:
    """Return the program for this environment; cached, because imageio-ffmpeg starts its binary to try it."""
    if chosen:
        found = shutil.which(chosen, path=search_path)
        if found is None:
            raise AnalysisError(
                "ffmpeg_missing",
                f"{ENVIRONMENT_NAME} is set to {chosen!r}, which is not a program that can be started. "
                "Correct the path or unset the variable.",
            )
        return found
    return shutil.which("ffmpeg", path=search_path) or _carried_binary()


def _carried_binary() -> str:
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise AnalysisError(
            "ffmpeg_missing",
            "No ffmpeg was found. Install it with the system's package manager, install the Python package "
            f"imageio-ffmpeg, or set {ENVIRONMENT_NAME} to its path.",
        ) from error
