"""Transcripts: speakers, stage directions, rows that go on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from workers.analysers.errors import AnalysisError
from workers.analysers.transcripts import TranscriptLine, parse_transcript, read_transcript, split_speaker


def parsed(text: str) -> list[tuple[str, str]]:
    return [(line.speaker, line.text) for line in parse_transcript(text)]


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("Nora: Open it!", "Nora"),
        ("DR. GREEN: Open it!", "DR. GREEN"),
        ("Joey and Chandler: Open it!", "Joey and Chandler"),
        ("林楠：打开吧！", "林楠"),
        ("Woman 2: Open it!", "Woman 2"),
        ("O’Neill: Open it!", "O’Neill"),
        ("He said to me once: open it!", ""),
        ("Wait, one thing: open it!", ""),
        ("10:30 is too late.", ""),
        ("Open it!", ""),
    ],
)
def test_a_name_before_the_colon_is_the_speaker(line: str, speaker: str) -> None:
    assert split_speaker(line)[0] == speaker


def test_stage_directions_are_dropped_wherever_they_stand() -> None:
    text = "[Scene: the kitchen]\nNora: (to June) Open [she sighs] it!\n(Later:\nthe next day)\nJune: No.\n（下一幕）\n"
    assert parsed(text) == [("Nora", "Open it!"), ("June", "No.")]


def test_a_direction_inside_a_direction_is_dropped_with_it() -> None:
    assert parsed("Nora: Yes [he (the dog) barks] indeed.") == [("Nora", "Yes indeed.")]


def test_a_row_without_speaker_continues_the_row_above() -> None:
    assert parsed("Nora: I can not\nwait any longer.\n") == [("Nora", "I can not wait any longer.")]


def test_a_direction_between_two_rows_does_not_end_the_speech() -> None:
    assert parsed("Nora: I can not\n[pause]\nwait.\n") == [("Nora", "I can not wait.")]


def test_a_row_after_a_blank_row_has_no_known_speaker() -> None:
    assert parsed("Nora: Yes.\n\nWho said that?\n") == [("Nora", "Yes."), ("", "Who said that?")]


def test_a_transcript_without_any_speaker_is_a_line_a_row() -> None:
    assert parsed("Yes.\nNo.\n") == [("", "Yes."), ("", "No.")]


def test_a_speaker_who_only_acts_says_nothing() -> None:
    assert parsed("Nora: (nods)\nJune: Good.\n") == [("June", "Good.")]


def test_any_usual_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "transcript.txt"
    path.write_bytes("林楠：我真高兴，没有问题。\n".encode("gb18030"))
    assert read_transcript(path) == (TranscriptLine("林楠", "我真高兴，没有问题。"),)


def test_a_transcript_without_a_spoken_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "transcript.txt"
    path.write_text("[Scene: nobody]\n")
    with pytest.raises(AnalysisError) as refused:
        read_transcript(path)
    assert refused.value.code == "transcript_empty"


def test_reading_text_needs_no_torch() -> None:
    """The web process checks uploads with these modules; torch would cost it seconds and a gigabyte."""
    program = (
        "import sys, workers.analysers.transcripts, workers.analysers.subtitle_files;"
        "sys.exit(any(name in sys.modules for name in ('torch', 'cv2', 'av', 'django')))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[3]).returncode == 0
