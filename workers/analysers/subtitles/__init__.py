"""Burned-in subtitles: read them from the picture, with start and end to the frame (ERATO protocol, rule 3).

Letters are bright thin strokes that come in one frame, stand still, and go in one frame (`strokes`). What came and went
so is cut into rows (`rows`) and read, in a thread beside, where it looks like letters (`reading`); where text lives in
this episode is learned on the way (`bands`). At the end subtitles are told from signs, logos and clocks (`lines`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from workers.analysers.facts import Progress, SubtitleLine, no_progress
from workers.analysers.frames import video_length
from workers.analysers.subtitles.options import Options
from workers.analysers.subtitles.tap import TextTap, prepare_text
from workers.analysers.sweep import sweep

__all__ = ["NAME", "VERSION", "Options", "TextTap", "prepare_text", "read_burned_subtitles"]

NAME: Final = "subtitles"
VERSION: Final = "8"


def read_burned_subtitles(
    video: Path, options: Options | None = None, on_progress: Progress = no_progress
) -> tuple[SubtitleLine, ...]:
    """Return the subtitle lines of a video in order, `source="ocr"`; an empty tuple where none is burned in.

    Rows of a line are separated by line breaks. Raises AnalysisError `video_unreadable`, `options_invalid`, and those
    of `choose_reader`.
    """
    tap = TextTap(options)
    sweep(video, duration_ms=video_length(video)[0], watchers=[tap], on_progress=on_progress)
    found = tap.finish()
    on_progress(1.0, "reading subtitles")
    return found
