"""Pictures for tests that need shots, and no more than that."""

from __future__ import annotations

import numpy as np

from tests.sample_videos import Picture


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
