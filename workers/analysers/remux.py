"""When a source may become the proxy as it is, its pictures copied instead of encoded: some 200 times cheaper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ffmpeg

from workers.analysers.ffmpeg_binary import ffmpeg_path
from workers.analysers.probe import FORMATS, AudioStream, SourceFacts

#: A player decodes from the last key frame on: more than this and a jump is felt. x264 writes at most 250 frames.
LONGEST_KEY_GAP_MS = 11_000
#: Of sources that are copied; an annotator may sit behind a slow line.
HIGHEST_BIT_RATE = 8_000_000
#: Sound may end this much before or after the picture; what differs more is made of one length, by encoding.
_END_TOLERANCE_MS = 250
#: AAC begins with some 20 to 50 ms of run-in, which an edit list hides: that is no gap.
_AUDIO_START_MS = 50


def why_encoded(facts: SourceFacts, long_side: int, short_side: int) -> str:
    """Return why a source's pictures cannot be copied into the proxy, "" if they can.

    They can where browsers play them and every rule of the proxy holds already: H.264, 8-bit 4:2:0, progressive,
    upright square pixels, no larger than the proxy, a constant rate, from the first sound to the last. A picture that
    starts less than a frame late (beside the run-in of AAC) becomes time 0.
    """
    larger = max(facts.width, facts.height) > long_side or min(facts.width, facts.height) > short_side
    sound_ms = facts.audio_end_ms - facts.video_end_ms if facts.audio else 0
    reasons = {
        f"codec {facts.codec}": facts.codec != "h264",
        f"pixel format {facts.pixel_format}": facts.pixel_format != "yuv420p",
        "interlaced": facts.interlaced,
        "rotated": facts.rotation_degrees != 0,
        "pixels are not square": not facts.square_pixels,
        f"larger than {long_side} x {short_side}": larger,
        "odd size": bool(facts.width % 2 or facts.height % 2),
        "variable frame rate": not facts.constant_rate,
        "the picture starts late": not 0 <= facts.video_start_ms <= 1000 / facts.frame_rate,
        "sound and picture differ in length": abs(sound_ms) > _END_TOLERANCE_MS,
        "key frames are far apart": facts.key_gap_ms > LONGEST_KEY_GAP_MS,
        "bit rate": facts.video_bit_rate > HIGHEST_BIT_RATE,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def copies_sound(audio: AudioStream, facts: SourceFacts) -> bool:
    """Whether the sound can be copied too; else it alone is encoded."""
    return audio.codec == "aac" and audio.channels <= 2 and abs(facts.audio_start_ms) <= _AUDIO_START_MS


def copy_command(
    source: Path, video: Path, wav: Path, facts: SourceFacts, *, aac: dict[str, Any], wav_format: dict[str, Any]
) -> list[str]:
    """Return the ffmpeg command that copies the pictures to `video` and writes the sound for analysis to `wav`."""
    late_s = facts.video_start_ms / 1000
    media = ffmpeg.input(f"file:{source}", format_whitelist=FORMATS)
    pictures = media[str(facts.video_index)]
    mp4: dict[str, Any] = {
        "c:v": "copy",
        "movflags": "+faststart",
        "format": "mp4",
        "map_metadata": -1,
        "map_chapters": -1,
        "fflags": "+bitexact",
        # sound before the first picture gets a negative time, which the MP4's edit list hides
        "output_ts_offset": f"{-late_s:.6f}",
    }
    if not facts.audio:
        outputs = ffmpeg.output(pictures, f"file:{video}", **mp4)
    else:
        heard = media[str(facts.audio[0].index)]
        sound = (
            heard.filter("aresample", wav_format["ar"], **{"async": 1}, first_pts=0)
            .filter("atrim", start=f"{late_s:.6f}")
            .filter("asetpts", "PTS-STARTPTS")
            .filter("apad")
            .filter("atrim", end=f"{facts.video_end_ms / 1000 - late_s:.3f}")
        )
        if copies_sound(facts.audio[0], facts):
            shown = ffmpeg.output(pictures, heard, f"file:{video}", **mp4, **{"c:a": "copy"})
        else:
            whole = heard.filter("aresample", aac.pop("ar"), **{"async": 1}, first_pts=0)
            shown = ffmpeg.output(pictures, whole, f"file:{video}", **mp4, **aac)
        outputs = ffmpeg.merge_outputs(shown, ffmpeg.output(sound, f"file:{wav}", **wav_format))
    outputs = outputs.global_args("-hide_banner", "-nostdin", "-loglevel", "error", "-nostats", "-progress", "pipe:1")
    command: list[str] = ffmpeg.compile(outputs, cmd=ffmpeg_path(), overwrite_output=True)
    return command
