"""The demo's files say what its truth says: measured on the written video and sound, not on the code behind them."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pysubs2
import pytest

from workers.demo import DemoFiles


@pytest.fixture(scope="module")
def truth(demo: DemoFiles) -> dict[str, Any]:
    return json.loads(demo.truth.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def luma(demo: DemoFiles) -> np.ndarray:
    """Every frame's brightness at 320x180: (frames, 180, 320)."""
    with av.open(str(demo.video)) as container:
        frames = [
            frame.reformat(width=320, height=180, format="gray").to_ndarray() for frame in container.decode(video=0)
        ]
    return np.stack(frames).astype(np.int16)


def test_the_video_has_the_size_rate_and_length_of_the_truth(demo: DemoFiles, truth: dict[str, Any]) -> None:
    with av.open(str(demo.video)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.frames) == (1280, 720, truth["frame_count"])
        assert stream.average_rate == Fraction(truth["frame_rate"]) == Fraction(24000, 1001)
        assert container.streams.audio[0].codec_context.name == "aac"


def test_the_picture_jumps_at_the_cuts_and_nowhere_else(luma: np.ndarray, truth: dict[str, Any]) -> None:
    upper = luma[:, :120]  # above the subtitles, which jump too
    change = np.abs(np.diff(upper, axis=0)).mean(axis=(1, 2))
    jumps = np.flatnonzero(change > 20) + 1
    assert jumps.tolist() == truth["cut_frames"]


def test_the_picture_moves_inside_every_shot(luma: np.ndarray, truth: dict[str, Any]) -> None:
    for shot in truth["shots"]:
        first, last = luma[shot["start_frame"]], luma[shot["end_frame"] - 1]
        assert np.abs(first - last).mean() > 2, shot["camera"]


def test_subtitles_are_in_the_picture_in_exactly_their_frames(demo: DemoFiles, truth: dict[str, Any]) -> None:
    """White touching black, as only outlined text has it, in the band of the subtitles' lowest row."""
    with av.open(str(demo.video)) as container:
        strength = []
        for frame in container.decode(video=0):
            band = frame.to_ndarray(format="gray")[630:680, 340:940].astype(np.int16)
            strength.append(int(np.sum(np.abs(band[:, 6:] - band[:, :-6]) > 170)))
    shown = np.zeros(truth["frame_count"], dtype=bool)
    rate = Fraction(truth["frame_rate"])
    for cue in truth["subtitles"]:
        shown[round(cue["start_ms"] * rate / 1000) : round(cue["end_ms"] * rate / 1000)] = True
    seen = np.array(strength) > 900
    assert (seen == shown).all(), np.flatnonzero(seen != shown)


def test_speech_is_heard_in_the_utterances_and_not_between_them(demo: DemoFiles, truth: dict[str, Any]) -> None:
    with av.open(str(demo.video)) as container:
        resampler = av.AudioResampler("s16", "mono", 16_000)
        sound = np.concatenate([r.to_ndarray()[0] for f in container.decode(audio=0) for r in resampler.resample(f)])

    def loudness(start_ms: int, end_ms: int) -> float:
        return float(np.abs(sound[start_ms * 16 : end_ms * 16].astype(np.int32)).mean())

    margin = 60  # AAC smears an onset over a frame or two
    for start, end in truth["gaps_ms"]:
        assert loudness(start + margin, end - margin) < 60
    for utterance in truth["utterances"]:
        assert loudness(utterance["start_ms"], utterance["end_ms"]) > 600


def test_subtitle_file_and_transcript_say_what_the_truth_says(demo: DemoFiles, truth: dict[str, Any]) -> None:
    cues = [(c.start, c.end, c.plaintext) for c in pysubs2.load(str(demo.subtitles))]
    assert cues == [(c["start_ms"], c["end_ms"], c["text"]) for c in truth["subtitles"]]
    lines = demo.transcript.read_text(encoding="utf-8").splitlines()
    assert lines == [f"{u['speaker']}: {u['text']}" for u in truth["utterances"]]


def test_the_demo_holds_what_the_protocol_needs(truth: dict[str, Any]) -> None:
    assert len(truth["people"]) == 2
    assert 40_000 < truth["duration_ms"] < 60_000
    assert any(end - start > 3_000 for start, end in truth["gaps_ms"]), "a visual gap"
    assert any(len(cue["utterances"]) == 2 for cue in truth["subtitles"]), "a shared subtitle"
    assert any(not shot["people"] for shot in truth["shots"]), "a shot with nobody"
    assert any(len(shot["people"]) == 2 for shot in truth["shots"]), "a shot of both"
