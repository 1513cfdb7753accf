"""Frames come with their true times, each once, and the picture at a time is the one on the screen."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sample_videos import ffmpeg, number_of, numbered, write_video
from workers.analysers.errors import AnalysisError
from workers.analysers.frames import (
    FrameGrabber,
    fit_within,
    grab_frame,
    iter_frames,
    key_frame_before,
    time_of,
    video_length,
)

COUNT = 50


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """25 frames a second: frame n appears at 40 n ms."""
    return write_video(tmp_path_factory.mktemp("frames") / "numbered.mp4", numbered(COUNT))


def test_all_frames_come_in_order_with_their_times(video: Path) -> None:
    frames = [(frame.time_ms, number_of(frame.pixels)) for frame in iter_frames(video)]
    assert frames == [(40 * number, number) for number in range(COUNT)]


def test_a_look_every_so_often_takes_the_first_frame_at_or_after_its_time(video: Path) -> None:
    times = [frame.time_ms for frame in iter_frames(video, every_ms=250, end_ms=1100)]
    assert times == [0, 280, 520, 760, 1000]


def test_extra_looks_are_added_and_no_frame_comes_twice(video: Path) -> None:
    times = [frame.time_ms for frame in iter_frames(video, every_ms=500, also_at_ms=[1000, 120, 990, 130], end_ms=1200)]
    assert times == [0, 120, 160, 520, 1000]  # 990 and 1000, extra and regular, are one frame


def test_a_range_starts_and_ends_where_it_says(video: Path) -> None:
    assert [number_of(frame.pixels) for frame in iter_frames(video, start_ms=1010, end_ms=1120)] == [26, 27]


def test_frames_are_scaled(video: Path) -> None:
    assert next(iter(iter_frames(video, size=(80, 48)))).pixels.shape == (48, 80, 3)


@settings(max_examples=25)
@given(times=st.lists(st.integers(0, 40 * COUNT + 500), min_size=1, max_size=6))
def test_the_picture_at_a_time_is_the_one_on_the_screen(video: Path, times: list[int]) -> None:
    with FrameGrabber(video) as grabber:
        assert [number_of(grabber.grab(time)) for time in times] == [min(time // 40, COUNT - 1) for time in times]


def test_one_picture_is_grabbed(video: Path) -> None:
    assert number_of(grab_frame(video, 79)) == 1


def test_the_length_is_measured(video: Path) -> None:
    assert video_length(video) == (2000, COUNT, 160, 96)


def test_a_file_that_is_no_video_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("no video")
    with pytest.raises(AnalysisError, match=r"notes\.mp4") as caught:
        next(iter(iter_frames(tmp_path / "notes.mp4")))
    assert caught.value.code == "video_unreadable"


@given(width=st.integers(1, 8000), height=st.integers(1, 8000), side=st.integers(1, 2000))
def test_a_fitted_size_is_never_larger(width: int, height: int, side: int) -> None:
    fitted = fit_within(width, height, side)
    assert max(fitted) <= side
    assert fitted[0] <= width
    assert fitted[1] <= height


def test_a_key_frame_stands_at_or_before_the_time(tmp_path: Path) -> None:
    video = tmp_path / "video.mp4"
    ffmpeg("-i", write_video(tmp_path / "all.mp4", numbered(50)), "-g", "10", "-sc_threshold", "0", video)
    numbers = [number_of(key_frame_before(video, number * 40)) for number in (0, 9, 10, 35, 49)]
    assert numbers == [0, 0, 10, 30, 40]


@given(
    st.integers(-(10**12), 10**12),
    st.one_of(
        st.sampled_from([Fraction(1, 2000), Fraction(1, 90_000), Fraction(1001, 30_000)]),
        st.fractions(min_value=Fraction(1, 10**6), max_value=10, max_denominator=10**6),
    ),
)
def test_a_time_is_rounded_as_python_rounds_its_fraction(ticks: int, base: Fraction) -> None:
    frame = av.VideoFrame(16, 16, "yuv420p")
    frame.pts, frame.time_base = ticks, base
    assert time_of(frame) == round(ticks * base * 1000)


def test_a_frame_without_a_time_appears_at_the_start() -> None:
    assert time_of(av.VideoFrame(16, 16, "yuv420p")) == 0
