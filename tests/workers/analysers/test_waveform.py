"""Peaks of the sound: known amplitudes at known times, and what is not there is silent."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from workers.analysers.errors import AnalysisError
from workers.analysers.waveform import RATE_HZ, find_peaks


def write_wav(path: Path, samples: list[int], rate: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.array(samples, dtype="<i2").tobytes())
    return path


def test_a_peak_is_the_root_of_the_loudest_sample_of_its_ten_milliseconds(tmp_path: Path) -> None:
    samples = [0] * 160 + [0] * 80 + [-8192] + [100] * 79 + [-32768] * 160
    peaks = find_peaks(write_wav(tmp_path / "a.wav", samples), 30)
    assert peaks.tolist() == [0, 128, 255]  # sqrt(8192 / 32768) = 1/2, sqrt(1) = 1


def test_peaks_are_where_they_are_heard_also_beyond_a_minute(tmp_path: Path) -> None:
    samples = np.zeros(16 * 61_000, dtype=np.int16)
    samples[16 * 60_500] = 32767
    peaks = find_peaks(write_wav(tmp_path / "a.wav", samples.tolist()), 61_000)
    assert len(peaks) == 61 * RATE_HZ
    assert np.flatnonzero(peaks).tolist() == [6050]


def test_sound_that_ends_early_or_late_gives_as_many_peaks_as_the_video_is_long(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", [1000] * 160)
    assert find_peaks(path, 25).tolist() == [45, 0, 0]
    assert find_peaks(path, 5).tolist() == [45]


def test_what_is_no_such_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="not 16-bit mono"):
        find_peaks(write_wav(tmp_path / "a.wav", [0] * 100, rate=8000), 10)
