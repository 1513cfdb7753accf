"""The step that makes of the sound what browsers draw."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.analysers import waveform
from workers.analysers.waveform import find_peaks
from workers.steps.context import StepContext
from workers.steps.vision import current_proxy

FILE = "peaks.bin"


def run_waveform(context: StepContext) -> NDArray[np.uint8] | None:
    proxy = current_proxy(context)
    return find_peaks(proxy.audio_path, proxy.duration_ms, context.progress) if proxy.audio_path else None


def store_waveform(context: StepContext, found: NDArray[np.uint8] | None) -> dict[str, Any]:
    """Write the peaks as bytes, one each; a video without sound has no file."""
    if found is None:
        return {"file": "", "rate_hz": waveform.RATE_HZ}
    (context.workdir / FILE).write_bytes(found.tobytes())
    context.publish()
    return {"file": f"{context.folder}/{FILE}", "rate_hz": waveform.RATE_HZ}
