"""The proxy: one clock for everybody, and nothing half-written."""

from __future__ import annotations

import os
import signal
import subprocess
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.sample_videos import FLASH_AND_TONE_S, ffmpeg, flash_and_tone, number_of, numbered, write_video
from tests.shared_data import SHARED, needs_shared
from workers.analysers import proxy as proxy_module
from workers.analysers.errors import AnalysisError
from workers.analysers.facts import Proxy
from workers.analysers.frames import iter_frames
from workers.analysers.proxy import Options, make_proxy, proxy_size

FRAME_MS = 40


def files_of(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def flash_ms(proxy: Proxy) -> int:
    return next(frame.time_ms for frame in iter_frames(proxy.video_path) if frame.pixels.mean() > 128)


def samples(proxy: Proxy) -> tuple[np.ndarray, int]:
    assert proxy.audio_path is not None
    with wave.open(str(proxy.audio_path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        return np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16), sound.getframerate()


def tone_ms(proxy: Proxy) -> float:
    heard, rate = samples(proxy)
    return float(np.argmax(np.abs(heard.astype(int)) > 4000)) / rate * 1000


def test_the_proxy_has_the_promised_form(tmp_path: Path) -> None:
    encoded = Options(copy_pictures=False)
    proxy = make_proxy(flash_and_tone(tmp_path / "source.mkv"), tmp_path / "out", encoded)
    with av.open(str(proxy.video_path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert audio.codec_context.name == "aac"
        keys = [float(p.pts * p.time_base) for p in container.demux(video) if p.is_keyframe]
    assert max(np.diff([*keys, proxy.duration_ms / 1000])) <= 2.0
    head = proxy.video_path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat"), "fast start: the index comes first"
    assert samples(proxy)[1] == 16_000
    assert proxy.poster_path.read_bytes()[:2] == b"\xff\xd8"
    assert (proxy.duration_ms, proxy.frame_count, proxy.frame_rate) == (3000, 75, Fraction(25))
    assert files_of(tmp_path / "out") == ["audio.wav", "poster.jpg", "proxy.mp4"]


def test_every_frame_of_a_constant_source_keeps_its_place(tmp_path: Path) -> None:
    source = write_video(tmp_path / "source.mp4", numbered(50), rate=Fraction(24000, 1001))
    proxy = make_proxy(source, tmp_path / "out")
    frames = list(iter_frames(proxy.video_path))
    assert [number_of(frame.pixels) for frame in frames] == list(range(50))
    assert [frame.time_ms for frame in frames] == [round(Fraction(number * 1001, 24)) for number in range(50)]
    assert proxy.frame_rate == Fraction(24000, 1001)
    assert proxy.duration_ms == round(Fraction(50 * 1001, 24))


def test_a_variable_rate_becomes_constant_and_each_picture_keeps_its_time(tmp_path: Path) -> None:
    shown = [0, 40, 80, 240, 280, 320, 720, 760, 800]
    proxy = make_proxy(write_video(tmp_path / "source.mp4", numbered(9), times_ms=shown), tmp_path / "out")
    frames = list(iter_frames(proxy.video_path))
    assert set(np.diff([frame.time_ms for frame in frames])) == {FRAME_MS}
    first_seen: dict[int, int] = {}
    for frame in frames:
        first_seen.setdefault(number_of(frame.pixels), frame.time_ms)
    assert list(first_seen) == list(range(9))
    assert list(first_seen.values()) == shown


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("offset.mkv", ("-output_ts_offset", "7")),
        ("stream.ts", ()),  # a transport stream never starts at 0
        ("offset.mp4", ("-output_ts_offset", "3", "-use_editlist", "0")),
    ],
)
def test_the_proxy_starts_at_zero_with_picture_and_sound_together(
    tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    proxy = make_proxy(flash_and_tone(tmp_path / name, *options), tmp_path / "out")
    assert next(iter(iter_frames(proxy.video_path))).time_ms == 0
    assert abs(flash_ms(proxy) - FLASH_AND_TONE_S[0] * 1000) <= FRAME_MS
    assert abs(flash_ms(proxy) - tone_ms(proxy)) <= FRAME_MS
    heard, rate = samples(proxy)
    assert len(heard) / rate * 1000 == pytest.approx(proxy.duration_ms, abs=1)


def test_a_picture_that_starts_after_the_sound_stays_late(tmp_path: Path) -> None:
    source = flash_and_tone(tmp_path / "late.mkv", video_delay_s=0.6)
    proxy = make_proxy(source, tmp_path / "out")
    assert next(iter(iter_frames(proxy.video_path))).time_ms == 0
    assert flash_ms(proxy) - tone_ms(proxy) == pytest.approx(600, abs=FRAME_MS)
    assert proxy.duration_ms == pytest.approx(3600, abs=FRAME_MS)


def test_sound_that_starts_after_the_picture_stays_late(tmp_path: Path) -> None:
    proxy = make_proxy(flash_and_tone(tmp_path / "late.mkv", audio_delay_s=0.6), tmp_path / "out")
    assert tone_ms(proxy) - flash_ms(proxy) == pytest.approx(600, abs=FRAME_MS)
    heard, rate = samples(proxy)
    assert len(heard) / rate * 1000 == pytest.approx(proxy.duration_ms, abs=1)


def test_sound_that_outlasts_the_picture_is_kept_under_its_last_frame(tmp_path: Path) -> None:
    silent = write_video(tmp_path / "short.mp4", numbered(25))
    ffmpeg("-i", silent, "-f", "lavfi", "-i", "sine=d=3", "-c:v", "copy", tmp_path / "tail.mp4")
    proxy = make_proxy(tmp_path / "tail.mp4", tmp_path / "out")
    assert proxy.duration_ms == pytest.approx(3000, abs=2 * FRAME_MS)
    assert number_of(list(iter_frames(proxy.video_path))[-1].pixels) == 24
    heard, rate = samples(proxy)
    assert np.abs(heard[int(2.5 * rate) : int(2.9 * rate)].astype(int)).max() > 1000


def test_a_source_without_sound_gives_no_wav(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "audio.wav").write_bytes(b"of an earlier source")
    proxy = make_proxy(write_video(tmp_path / "silent.mp4", numbered(10)), tmp_path / "out")
    assert proxy.audio_path is None
    assert files_of(tmp_path / "out") == ["poster.jpg", "proxy.mp4"]


def test_a_rotated_source_stands_upright(tmp_path: Path) -> None:
    flat = write_video(tmp_path / "flat.mp4", numbered(5))
    ffmpeg("-display_rotation", "90", "-i", flat, "-c", "copy", tmp_path / "turned.mp4")
    proxy = make_proxy(tmp_path / "turned.mp4", tmp_path / "out")
    assert (proxy.width, proxy.height) == (96, 160)
    assert next(iter(iter_frames(proxy.video_path))).pixels.shape == (160, 96, 3)


def test_odd_sizes_are_made_even(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=161x97:d=1", "-c:v", "ffv1", "-pix_fmt", "yuv444p", tmp_path / "odd.mkv")
    proxy = make_proxy(tmp_path / "odd.mkv", tmp_path / "out")
    assert (proxy.width, proxy.height) == (160, 96)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ((1920, 1080), (1280, 720)),
        ((1280, 720), (1280, 720)),
        ((640, 360), (640, 360)),  # never enlarged
        ((1920, 800), (1280, 534)),  # cinema: the width decides
        ((1440, 1080), (960, 720)),
        ((1080, 1920), (720, 1280)),  # a phone held upright
        ((351, 233), (350, 232)),
        ((1, 1), (2, 2)),
    ],
)
def test_the_size_fits_and_keeps_its_shape(source: tuple[int, int], expected: tuple[int, int]) -> None:
    assert proxy_size(*source, Options()) == expected


def test_progress_rises_to_one(tmp_path: Path) -> None:
    told: list[float] = []
    make_proxy(
        flash_and_tone(tmp_path / "source.mp4"), tmp_path / "out", on_progress=lambda share, step: told.append(share)
    )
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


class Stopped(Exception):
    pass


def stop_after(calls: int) -> Callable[[float, str], None]:
    told: list[float] = []

    def on_progress(share: float, step: str) -> None:
        told.append(share)
        if len(told) >= calls:
            raise Stopped

    return on_progress


def test_a_stopped_run_leaves_the_files_of_the_run_before(tmp_path: Path) -> None:
    source = flash_and_tone(tmp_path / "source.mp4")
    before = make_proxy(source, tmp_path / "out").video_path.read_bytes()
    with pytest.raises(Stopped):
        make_proxy(source, tmp_path / "out", Options(quality=40), on_progress=stop_after(2))
    assert files_of(tmp_path / "out") == ["audio.wav", "poster.jpg", "proxy.mp4"]
    assert (tmp_path / "out" / "proxy.mp4").read_bytes() == before


def test_a_stopped_first_run_leaves_no_files_and_no_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = flash_and_tone(tmp_path / "source.mp4", seconds=20, size="640x360")
    slow = Options(preset="veryslow", copy_pictures=False)  # a copy may be done before it is stopped
    started: list[subprocess.Popen] = []

    class Watched(subprocess.Popen):
        def __init__(self, *args, **options) -> None:
            super().__init__(*args, **options)
            started.append(self)

    monkeypatch.setattr(proxy_module.subprocess, "Popen", Watched)
    with pytest.raises(Stopped):
        make_proxy(source, tmp_path / "out", slow, on_progress=stop_after(2))
    assert files_of(tmp_path / "out") == []
    assert [process.returncode for process in started] == [-signal.SIGKILL]


def test_what_a_killed_run_left_is_swept_but_not_what_another_writes(tmp_path: Path) -> None:
    source = write_video(tmp_path / "source.mp4", numbered(5))
    left, written = (tmp_path / "out" / f".unfinished-proxy-{name}" for name in ("left", "written"))
    for folder in (left, written):
        folder.mkdir(parents=True)
        (folder / "proxy.mp4").touch()
        os.utime(folder, (0, 0))
    os.utime(left / "proxy.mp4", (0, 0))
    make_proxy(source, tmp_path / "out")
    assert not left.exists()
    assert written.exists()


def test_a_failing_ffmpeg_is_told_in_one_line(tmp_path: Path) -> None:
    impossible = Options(preset="no-such-preset", copy_pictures=False)
    source = flash_and_tone(tmp_path / "source.mp4")
    with pytest.raises(AnalysisError) as caught:
        make_proxy(source, tmp_path / "out", impossible)
    assert caught.value.code == "transcode_failed"
    assert "\n" not in caught.value.message
    assert files_of(tmp_path / "out") == []


def test_a_file_whose_middle_cannot_be_decoded_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # ffmpeg decodes less than the packets promised: seen here by a promise that is too long.
    source = write_video(tmp_path / "source.mp4", numbered(25))
    true_facts = proxy_module.probe(source)
    promised = type(true_facts)(
        **{name: getattr(true_facts, name) for name in true_facts.__slots__ if name != "video_end_ms"},
        video_end_ms=60_000,
    )
    monkeypatch.setattr(proxy_module, "probe", lambda path: promised)
    with pytest.raises(AnalysisError) as caught:
        make_proxy(source, tmp_path / "out")
    assert caught.value.code == "damaged"
    assert files_of(tmp_path / "out") == []


def test_one_source_gives_the_same_proxy_twice(tmp_path: Path) -> None:
    source = flash_and_tone(tmp_path / "source.mp4")
    first, second = (make_proxy(source, tmp_path / name) for name in ("first", "second"))
    assert first.video_path.read_bytes() == second.video_path.read_bytes()


def test_a_name_that_looks_like_a_protocol_is_a_file(tmp_path: Path) -> None:
    source = flash_and_tone(tmp_path / "source.mp4").rename(tmp_path / "concat:part 1 – 50%.mp4")
    assert make_proxy(source, tmp_path / "out").duration_ms == 3000


@needs_shared
@pytest.mark.parametrize(
    ("name", "duration_ms", "rate", "size"),
    [
        ("variable_frame_rate.mp4", 10_010, Fraction(24000, 1001), (1280, 544)),
        ("no_audio_counter.mp4", 3_000, Fraction(10), (1280, 720)),
        ("no_duration.webm", 4_938, Fraction(15000, 1001), (1280, 720)),
        ("crowd_and_stage.mp4", 10_010, Fraction(30000, 1001), (640, 360)),
    ],
)
def test_odd_media_become_proxies(
    tmp_path: Path, name: str, duration_ms: int, rate: Fraction, size: tuple[int, int]
) -> None:
    proxy = make_proxy(SHARED / "data" / "odd_media" / name, tmp_path)
    assert (proxy.duration_ms, proxy.frame_rate, (proxy.width, proxy.height)) == (duration_ms, rate, size)
    times = [frame.time_ms for frame in iter_frames(proxy.video_path, size=(32, 18))]
    assert times == [round(number * 1000 / rate) for number in range(proxy.frame_count)]
