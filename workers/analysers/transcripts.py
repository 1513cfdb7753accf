"""Transcripts: one spoken line a row, `Speaker: line`, with stage directions in brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workers.analysers.errors import AnalysisError
from workers.analysers.text_files import read_text

NAME: Final = "transcripts"
VERSION: Final = "1"

_DIRECTION: Final = re.compile(
    r"\[[^\[\]]{0,1000}\]|\([^()]{0,1000}\)|（[^（）]{0,1000}）|【[^【】]{0,1000}】|\{[^{}]{0,1000}\}"
)
_SPEAKER: Final = re.compile(r"\s*([^:：]{1,40}?)\s*[:：]\s*(.*)", re.DOTALL)
#: Small words inside names: "Joey and Chandler", "Woman with the dog", "Vincent van Gogh".
_SMALL_WORDS: Final = frozenset(
    ("a", "an", "and", "at", "by", "de", "der", "from", "in", "la", "of", "on", "or", "the", "to", "van", "von", "with")
)
_MAX_NAME_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line of the transcript; `speaker` is "" where the transcript does not say."""

    speaker: str
    text: str


def read_transcript(path: Path) -> tuple[TranscriptLine, ...]:
    """Return the spoken lines in order. Raises AnalysisError `transcript_empty` and those of `read_text`."""
    lines = parse_transcript(read_text(path))
    if not lines:
        raise AnalysisError(
            "transcript_empty", f"{path.name} has no spoken line. A transcript has rows of the form `Speaker: line`."
        )
    return lines


def parse_transcript(text: str) -> tuple[TranscriptLine, ...]:
    """Split a transcript's text into spoken lines.

    Stage directions in any brackets are dropped, also over several rows. A row without speaker continues the row above
    it if that had one and no blank row stands between; otherwise its speaker is unknown. A row that holds nothing but a
    stage direction is no blank row: the speech goes on after it.
    """
    lines: list[TranscriptLine] = []
    continues = False
    marked = without_directions(text, mark="\0")
    for row in marked.split("\n"):
        if not row.strip():
            continues = False
            continue
        words = " ".join(row.replace("\0", " ").split())
        if not any(c.isalnum() for c in words):
            continue
        speaker, spoken = split_speaker(words)
        if speaker:
            if any(c.isalnum() for c in spoken):
                lines.append(TranscriptLine(speaker, spoken))
                continues = True
        elif continues:
            lines[-1] = TranscriptLine(lines[-1].speaker, f"{lines[-1].text} {words}")
        else:
            lines.append(TranscriptLine("", words))
    return tuple(lines)


def split_speaker(line: str) -> tuple[str, str]:
    """Return (speaker, text) of `Speaker: text`, or ("", line) where what stands before the colon is not a name.

    A name has at most five words, starts with a letter, holds no sentence mark, and its words are capitalised (small
    words apart) or of a script without capitals.
    """
    found = _SPEAKER.fullmatch(line)
    if found is None:
        return "", line
    name, text = found.groups()
    words = name.split()
    if not words or len(words) > _MAX_NAME_WORDS or not name[0].isalpha() or re.search(r"[?!;,，。？！…\"“”]", name):
        return "", line
    if any(c.islower() for word in words for c in word[:1] if word not in _SMALL_WORDS):
        return "", line
    return " ".join(words), text


def without_directions(text: str, mark: str = " ") -> str:
    """Return `text` with every bracketed stage direction replaced by `mark`, brackets within brackets included."""
    marked, count = _DIRECTION.subn(mark, text)
    while count:  # innermost first: a direction may hold another, or a colon that would look like a speaker
        marked, count = _DIRECTION.subn(mark, marked)
    return marked
