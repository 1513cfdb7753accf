"""What an utterance sounds like, as one vector: openSMILE's ComParE functionals, or statistics of our own."""

from __future__ import annotations

from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
from scipy.fft import dct

from workers.analysers.errors import AnalysisError
from workers.analysers.features.arrays import Extractor, Floats
from workers.analysers.features.smile import OpenSmile, is_installed
from workers.analysers.sound import SAMPLE_RATE_HZ

#: openSMILE's longest window and our deltas need some frames; a shorter utterance is widened around its middle.
SHORTEST_MS: Final = 300

_FRAME: Final = 400
_HOP: Final = 160
_FFT: Final = 512
_MELS: Final = 40
_CEPSTRA: Final = 13
_PITCH_HZ: Final = (60.0, 500.0)
#: Mean, deviation, least, most, three percentiles and slope over time of each curve.
_STATISTICS: Final = 8

Sound = npt.NDArray[np.int16]


class AudioExtractor(Protocol):
    """Safe to use from several threads."""

    @property
    def made_by(self) -> Extractor: ...

    def extract(self, sound: Sound) -> Floats:
        """Return the vector (dim,) of one utterance, at least SHORTEST_MS of 16 kHz mono; every number is finite."""


def choose_audio_extractor(choice: str) -> AudioExtractor:
    """Return `opensmile`, `functionals`, or for `auto` openSMILE where it is installed, else our own functionals.

    Raises AnalysisError `audio_extractor_missing`, `options_invalid`.
    """
    if choice not in ("auto", "opensmile", "functionals"):
        raise AnalysisError(
            "options_invalid", f"There is no audio extractor {choice!r}: opensmile, functionals or auto."
        )
    installed = is_installed()
    if choice == "opensmile" and not installed:
        raise AnalysisError(
            "audio_extractor_missing",
            "openSMILE is not installed. It is free for research only: install it with requirements/research.txt, or "
            "choose the audio extractor functionals.",
        )
    return OpenSmile() if installed and choice != "functionals" else LogMelFunctionals()


class LogMelFunctionals:
    """Statistics over time of 40 log-mel bands, 13 cepstra, energy, zero crossings, centroid, pitch and voicing.

    The curves have a value every 10 ms (windows of 25 ms); each has its slope (delta) beside it.
    """

    _CURVES: Final = _MELS + _CEPSTRA + 5

    def __init__(self) -> None:
        self._window = np.hamming(_FRAME)
        self._mel = _mel_filters()
        self.made_by = Extractor(
            name="logmel-functionals", version="1", dim=2 * self._CURVES * _STATISTICS, licence="Apache-2.0"
        )

    def extract(self, sound: Sound) -> Floats:
        curves = self.curves(sound)
        both = np.concatenate([curves, np.gradient(curves, axis=0)], axis=1)  # (T, 2C)
        time = np.linspace(-0.5, 0.5, len(both))
        slope = time @ (both - both.mean(axis=0)) / (time @ time)
        statistics = [
            both.mean(axis=0), both.std(axis=0), both.min(axis=0), both.max(axis=0),
            *np.percentile(both, [10, 50, 90], axis=0), slope,
        ]  # fmt: skip
        return np.concatenate(statistics).astype(np.float32)

    def curves(self, sound: Sound) -> npt.NDArray[np.float64]:
        """Return (T, curves): 40 log-mel, 13 cepstra, log energy, crossings a second, centroid, pitch (Hz), voicing."""
        signal = sound.astype(np.float64) / 32768
        if signal.size < 2 * _FRAME:
            signal = np.pad(signal, (0, 2 * _FRAME - signal.size))
        frames = np.lib.stride_tricks.sliding_window_view(signal, _FRAME)[::_HOP]  # (T, 400)
        power = np.abs(np.fft.rfft(frames * self._window, _FFT)) ** 2  # (T, 257)
        log_mel = np.log(power @ self._mel.T + 1e-10)
        cepstra = dct(log_mel, type=2, norm="ortho", axis=1)[:, :_CEPSTRA]
        energy = np.log((frames**2).mean(axis=1) + 1e-10)
        crossings = (np.diff(np.signbit(frames), axis=1) != 0).sum(axis=1) * SAMPLE_RATE_HZ / _FRAME
        frequencies = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE_HZ)
        centroid = (power @ frequencies) / (power.sum(axis=1) + 1e-10)
        pitch, voicing = _pitch(frames)
        return np.column_stack([log_mel, cepstra, energy, crossings, centroid, pitch, voicing])


def _mel_filters() -> npt.NDArray[np.float64]:
    """Return triangular filters (40, 257) spaced evenly on the mel scale (HTK's formula) from 20 Hz to 8 kHz."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (20.0, SAMPLE_RATE_HZ / 2))
    edges = 700 * (10 ** (np.linspace(low, high, _MELS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE_HZ)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0.0, np.minimum(rising, falling))


def _pitch(frames: npt.NDArray[Any]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return pitch in Hz (0 where unvoiced) and voicing (0 to 1) of each frame: the peak of its autocorrelation."""
    centred = frames - frames.mean(axis=1, keepdims=True)
    spectrum = np.abs(np.fft.rfft(centred, 2 * _FRAME)) ** 2
    correlation = np.fft.irfft(spectrum)[:, :_FRAME]
    # fewer samples overlap at a larger lag: without this the first peak always wins
    correlation = correlation / (np.arange(_FRAME, 0, -1) / _FRAME)
    first, last = (int(SAMPLE_RATE_HZ / hz) for hz in reversed(_PITCH_HZ))
    lags = correlation[:, first : last + 1]
    inner = lags[:, 1:-1]
    peaks = (inner >= lags[:, :-2]) & (inner >= lags[:, 2:]) & (inner >= 0.9 * lags.max(axis=1, keepdims=True))
    # of almost equal peaks the first: the others are multiples of its period
    best = np.where(peaks.any(axis=1), peaks.argmax(axis=1) + 1, lags.argmax(axis=1))
    voicing = np.clip(lags[np.arange(len(lags)), best] / (correlation[:, 0] + 1e-10), 0.0, 1.0)
    pitch = np.where(voicing > 0.5, SAMPLE_RATE_HZ / (best + first), 0.0)
    return pitch, voicing
