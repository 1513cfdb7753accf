"""Small generated videos for tests that need any video, not a certain one."""

from __future__ import annotations

import subprocess
from pathlib import Path

from workers.analysers.ffmpeg_binary import ffmpeg_path


def make_video(
    path: Path, *, seconds: float = 2.0, size: str = "160x120", seed: int = 0, codec: str = "libx264"
) -> Path:
    """Write a moving test picture with a tone; another seed is another content.

    What is encoded by `mpeg4` cannot be copied into a proxy.
    """
    picture = f"testsrc2=size={size}:rate=25:duration={seconds}"
    tone = f"sine=frequency={300 + seed}:sample_rate=16000:duration={seconds}"
    command = [ffmpeg_path(), "-y", "-loglevel", "error", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone]
    command += ["-threads", "1", "-c:v", codec, "-pix_fmt", "yuv420p", "-c:a", "aac"]
    command += ["-preset", "ultrafast"] if codec == "libx264" else ["-q:v", "6"]
    subprocess.run([*command, str(path)], check=True, capture_output=True)
    return path
