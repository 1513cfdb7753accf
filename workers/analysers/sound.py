"""Windows of the proxy's sound (16-bit mono WAV at 16 kHz), read when asked for: an hour of it is 115 MB."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from workers.analysers.errors import AnalysisError

SAMPLE_RATE_HZ: Final = 16_000


class Recording:
    """An open sound file; times beyond its ends give less or no sound."""

    def __init__(self, file: wave.Wave_read) -> None:
        self._file = file

    @staticmethod
    def samples(time_ms: int) -> int:
        return time_ms * SAMPLE_RATE_HZ // 1000

    def read(self, start_ms: int, end_ms: int) -> npt.NDArray[np.int16]:
        """Return the int16 samples of [start_ms, end_ms)."""
        first = min(self.samples(max(start_ms, 0)), self._file.getnframes())
        self._file.setpos(first)
        raw = self._file.readframes(max(self.samples(end_ms) - first, 0))
        return np.frombuffer(raw, dtype="<i2").astype(np.int16)


@contextmanager
def open_recording(path: Path) -> Iterator[Recording]:
    """Open the proxy's sound. Raises AnalysisError `audio_unreadable` for anything else."""
    try:
        file = wave.open(str(path), "rb")  # noqa: SIM115  (closed below; errors of the body are not this file's)
    except (OSError, EOFError, wave.Error) as error:
        raise AnalysisError(
            "audio_unreadable", f"The sound {path} cannot be read ({error}). Run the proxy step again."
        ) from error
    with file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, SAMPLE_RATE_HZ):
            raise AnalysisError(
                "audio_unreadable", f"{path} is not 16-bit mono at {SAMPLE_RATE_HZ} Hz. Run the proxy step again."
            )
        yield Recording(file)
