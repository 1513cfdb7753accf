"""Pictures that are seen while the proxy is encoded: all of them, in time, and at no risk to the proxy."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.sample_videos import ffmpeg, flash_and_tone, number_of, numbered, write_video
from tests.workers.pictures import dissolve_free_scenes
from workers.analysers.errors import AnalysisError
from workers.analysers.facts import no_progress
from workers.analysers.frames import Pixels, iter_frames
from workers.analysers.picture_pipe import Coming
from workers.analysers.proxy import Options, make_proxy
from workers.analysers.shots import Options as ShotOptions
from workers.analysers.shots import ShotFinder, find_shots
from workers.analysers.sweep import Picture, show_all

ENCODED = Options(copy_pictures=False)


class Recorder:
    """A viewer that keeps what it sees, and does what a test says with each picture's number."""

    def __init__(self, during: Callable[[int], None] = lambda _number: None):
        self.coming: Coming | None = None
        self.seen: list[tuple[int, Pixels]] = []
        self.beside: list[tuple[Path, Coming] | None] = []
        self._during = during

    def begin(self, coming: Coming) -> None:
        self.coming = coming

    def look(self, pictures: Iterator[Picture]) -> None:
        for picture in pictures:
            self.seen.append((picture.time_ms, picture.pixels()))
            self._during(len(self.seen))

    def look_beside(self, source: Path, coming: Coming) -> None:
        self.beside.append((source, coming))

    def drop(self) -> None:
        self.beside.append(None)


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "picture-pipe"]


def test_every_frame_of_the_proxy_is_seen_at_its_time(tmp_path: Path) -> None:
    rate = Fraction(24000, 1001)
    source = write_video(tmp_path / "source.mp4", numbered(50), rate=rate)
    viewer = Recorder()
    proxy = make_proxy(source, tmp_path / "out", ENCODED, viewer=viewer)
    frames = list(iter_frames(proxy.video_path))
    assert viewer.coming == Coming(160, 96, rate, proxy.duration_ms, colour_matrix=2)
    assert {pixels.shape for _, pixels in viewer.seen} == {(96, 160, 3)}
    assert [time_ms for time_ms, _ in viewer.seen] == [frame.time_ms for frame in frames]
    assert [number_of(pixels) for _, pixels in viewer.seen] == list(range(50))


@pytest.mark.parametrize("matrix", ["bt709", "smpte170m", "bt2020nc"])
def test_a_picture_has_the_colours_of_the_proxy(matrix: str, tmp_path: Path) -> None:
    picture = np.zeros((96, 160, 3), dtype=np.uint8)
    picture[:48] = (200, 40, 30)
    picture[48:] = (20, 60, 200)
    plain = write_video(tmp_path / "plain.mp4", [picture] * 3)
    source = tmp_path / "source.mp4"
    said = ["-colorspace", matrix, "-color_primaries", "bt709", "-color_trc", "bt709"]
    ffmpeg("-i", plain, "-vf", f"scale=out_color_matrix={matrix}", "-c:v", "libx264", "-crf", "1", *said, source)
    viewer = Recorder()
    proxy = make_proxy(source, tmp_path / "out", replace(ENCODED, quality=1), viewer=viewer)
    _, seen = viewer.seen[0]
    shown = next(iter_frames(proxy.video_path)).pixels
    for row, colour in ((20, picture[0, 0]), (80, picture[-1, 0])):
        assert seen[row, 80] == pytest.approx(shown[row, 80], abs=3)
        assert seen[row, 80] == pytest.approx(colour, abs=6)


def test_a_proxy_of_odd_half_sizes_is_seen_whole(tmp_path: Path) -> None:
    x, y = np.meshgrid(np.arange(150), np.arange(90))
    slope = np.stack([x, y, np.full_like(x, 90)], axis=-1).astype(np.uint8)
    viewer = Recorder()
    proxy = make_proxy(write_video(tmp_path / "source.mp4", [slope] * 3), tmp_path / "out", ENCODED, viewer=viewer)
    assert (proxy.width, proxy.height) == (150, 90), "75 x 45 of colour: no multiple of anything"
    _, seen = viewer.seen[0]
    assert np.abs(seen.astype(int) - slope).mean() < 4


@pytest.mark.parametrize(
    "write",
    [
        lambda path: flash_and_tone(path, audio_delay_s=0.3),
        lambda path: write_video(path, numbered(9), times_ms=[0, 40, 80, 240, 280, 320, 720, 760, 800]),
    ],
    ids=["with sound", "silent, of a variable rate"],
)
def test_who_looks_on_changes_no_byte(write: Callable[[Path], Path], tmp_path: Path) -> None:
    source = write(tmp_path / "source.mkv")
    alone = make_proxy(source, tmp_path / "alone", ENCODED)
    viewer = Recorder()
    seen = make_proxy(source, tmp_path / "seen", ENCODED, viewer=viewer)
    assert len(viewer.seen) == seen.frame_count
    names = sorted(path.name for path in (tmp_path / "alone").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "seen").iterdir())
    for name in names:
        assert (tmp_path / "alone" / name).read_bytes() == (tmp_path / "seen" / name).read_bytes()
    assert alone.frame_count == seen.frame_count


def test_nothing_is_tapped_where_nobody_looks_on(tmp_path: Path, started: list[subprocess.Popen]) -> None:
    make_proxy(flash_and_tone(tmp_path / "source.mp4"), tmp_path / "out", ENCODED)
    assert "rawvideo" not in started[-1].args
    assert not readers()


def test_what_is_copied_may_be_looked_at_in_the_source(tmp_path: Path) -> None:
    source = write_video(tmp_path / "source.mp4", numbered(25))
    viewer = Recorder()
    proxy = make_proxy(source, tmp_path / "out", viewer=viewer)
    assert proxy.copied
    rate, count = proxy.frame_rate, proxy.frame_count
    coming = Coming(proxy.width, proxy.height, rate, proxy.duration_ms, colour_matrix=2, frame_count=count)
    assert viewer.beside == [(source, coming)]
    assert viewer.coming is None
    assert viewer.seen == []


def test_what_was_not_copied_whole_was_seen_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.analysers.proxy._copy", lambda *_: None)
    viewer = Recorder()
    proxy = make_proxy(write_video(tmp_path / "source.mp4", numbered(25)), tmp_path / "out", viewer=viewer)
    assert not proxy.copied
    assert viewer.beside[1:] == [None]
    assert len(viewer.seen) == proxy.frame_count


def test_a_viewer_that_breaks_does_not_break_the_proxy(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def break_at_once(_number: int) -> None:
        raise ValueError("no more")

    source = write_video(tmp_path / "source.mp4", numbered(50))  # 46 kB a picture: far more than a pipe holds
    alone = make_proxy(source, tmp_path / "alone", ENCODED)
    viewer = Recorder(during=break_at_once)
    proxy = make_proxy(source, tmp_path / "out", ENCODED, viewer=viewer)
    assert proxy.video_path.read_bytes() == alone.video_path.read_bytes()
    assert len(viewer.seen) == 1
    assert "no more" in caplog.text
    assert not readers()


def test_a_slow_viewer_sees_the_last_picture_before_the_proxy_is_there(tmp_path: Path) -> None:
    done: list[int] = []

    def be_slow_at_the_last(number: int) -> None:
        if number == 10:
            time.sleep(0.3)  # for a run that would not wait to get ahead
        done.append(number)

    viewer = Recorder(during=be_slow_at_the_last)
    make_proxy(write_video(tmp_path / "source.mp4", numbered(10)), tmp_path / "out", ENCODED, viewer=viewer)
    assert done == list(range(1, 11))


def test_an_ffmpeg_that_is_killed_ends_the_run_and_the_thread(tmp_path: Path, started: list[subprocess.Popen]) -> None:
    def kill_at_third(number: int) -> None:
        if number == 3:
            started[-1].send_signal(signal.SIGKILL)

    source = write_video(tmp_path / "source.mp4", numbered(50))
    viewer = Recorder(during=kill_at_third)
    with pytest.raises(AnalysisError) as caught:
        make_proxy(source, tmp_path / "out", ENCODED, viewer=viewer)
    assert caught.value.code == "transcode_failed"
    assert 3 <= len(viewer.seen) < 50, "ffmpeg waits for its reader, so it cannot have been at its end"
    assert not readers()
    assert list((tmp_path / "out").iterdir()) == []


def test_a_run_that_is_stopped_ends_the_thread(tmp_path: Path, started: list[subprocess.Popen]) -> None:
    class Stopped(Exception):
        pass

    def stop(_share: float, doing: str) -> None:
        if doing == "transcoding and looking at the pictures":
            raise Stopped

    viewer = Recorder()
    with pytest.raises(Stopped):
        make_proxy(write_video(tmp_path / "source.mp4", numbered(50)), tmp_path / "out", ENCODED, stop, viewer)
    assert started
    assert all(process.poll() is not None for process in started)
    assert not readers()
    assert list((tmp_path / "out").iterdir()) == []


def test_shots_are_told_while_ffmpeg_runs_and_are_those_of_the_proxy(
    tmp_path: Path, started: list[subprocess.Popen]
) -> None:
    told: list[tuple[int, bool]] = []

    class Finding:
        finder: ShotFinder

        def begin(self, coming: Coming) -> None:
            self.finder = ShotFinder(ShotOptions(), (coming.width, coming.height), coming.duration_ms)

        def look(self, pictures: Iterator[Picture]) -> None:
            show_all(pictures, duration_ms=1, watchers=[self], cuts=self.finder)

        def see(self, picture: Picture) -> None:
            told.append((len(self.finder.closed_shots()), started[-1].poll() is None))

    source = write_video(tmp_path / "source.mp4", dissolve_free_scenes())
    viewer = Finding()
    proxy = make_proxy(source, tmp_path / "out", ENCODED, no_progress, viewer)
    assert viewer.finder.finish() == find_shots(proxy.video_path)
    counts = [count for count, _ in told]
    assert counts[:20] == [0] * 20, "the first shot has not ended"
    assert counts[-1] == 2
    first = counts.index(1)
    assert first < 20 + 10
    assert told[first][1], "and ffmpeg is not at its end: it waits for its reader"
