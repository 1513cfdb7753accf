"""Why an annotator discards a clip (rule 4). Own words can go with each of them, and must with `other`."""

from __future__ import annotations

from typing import Final

DISCARDS: Final = (
    "no_interaction",
    "not_two_people",
    "hidden_faces",
    "several_scenes",
    "cut_off",
    "bad_picture_or_sound",
    "not_understood",
    "other",
)
