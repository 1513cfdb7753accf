"""How loud the episode is over time, small enough to be drawn in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workers.analysers.facts import Progress, no_progress
from workers.analysers.sound import open_recording

NAME: Final = "waveform"
VERSION: Final = "1"

#: Peaks a second: a word of 200 ms has 20, an hour of them is 360 kB.
RATE_HZ: Final = 100
_BLOCK_MS: Final = 60_000
_FULL_SCALE: Final = 32_768


def find_peaks(audio: Path, duration_ms: int, on_progress: Progress = no_progress) -> NDArray[np.uint8]:
    """Return the peaks of a 16 kHz mono 16-bit WAV, `RATE_HZ` a second over `duration_ms`.

    A peak is the largest amplitude of its 10 ms, as the square root of its share of full scale, 0 to 255: so whispers
    are seen beside shouts. Sound that ends early leaves zeros. Raises AnalysisError `audio_unreadable`.
    """
    peaks = np.zeros(-(-duration_ms * RATE_HZ // 1000), dtype=np.uint8)
    with open_recording(audio) as sound:
        for start_ms in range(0, duration_ms, _BLOCK_MS):
            first = start_ms * RATE_HZ // 1000
            block = _peaks_of(sound.read(start_ms, min(start_ms + _BLOCK_MS, duration_ms)), sound.samples(1000))
            peaks[first : first + len(block)] = block[: len(peaks) - first]
            on_progress(min(1.0, (start_ms + _BLOCK_MS) / duration_ms), "drawing the waveform")
    return peaks


def _peaks_of(samples: NDArray[np.int16], samples_per_s: int) -> NDArray[np.uint8]:
    each = samples_per_s // RATE_HZ
    loud = np.abs(samples.astype(np.int32))  # -32768 has no positive int16
    whole = np.pad(loud, (0, -len(loud) % each)).reshape(-1, each).max(axis=1, initial=0)
    return np.round(255 * np.sqrt(np.minimum(whole / _FULL_SCALE, 1.0))).astype(np.uint8)
