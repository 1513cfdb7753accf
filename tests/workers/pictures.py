"""Pictures for tests that need shots, and no more than that."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.sample_videos import Picture, ffmpeg, write_video


def video_to_encode(folder: Path) -> Path:
    """Write the scenes as a video whose pictures no proxy may copy."""
    source = write_video(folder / "scenes.mp4", dissolve_free_scenes())
    ffmpeg("-i", source, "-c:v", "mpeg4", "-q:v", "3", folder / "scenes.avi")
    return folder / "scenes.avi"


def dissolve_free_scenes(*, noise: bool = False) -> list[Picture]:
    """Return three scenes of 20, 30 and 25 frames: slowly moving gradients of other colours, joined by hard cuts."""
    random = np.random.default_rng(3)
    x, y = np.meshgrid(np.arange(320), np.arange(192))
    pictures = []
    for scene, (length, colour) in enumerate(((20, (1.0, 0.3, 0.2)), (30, (0.2, 0.5, 1.0)), (25, (0.3, 1.0, 0.4)))):
        for frame in range(length):
            wave = 128 + 100 * np.sin((x * (scene + 1) + y + frame) / 40)
            picture = np.clip(wave[..., None] * np.array(colour), 0, 255)
            if noise:
                picture = np.clip(picture + random.normal(0, 3, picture.shape), 0, 255)
            pictures.append(picture.astype(np.uint8))
    return pictures
