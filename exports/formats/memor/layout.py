"""Names and constants of the official MEmoR layout, as its loader reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: The loader's frame rate, whatever the video's own: frame k of a clip is k / 23.976 s after the clip's start.
FRAME_RATE: Final = 23.976

#: A visual cell counts as present with more than this many face rows; so does a clip.
FACES_NEEDED: Final = 10

#: `speakers` of a segment in which nobody speaks: never equal to a character's index.
NOBODY: Final = -1

OTHERS: Final = "others"

#: The cast and the classes of the published dataset, for a folder without a config of ours.
PUBLISHED_SPEAKERS: Final = ("sheldon", "leonard", "howard", "rajesh", "penny", "bernadette", "amy", OTHERS)

#: Order inside a visual vector: what the loader concatenates.
VISUAL_ORDER: Final = ("face", "objects", "environment")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand; `data` is the folder the official config calls `data/`."""

    data: Path

    @property
    def anno(self) -> Path:
        return self.data / "anno.json"

    @property
    def clips(self) -> Path:
        return self.data / "data.json"

    @property
    def train_ids(self) -> Path:
        return self.data / "train_id.txt"

    @property
    def test_ids(self) -> Path:
        return self.data / "test_id.txt"

    @property
    def audio(self) -> Path:
        return self.data / "features" / "audio_features.json"

    @property
    def text(self) -> Path:
        return self.data / "features" / "text_features.json"

    @property
    def characters(self) -> Path:
        return self.data / "features" / "character_features.csv"

    @property
    def visual(self) -> Path:
        return self.data / "features" / "visual_features"

    def face_names(self, clip: str) -> Path:
        return self.visual / "face_names" / f"{clip}.txt"

    def faces(self, clip: str) -> Path:
        return self.visual / "face_features" / f"{clip}.pt"

    def objects(self, clip: str) -> Path:
        return self.visual / "object_features" / f"{clip}.pt"

    def environment(self, clip: str) -> Path:
        return self.visual / "environment_features" / f"{clip}.pt"


def frame_index(time_s: float, clip_start_s: float) -> int:
    """Return the frame of a time, by the loader's own expression (it cuts, it does not round)."""
    return int((time_s - clip_start_s) * FRAME_RATE)


def frame_count(clip_start_s: float, clip_end_s: float) -> int:
    """Return how many frames a clip has on the loader's grid; at least one."""
    return max(1, frame_index(clip_end_s, clip_start_s))
