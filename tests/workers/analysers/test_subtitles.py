"""Burned-in subtitles: texts and times against what is known to be in the picture."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from tests.shared_data import SHARED, needs_shared
from workers.analysers import subtitles as module
from workers.analysers.facts import SubtitleLine
from workers.analysers.ocr import TextBox
from workers.analysers.subtitle_edges import SeenLine, find_edges
from workers.analysers.subtitle_files import read_subtitles
from workers.analysers.subtitles import Options, read_burned_subtitles
from workers.demo import DemoFiles

DIALOGUE = SHARED / "data/meld/dialogue65"
FRAME_MS = 42


def plain(text: str) -> str:
    """Readers write ... for an ellipsis and ' for a typographic apostrophe, and know no line breaks."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    return "".join(text.split())


def error_rate(read: Sequence[SubtitleLine], known: Sequence[SubtitleLine]) -> float:
    """Character error rate of all lines one after the other: a line too much or too little counts in full."""
    got, want = (plain("".join(line.text for line in lines)) for lines in (read, known))
    return Levenshtein.distance(got, want) / len(want)


@pytest.mark.models
def test_the_demos_subtitles_are_read_to_the_letter_and_to_the_frame(demo: DemoFiles) -> None:
    known = read_subtitles(demo.subtitles)
    read = read_burned_subtitles(demo.video)
    assert len(read) == len(known)
    assert error_rate(read, known) <= 0.005
    for line, want in zip(read, known, strict=True):
        assert abs(line.start_ms - want.start_ms) <= 1
        assert abs(line.end_ms - want.end_ms) <= 1
        assert line.source == "ocr"
        assert line.confidence > 0.9
        assert line.box is not None
        assert line.box[1] > 500


@needs_shared
@pytest.mark.models
@pytest.mark.parametrize(
    ("language", "known_file", "bound"), [("en", "episode.srt", 0.005), ("zh", "episode.zh.srt", 0.015)]
)
def test_burned_in_lines_of_a_real_dialogue_are_read(language: str, known_file: str, bound: float) -> None:
    known = read_subtitles(DIALOGUE / known_file)
    read = read_burned_subtitles(DIALOGUE / f"episode_burned_{language}.mp4", Options(languages=(language,)))
    assert len(read) == len(known) == 11
    assert error_rate(read, known) <= bound
    for line, want in zip(read, known, strict=True):
        assert abs(line.start_ms - want.start_ms) <= FRAME_MS
        assert abs(line.end_ms - want.end_ms) <= FRAME_MS


@needs_shared
@pytest.mark.models
def test_a_real_dialogue_without_burned_in_subtitles_has_none() -> None:
    assert read_burned_subtitles(DIALOGUE / "episode.mp4") == ()


def test_edges_are_found_to_the_frame_from_frames_a_quarter_second_apart(demo: DemoFiles) -> None:
    truth = json.loads(demo.truth.read_text())
    frames = [round(n * 1000 / Fraction(truth["frame_rate"])) for n in range(truth["frame_count"])]
    looks = [next(t for t in frames if t >= due) for due in range(0, frames[-1], 250)]
    seen = []
    for cue in truth["subtitles"]:
        inside = [t for t in looks if cue["start_ms"] <= t < cue["end_ms"]]
        before, after = looks[looks.index(inside[0]) - 1], looks[looks.index(inside[-1]) + 1]
        height = 54 * len(cue["text"].splitlines())
        seen.append(SeenLine(before, inside[0], inside[-1], after, (240, 680 - height, 800, height), 54))
    edges = find_edges(demo.video, seen, truth["duration_ms"], lambda share: None)
    assert edges == [(cue["start_ms"], cue["end_ms"]) for cue in truth["subtitles"]]


@dataclass
class Script:
    """A reader that gives prepared answers, one a frame."""

    answers: list[list[TextBox]]
    name: str = "script-1"
    languages: frozenset[str] = frozenset({"en"})

    def read(self, image: np.ndarray) -> list[TextBox]:
        return self.answers.pop(0)


@pytest.fixture
def dark_video(tmp_path: Path) -> Path:
    """Two seconds of dark frames at 20 fps: eight looks at 4 fps."""
    path = tmp_path / "dark.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=20)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for _ in range(40):
            container.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.full((180, 320, 3), 20, np.uint8), format="rgb24"))
            )
        container.mux(stream.encode())
    return path


def lines_of(
    monkeypatch: pytest.MonkeyPatch, video: Path, *answers: str, confidence: float = 0.9
) -> list[tuple[int, int, str]]:
    """Answers are read from frames at 0, 250, 500 ... ms; "" is a frame without text."""

    def boxes(text: str) -> list[TextBox]:
        return [TextBox(text, (60.0, 40.0, 200.0, 20.0), confidence)] if text else []

    script: Any = Script([boxes(text) for text in answers])
    monkeypatch.setattr(module, "choose_reader", lambda languages, engine: script)
    return [(line.start_ms, line.end_ms, line.text) for line in read_burned_subtitles(video)]


def test_neighbouring_frames_of_nearly_one_text_are_one_line_with_the_best_reading(
    monkeypatch: pytest.MonkeyPatch, dark_video: Path
) -> None:
    lines = lines_of(monkeypatch, dark_video, "", "Good morninq", "Good morning", "Good morning", "", "", "", "")
    assert lines == [(250, 1000, "Good morning")]


def test_different_texts_in_neighbouring_frames_are_two_lines(
    monkeypatch: pytest.MonkeyPatch, dark_video: Path
) -> None:
    lines = lines_of(
        monkeypatch, dark_video, "Good morning", "Good morning", "Sleep well", "Sleep well", "", "", "", ""
    )
    assert [text for _, _, text in lines] == ["Good morning", "Sleep well"]
    assert all(a[1] <= b[0] for a, b in pairwise(lines))


def test_one_frame_that_was_not_read_does_not_part_a_line(monkeypatch: pytest.MonkeyPatch, dark_video: Path) -> None:
    assert len(lines_of(monkeypatch, dark_video, "Yes, I do", "Yes, I do", "", "Yes, I do", "", "", "", "")) == 1
    assert (
        len(lines_of(monkeypatch, dark_video, "Yes, I do", "Yes, I do", "", "", "Yes, I do", "Yes, I do", "", "")) == 2
    )


def test_an_unsure_text_of_a_single_frame_is_no_line(monkeypatch: pytest.MonkeyPatch, dark_video: Path) -> None:
    assert lines_of(monkeypatch, dark_video, "", "", "xq", "", "", "", "", "", confidence=0.5) == []


def test_a_line_at_the_end_ends_with_the_video(monkeypatch: pytest.MonkeyPatch, dark_video: Path) -> None:
    assert lines_of(monkeypatch, dark_video, "", "", "", "", "", "", "Good night", "Good night") == [
        (1500, 2000, "Good night")
    ]


def test_a_video_without_subtitles_has_none(monkeypatch: pytest.MonkeyPatch, dark_video: Path) -> None:
    assert lines_of(monkeypatch, dark_video, *[""] * 8) == []
