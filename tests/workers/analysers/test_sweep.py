"""One pass over the pictures: every frame once, in order, for all who look."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from av.video.frame import PictureType
from hypothesis import given
from hypothesis import strategies as st

from tests.sample_videos import ffmpeg, number_of, numbered, write_video
from workers.analysers.errors import AnalysisError
from workers.analysers.frames import Edges, by_area, decoded, open_video, plane_of, scaled, time_of
from workers.analysers.sweep import KnownCuts, Picture, pictures, sweep

FRAMES = 50


class Seen:
    """Watches and follows, and remembers what it was shown."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.followed: list[tuple[int, bool]] = []

    def see(self, picture: Picture) -> None:
        self.numbers.append(number_of(picture.pixels()))

    def follow(self, picture: Picture, starts_shot: bool) -> None:
        self.followed.append((picture.index, starts_shot))


class Late:
    """Cuts that are known three frames late."""

    def __init__(self) -> None:
        self.held: list[Picture] = []

    def settle(self, picture: Picture) -> Iterable[tuple[Picture, bool]]:
        self.held.append(picture)
        return [(self.held.pop(0), False)] if len(self.held) > 3 else []

    def settle_rest(self) -> Iterable[tuple[Picture, bool]]:
        return [(picture, True) for picture in self.held]


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("sweep") / "video.mp4", numbered(FRAMES))


def test_everybody_sees_every_frame_once_and_in_order(video: Path) -> None:
    one, other = Seen(), Seen()
    assert sweep(video, duration_ms=2000, watchers=[one, other], followers=[other]) == FRAMES
    assert one.numbers == other.numbers == list(range(FRAMES))
    assert other.followed == [(0, True), *((number, False) for number in range(1, FRAMES))]


def test_followers_get_the_frames_that_were_held_back_at_the_end_too(video: Path) -> None:
    seen = Seen()
    sweep(video, duration_ms=2000, followers=[seen], cuts=Late())
    assert [number for number, _ in seen.followed] == list(range(FRAMES))
    assert [number for number, starts in seen.followed if starts] == [47, 48, 49]


@pytest.mark.parametrize(
    ("pyramid", "rough_kinds"), [("none", {PictureType.B}), ("normal", {PictureType.P, PictureType.B})]
)
def test_only_pictures_that_are_predicted_from_both_sides_are_not_smoothed(
    pyramid: str, rough_kinds: set[PictureType], tmp_path: Path
) -> None:
    video = tmp_path / "moving.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=1"]
    ffmpeg(*source, "-c:v", "libx264", "-crf", "30", "-bf", "3", "-x264-params", f"b-pyramid={pyramid}", video)
    with open_video(video) as (container, stream):
        smoothed = list(decoded(container, stream, video))
    rough = list(pictures(video))
    assert [picture.time_ms for picture in rough] == [time_of(frame) for frame in smoothed]
    differing = set()
    for picture, frame in zip(rough, smoothed, strict=True):
        difference = np.abs(picture.luma().astype(int) - plane_of(frame, 0)).mean()
        assert difference < 1  # of 255
        if difference:
            differing.add(frame.pict_type)
    assert PictureType.B in differing
    assert differing <= rough_kinds  # never a key frame


def test_known_shots_start_on_their_frames(video: Path) -> None:
    seen = Seen()
    sweep(video, duration_ms=2000, followers=[seen], cuts=KnownCuts([0, 400, 1210]))
    assert [number for number, starts in seen.followed if starts] == [0, 10, 31]


@given(st.sets(st.integers(min_value=0, max_value=3000), max_size=20))
def test_of_any_known_cuts_each_starts_one_frame_at_or_after_it(starts_ms: set[int]) -> None:
    class Frame:
        def __init__(self, index: int) -> None:
            self.index, self.time_ms = index, index * 40

    cuts = KnownCuts(starts_ms)
    shown = [settled for index in range(FRAMES) for settled in cuts.settle(Frame(index))]  # type: ignore[arg-type]
    expected = {0} | {-(-start // 40) for start in starts_ms if start <= (FRAMES - 1) * 40}
    assert {picture.index for picture, starts in shown if starts} == expected


def test_a_form_is_made_once_and_the_brightness_is_that_of_the_picture(video: Path) -> None:
    class Look:
        def see(self, picture: Picture) -> None:
            assert picture.pixels((80, 48), "bgr24") is picture.pixels((80, 48), "bgr24")
            assert picture.pixels((80, 48)).shape == (48, 80, 3)
            lower = picture.luma(60)
            assert lower.shape == (36, 160)
            grey = picture.pixels()[60:].astype(float).mean()
            # limited range: 16 is black, 235 white
            assert np.mean(lower) == pytest.approx(16 + grey * 219 / 255, abs=1.5)

    assert sweep(video, duration_ms=2000, watchers=[Look()]) == FRAMES


def test_progress_rises_and_whatever_it_raises_stops_the_pass(video: Path) -> None:
    told: list[float] = []
    sweep(video, duration_ms=2000, on_progress=lambda share, step: told.append(share))
    assert told == sorted(told)
    assert told

    def stop(share: float, step: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(video, duration_ms=2000, on_progress=stop)


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(AnalysisError) as refused:
        sweep(tmp_path / "text.mp4", duration_ms=1000)
    assert refused.value.code == "video_unreadable"


@pytest.mark.parametrize(
    "tags",
    [
        [],
        ["-colorspace", "bt709"],
        ["-colorspace", "smpte170m"],
        ["-vf", "scale=out_range=full", "-color_range", "pc"],
    ],
)
def test_a_part_has_the_colours_of_the_whole(tags: list[str], tmp_path: Path) -> None:
    video = tmp_path / "colours.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=5:duration=1", *tags]
    ffmpeg(*source, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-qp", "5", video)
    for left, top, right, bottom in ((0, 0, 320, 240), (31, 57, 202, 180), (319, 239, 320, 240), (100, 11, 101, 12)):
        for lazy, whole in zip(pictures(video), pictures(video), strict=True):
            part = lazy.part(Edges(left, top, right, bottom))
            expected = whole.pixels()[top:bottom, left:right]
            assert part.shape == expected.shape
            difference = np.abs(part.astype(int) - expected)
            assert np.median(difference) <= 2
            assert np.percentile(difference, 75) <= 6  # at edges of colours chroma is interpolated otherwise


@pytest.mark.parametrize("tags", [["-colorspace", "bt709"], ["-vf", "scale=out_range=full", "-color_range", "pc"]])
@pytest.mark.parametrize("edges", [Edges(0, 0, 320, 240), Edges(31, 57, 202, 180), Edges(101, 11, 131, 40)])
def test_a_part_may_be_scaled_at_once(edges: Edges, tags: list[str], tmp_path: Path) -> None:
    video = tmp_path / "colours.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=5:duration=1", *tags]
    ffmpeg(*source, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-qp", "5", video)
    for picture in pictures(video):
        part, expected = picture.part(edges, (48, 40)), scaled(picture.part(edges), (48, 40))
        assert part.shape == (40, 48, 3)
        difference = np.abs(part.astype(int) - expected)
        assert np.median(difference) <= 1
        assert np.percentile(difference, 90) <= 8  # at edges of colours


@pytest.mark.parametrize(
    ("tags", "green"),
    [
        (["-vf", "scale=out_color_matrix=bt601", "-colorspace", "smpte170m"], 0.587),
        (["-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709"], 0.7152),
        (["-vf", "scale=out_range=full:out_color_matrix=bt601", "-color_range", "pc"], 0.587),
    ],
)
def test_a_grey_part_is_as_bright_as_its_colours(tags: list[str], green: float, tmp_path: Path) -> None:
    video = tmp_path / "colours.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=5:duration=1", *tags]
    ffmpeg(*source, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-qp", "5", video)
    red = {0.587: 0.299, 0.7152: 0.2126}[green]  # ITU-T H.273's KR
    for left, top, right, bottom in ((0, 0, 320, 240), (31, 57, 202, 180), (319, 239, 320, 240)):
        for picture in pictures(video):
            grey = picture.grey(Edges(left, top, right, bottom))
            expected = picture.pixels()[top:bottom, left:right] @ np.array([red, green, 1 - red - green])
            assert grey.shape == expected.shape
            difference = np.abs(grey - expected)
            assert np.median(difference) <= 2
            assert np.percentile(difference, 75) <= 6


@pytest.mark.parametrize("edges", [Edges(0, 0, 320, 240), Edges(31, 57, 202, 180), Edges(101, 11, 131, 40)])
def test_a_grey_part_may_be_scaled_at_once(edges: Edges, tmp_path: Path) -> None:
    video = tmp_path / "colours.mp4"
    source = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=5:duration=1"]
    ffmpeg(*source, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-qp", "5", video)
    for picture in pictures(video):
        grey, expected = picture.grey(edges, (48, 40)), by_area(picture.grey(edges), (48, 40))
        assert grey.shape == (40, 48)
        assert np.abs(grey.astype(int) - expected).max() <= 2


def test_a_part_of_what_was_converted_is_cut_from_it(video: Path) -> None:
    picture = next(iter(pictures(video)))
    whole = picture.pixels()
    assert np.shares_memory(picture.part(Edges(10, 20, 30, 40)), whole)
