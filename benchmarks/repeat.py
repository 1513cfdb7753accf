"""Repeat a short clip, with its subtitles and transcript, to the length of an episode."""

from __future__ import annotations

import math
import subprocess
from pathlib import Path

from workers.analysers.ffmpeg_binary import ffmpeg_path
from workers.analysers.frames import video_length
from workers.analysers.subtitle_files import read_subtitles


def repeat_media(
    video: Path, texts: tuple[Path | None, Path | None], seconds: float, folder: Path, *, hevc: bool
) -> tuple[Path, Path | None, Path | None]:
    """Write the video and its texts (subtitles, transcript), repeated, into a folder.

    Pictures are copied, or encoded as HEVC, which no proxy may copy.
    """
    subtitles, transcript = texts
    clip_ms = video_length(video)[0]
    times = max(1, math.ceil(seconds * 1000 / clip_ms))
    out = folder / f"episode{'.mkv' if hevc else '.mp4'}"
    playlist = folder / "playlist.txt"
    playlist.write_text(f"file '{video.resolve()}'\n" * times)
    coding = ["-c:v", "libx265", "-preset", "ultrafast", "-crf", "24", "-c:a", "copy"] if hevc else ["-c", "copy"]
    command = [ffmpeg_path(), "-v", "error", "-f", "concat", "-safe", "0", "-i", str(playlist)]
    subprocess.run([*command, *coding, str(out)], check=True)
    return out, _subtitles(subtitles, times, clip_ms, folder), _transcript(transcript, times, folder)


def _subtitles(subtitles: Path | None, times: int, clip_ms: int, folder: Path) -> Path | None:
    if subtitles is None:
        return None
    blocks: list[str] = []
    for turn in range(times):
        for line in read_subtitles(subtitles):
            start, end = (_clock(at + turn * clip_ms) for at in (line.start_ms, line.end_ms))
            blocks.append(f"{len(blocks) + 1}\n{start} --> {end}\n{line.text}\n")
    out = folder / "episode.srt"
    out.write_text("\n".join(blocks), encoding="utf-8")
    return out


def _clock(time_ms: int) -> str:
    seconds, ms = divmod(time_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{ms:03}"


def _transcript(transcript: Path | None, times: int, folder: Path) -> Path | None:
    if transcript is None:
        return None
    out = folder / "transcript.txt"
    out.write_text((transcript.read_text(encoding="utf-8").rstrip() + "\n") * times, encoding="utf-8")
    return out
