"""Subtitle files: SubRip, WebVTT and (Advanced) SubStation Alpha, told apart by their content, not by their name."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Final

import pysubs2

from workers.analysers.errors import AnalysisError
from workers.analysers.facts import SubtitleLine
from workers.analysers.text_files import read_text

NAME: Final = "subtitle_files"
VERSION: Final = "1"

_FORMATS: Final = ("srt", "vtt", "ass", "ssa")
#: An episode is shorter than a day; a later cue is a broken clock, not a cue.
_LATEST_MS: Final = 24 * 3600 * 1000
#: A shifted file can start below zero; the parser would overlook the sign.
_NEGATIVE_TIME: Final = re.compile(r"(^[ \t]*|-->[ \t]*)-\d+:[\d:]+[.,]\d+", re.MULTILINE)
_ADVICE: Final = "Give SubRip (.srt), WebVTT (.vtt) or SubStation Alpha (.ass, .ssa)."


def read_subtitles(path: Path) -> tuple[SubtitleLine, ...]:
    """Return the lines of a subtitle file by their start (then end), `source="file"`, confidence 1.

    Rows of a cue are separated by line breaks; tags, comments and drawings are gone. Overlapping cues keep their times.
    A time below zero is zero. A cue without text, and a cue that does not end after its start, is dropped: neither was
    ever on screen.
    Raises AnalysisError `not_subtitles` (no such format), `subtitles_empty` (no cue is left) and those of `read_text`.
    """
    text = _NEGATIVE_TIME.sub(r"\g<1>00:00:00.000", read_text(path))
    try:
        kind = pysubs2.formats.autodetect_format(text)
        if kind not in _FORMATS:
            raise AnalysisError("not_subtitles", f"{path.name} is a {kind} file. {_ADVICE}")
        cues = pysubs2.SSAFile.from_string(text, format_=kind)
    except (pysubs2.Pysubs2Error, ValueError, IndexError, KeyError) as error:
        raise AnalysisError("not_subtitles", f"{path.name} is not a subtitle file. {_ADVICE}") from error
    spoken = [
        (cue.start, cue.end, words)
        for cue in cues
        if not cue.is_comment and not cue.is_drawing and (words := _plain(cue.plaintext))
    ]
    shown = sorted((cue for cue in spoken if cue[0] < cue[1] <= _LATEST_MS), key=lambda cue: cue[:2])
    if not shown:
        raise AnalysisError(
            "subtitles_empty",
            f"{path.name} has no cue with text that ends after its start ({len(cues)} cues read). "
            "Check that the right file was given.",
        )
    return tuple(
        SubtitleLine(index=i, start_ms=start, end_ms=end, text=words, confidence=1.0, source="file")
        for i, (start, end, words) in enumerate(shown)
    )


def _plain(text: str) -> str:
    rows = (" ".join(html.unescape(row).split()) for row in text.splitlines())
    return "\n".join(row for row in rows if row)
