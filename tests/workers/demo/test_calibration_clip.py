"""The reaction time clip: what its file shows and sounds, against the times that its data file gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from scripts.console import ROOT
from workers.demo.calibration import make_calibration_clip

DATA = ROOT / "webapp" / "annotation" / "data" / "calibration.json"
VIDEO = ROOT / "annotation_ui" / "public" / "assets" / "calibration.mp4"
FRAME_MS = 20


def values() -> dict[str, Any]:
    return json.loads(DATA.read_text(encoding="utf-8"))


def onsets() -> list[int]:
    return [onset["time_ms"] for onset in values()["onsets"]]


def picture_changes_ms(video: Path) -> list[int]:
    """Times of frames that differ from the one before."""
    changes, last = [], None
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            grey = frame.to_ndarray(format="gray").astype(np.int16)
            if last is not None and np.abs(grey - last).mean() > 1.0:
                changes.append(round(frame.time * 1000))
            last = grey
    return changes


def tone_starts_ms(video: Path) -> list[int]:
    """Times at which sound begins after at least half a second of silence."""
    starts, quiet_since = [], -1000.0
    with av.open(str(video)) as container:
        for frame in container.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()).max(axis=0) > 0.02)
            for sample in loud:
                time_ms = 1000 * (frame.time + sample / frame.sample_rate)
                if time_ms - quiet_since > 500:
                    starts.append(round(time_ms))
                quiet_since = time_ms
    return starts


def test_the_face_changes_and_the_tone_starts_at_every_onset_and_at_no_other_time() -> None:
    shown = picture_changes_ms(VIDEO)[::2]
    assert shown == pytest.approx(onsets(), abs=FRAME_MS)
    assert tone_starts_ms(VIDEO) == pytest.approx(onsets(), abs=FRAME_MS)


def test_the_face_is_calm_again_before_the_next_onset() -> None:
    calm = picture_changes_ms(VIDEO)[1::2]
    assert calm == pytest.approx([onset + values()["shown_ms"] for onset in onsets()], abs=FRAME_MS)


def test_the_clip_is_small_and_as_long_as_the_data_file_says() -> None:
    assert VIDEO.stat().st_size < 300_000
    with av.open(str(VIDEO)) as container:
        assert container.duration / 1000 == pytest.approx(values()["duration_ms"], abs=60)


def test_nobody_can_get_into_a_rhythm() -> None:
    gaps = np.diff([0, *onsets()])
    assert gaps.min() >= 2_500, "an answer to one onset is none to the next"
    assert len(set(gaps.tolist())) >= 8


def test_another_data_file_makes_another_clip(tmp_path: Path) -> None:
    data = {"duration_ms": 3000, "shown_ms": 600, "onsets": [{"time_ms": 1000, "expression": "anger"}]}
    (tmp_path / "clip.json").write_text(json.dumps(data), encoding="utf-8")
    make_calibration_clip(tmp_path / "clip.json", tmp_path / "clip.mp4")
    assert picture_changes_ms(tmp_path / "clip.mp4") == pytest.approx([1000, 1600], abs=FRAME_MS)
