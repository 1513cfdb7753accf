"""A source that plays everywhere is copied; whatever breaks a rule of the proxy is encoded."""

from __future__ import annotations

import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.sample_videos import FLASH_AND_TONE_S, ffmpeg, flash_and_tone, numbered, write_video
from workers.analysers.facts import Proxy
from workers.analysers.frames import Damage, decoded, iter_frames, open_video
from workers.analysers.probe import probe
from workers.analysers.proxy import Options, make_proxy
from workers.analysers.remux import why_encoded


def pictures_of(video: Path) -> list[bytes]:
    """The coded pictures, without what the container adds around them."""
    with av.open(str(video)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def tone_in_player_ms(proxy: Proxy) -> float:
    """When the tone starts in the proxy's own sound track, as a player hears it."""
    with av.open(str(proxy.video_path)) as container:
        for frame in container.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()[0]) > 0.15)
            if len(loud):
                return float(frame.time or 0) * 1000 + loud[0] / frame.sample_rate * 1000
    raise AssertionError("no tone")


def test_pictures_and_sound_are_copied_and_keep_their_times(tmp_path: Path) -> None:
    source = flash_and_tone(tmp_path / "source.mp4")
    proxy = make_proxy(source, tmp_path / "out")
    assert pictures_of(proxy.video_path) == pictures_of(source)
    frames = list(iter_frames(proxy.video_path))
    assert [frame.time_ms for frame in frames] == list(range(0, 3000, 40))
    start_ms = FLASH_AND_TONE_S[0] * 1000
    assert next(frame.time_ms for frame in frames if frame.pixels.mean() > 128) == start_ms
    assert tone_in_player_ms(proxy) == pytest.approx(start_ms, abs=5)
    assert (proxy.duration_ms, proxy.frame_count, proxy.frame_rate) == (3000, 75, Fraction(25))


def test_a_picture_less_than_a_frame_late_becomes_time_0_and_its_sound_goes_with_it(tmp_path: Path) -> None:
    even = flash_and_tone(tmp_path / "even.mp4")
    late = tmp_path / "late.mkv"
    ffmpeg("-itsoffset", "0.021", "-i", even, "-i", even, "-map", "0:v", "-map", "1:a", "-c", "copy", late)
    assert 0 < probe(late).video_start_ms < 40
    proxy = make_proxy(late, tmp_path / "out")
    assert proxy.copied
    frames = list(iter_frames(proxy.video_path))
    flash_ms = next(frame.time_ms for frame in frames if frame.pixels.mean() > 128)
    assert (frames[0].time_ms, flash_ms) == (0, 1000)
    sound = FLASH_AND_TONE_S[0] * 1000 - 21
    assert tone_in_player_ms(proxy) == pytest.approx(sound, abs=5)
    assert proxy.audio_path is not None
    with wave.open(str(proxy.audio_path)) as wav:
        heard = np.frombuffer(wav.readframes(wav.getnframes()), dtype=np.int16)
    assert np.argmax(np.abs(heard.astype(int)) > 4000) / 16 == pytest.approx(sound, abs=5)


def test_sound_in_another_codec_is_encoded_beside_copied_pictures(tmp_path: Path) -> None:
    source = tmp_path / "source.mkv"
    ffmpeg("-i", flash_and_tone(tmp_path / "aac.mp4"), "-c:v", "copy", "-c:a", "flac", source)
    proxy = make_proxy(source, tmp_path / "out")
    with av.open(str(proxy.video_path)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
    assert len(pictures_of(proxy.video_path)) == 75
    assert tone_in_player_ms(proxy) == pytest.approx(FLASH_AND_TONE_S[0] * 1000, abs=5)


def test_pictures_are_encoded_when_asked(tmp_path: Path) -> None:
    source = flash_and_tone(tmp_path / "source.mp4")
    proxy = make_proxy(source, tmp_path / "out", Options(copy_pictures=False))
    assert pictures_of(proxy.video_path) != pictures_of(source)
    assert proxy.duration_ms == 3000


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"codec": "hevc"}, "codec hevc"),
        ({"pixel_format": "yuv420p10le"}, "pixel format yuv420p10le"),
        ({"interlaced": True}, "interlaced"),
        ({"rotation_degrees": 90}, "rotated"),
        ({"square_pixels": False}, "pixels are not square"),
        ({"width": 1920, "height": 1080}, "larger than 1280 x 720"),
        ({"width": 641}, "odd size"),
        ({"constant_rate": False}, "variable frame rate"),
        ({"video_start_ms": 844}, "the picture starts late"),
        ({"audio_end_ms": 4000}, "sound and picture differ in length"),
        ({"audio_end_ms": 2000}, "sound and picture differ in length"),
        ({"key_gap_ms": 60_000}, "key frames are far apart"),
        ({"video_bit_rate": 30_000_000}, "bit rate"),
        ({}, ""),
    ],
)
def test_a_broken_rule_is_named(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    facts = probe(flash_and_tone(tmp_path / "source.mp4"))
    assert why_encoded(replace(facts, **change), 1280, 720) == reason  # type: ignore[arg-type]


def test_the_longest_time_without_a_key_frame_is_measured(tmp_path: Path) -> None:
    source = flash_and_tone(tmp_path / "source.mp4", "-g", "20", "-sc_threshold", "0")
    assert probe(source).key_gap_ms == 800
    assert probe(write_video(tmp_path / "one.mp4", numbered(50))).key_gap_ms == 2000


def test_damage_is_counted_and_what_is_left_is_shown(tmp_path: Path) -> None:
    noise = np.random.default_rng(1)
    pictures = [noise.integers(0, 255, (96, 160, 3), dtype=np.uint8) for _ in range(50)]
    good = write_video(tmp_path / "good.mp4", pictures)
    content = bytearray(good.read_bytes())
    middle = content.index(b"mdat") + 200_000
    content[middle : middle + 30_000] = bytes(30_000)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(content)

    def seen(path: Path) -> tuple[int, Damage]:
        damage = Damage()
        with open_video(path) as (container, stream):
            return len(list(decoded(container, stream, path, damage))), damage

    assert seen(good) == (50, Damage(0, 0))
    shown, damage = seen(broken)
    assert damage
    assert 40 <= shown <= 50
