"""What a source is, and which sources are refused, in which words."""

from __future__ import annotations

from array import array
from fractions import Fraction
from pathlib import Path

import pytest

from tests.sample_videos import ffmpeg, flash_and_tone, numbered, write_video
from tests.shared_data import SHARED, needs_shared
from workers.analysers.errors import AnalysisError
from workers.analysers.packet_times import PacketTimes, frame_rate_of, is_constant
from workers.analysers.probe import probe


def refusal(path: Path) -> str:
    with pytest.raises(AnalysisError) as caught:
        probe(path)
    assert path.name in caught.value.message, "the message names the file"
    return caught.value.code


def test_a_plain_video_is_described(tmp_path: Path) -> None:
    facts = probe(flash_and_tone(tmp_path / "plain.mp4"))
    assert (facts.width, facts.height, facts.codec, facts.pixel_format) == (160, 96, "h264", "yuv420p")
    assert (facts.frame_rate, facts.constant_rate) == (Fraction(25), True)
    assert facts.video_end_ms == 3000
    assert abs(facts.duration_ms - 3000) <= 30  # AAC ends on a frame of 21 ms
    assert [stream.codec for stream in facts.audio] == ["aac"]


def test_a_video_without_sound_has_no_audio_streams(tmp_path: Path) -> None:
    facts = probe(write_video(tmp_path / "silent.mp4", numbered(10)))
    assert facts.audio == ()
    assert facts.audio_end_ms == 0


def test_a_rotated_phone_video_is_described_upright(tmp_path: Path) -> None:
    flat = write_video(tmp_path / "flat.mp4", numbered(5))
    ffmpeg("-display_rotation", "90", "-i", flat, "-c", "copy", tmp_path / "turned.mp4")
    facts = probe(tmp_path / "turned.mp4")
    assert (facts.width, facts.height) == (96, 160)
    assert facts.rotation_degrees in (90, 270)


def test_oblong_pixels_are_described_square(tmp_path: Path) -> None:
    flat = write_video(tmp_path / "flat.mp4", numbered(5))
    ffmpeg("-i", flat, "-vf", "setsar=4/3", "-c:v", "libx264", tmp_path / "anamorphic.mp4")
    assert probe(tmp_path / "anamorphic.mp4").width == 213  # 160 * 4/3


def test_a_variable_rate_takes_the_rate_of_its_short_intervals(tmp_path: Path) -> None:
    times = [number * 40 for number in range(40) if number % 3 != 2]  # 25 a second, every third picture left out
    facts = probe(write_video(tmp_path / "variable.mp4", numbered(len(times)), times_ms=times))
    assert not facts.constant_rate
    assert facts.frame_rate == 25


@pytest.mark.parametrize(
    ("rate", "expected"),
    [(23.976, Fraction(24000, 1001)), (24.0, Fraction(24)), (29.97, Fraction(30000, 1001)), (12.8, Fraction(64, 5))],
)
def test_a_measured_rate_close_to_a_standard_one_is_that_one(rate: float, expected: Fraction) -> None:
    times = [round(number * 1000 / rate) for number in range(3000)]  # the whole milliseconds of Matroska
    pictures = PacketTimes(times_ms=array("d", times))
    assert is_constant(pictures)
    assert abs(frame_rate_of(pictures) - expected) < Fraction(1, 5000)
    if expected.denominator == 1001 or expected.denominator == 1:
        assert frame_rate_of(pictures) == expected


def test_more_than_sixty_frames_a_second_are_halved() -> None:
    assert frame_rate_of(PacketTimes(times_ms=array("d", [number * 1000 / 120 for number in range(240)]))) == 60


def test_a_missing_duration_is_measured(tmp_path: Path) -> None:
    source = write_video(tmp_path / "source.mp4", numbered(50))
    # A pipe cannot be sought: the writer cannot come back to note the duration.
    ffmpeg("-i", source, "-c", "copy", "-f", "matroska", "-live", "1", tmp_path / "live.mkv")
    assert probe(tmp_path / "live.mkv").duration_ms == pytest.approx(2000, abs=2)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.mp4") == "file_missing"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "not_a_file"


def test_zero_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    assert refusal(tmp_path / "empty.mp4") == "file_empty"


def test_a_text_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("Scene 1. A room.\n" * 100)
    assert refusal(tmp_path / "notes.mp4") == "not_a_video"


@pytest.mark.parametrize("name", ["still.png", "still.jpg", "moving.gif"])
def test_an_image_is_refused(tmp_path: Path, name: str) -> None:
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x64:d=1", "-frames:v", "1", "-update", "1", tmp_path / name)
    assert refusal(tmp_path / name) == "not_a_video"


@pytest.mark.parametrize("name", ["song.mp3", "song.m4a", "song.wav"])
def test_sound_alone_is_refused(tmp_path: Path, name: str) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", tmp_path / name)
    assert refusal(tmp_path / name) == "no_video_stream"


def test_a_song_with_a_cover_picture_is_refused(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x64:d=1", "-frames:v", "1", tmp_path / "cover.png")
    inputs = ("-f", "lavfi", "-i", "sine=d=1", "-i", tmp_path / "cover.png")
    ffmpeg(*inputs, "-c:v", "png", "-disposition:v:0", "attached_pic", tmp_path / "song.mp3")
    assert refusal(tmp_path / "song.mp3") == "no_video_stream"


def test_a_playlist_may_not_open_other_files(tmp_path: Path) -> None:
    write_video(tmp_path / "private.mp4", numbered(5))
    (tmp_path / "trick.mp4").write_text("ffconcat version 1.0\nfile private.mp4\n")
    assert refusal(tmp_path / "trick.mp4") == "not_a_video"


def test_an_mp4_without_its_index_is_called_truncated(tmp_path: Path) -> None:
    whole = flash_and_tone(tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path / "cut.mp4") == "truncated"


@pytest.mark.parametrize(("name", "options"), [("cut.mp4", ("-movflags", "+faststart")), ("cut.mkv", ())])
def test_a_file_that_holds_less_than_it_declares_is_called_truncated(
    tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=160x96:d=8", "-f", "lavfi", "-i", "sine=d=8", "-c:v", "libx264"),
        *("-preset", "ultrafast", *options, tmp_path / name),
    )
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path / name) == "truncated"


def test_pictures_that_cannot_be_decoded_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "noise.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=160x96:d=1", "-c:v", "libx264", "-movflags", "+faststart", path)
    whole = bytearray(path.read_bytes())
    start = whole.index(b"mdat") + 4
    whole[start:] = b"\xff" * (len(whole) - start)
    path.write_bytes(bytes(whole))
    assert refusal(path) == "no_frames"


def test_more_than_twelve_hours_are_refused(tmp_path: Path) -> None:
    times = [0, 6 * 3600 * 1000, 13 * 3600 * 1000]
    assert refusal(write_video(tmp_path / "endless.mp4", numbered(3), times_ms=times)) == "too_long"


@needs_shared
def test_the_webm_without_a_duration_gets_a_measured_one() -> None:
    facts = probe(SHARED / "data" / "odd_media" / "no_duration.webm")
    assert facts.duration_ms == pytest.approx(4938, abs=70)
    assert facts.frame_rate == Fraction(15000, 1001)
