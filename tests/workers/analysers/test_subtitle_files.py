"""Subtitle files: formats, tags, order, and files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shared_data import SHARED, needs_shared
from workers.analysers.errors import AnalysisError
from workers.analysers.subtitle_files import read_subtitles

SRT = "1\n00:00:01,000 --> 00:00:02,500\n<i>Did it</i> arrive?\n\n2\n00:00:03,000 --> 00:00:04,000\n- Yes.\n- When?\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.500\n<v Nora>Did it</v> arrive?\n\n00:03.000 --> 00:04.000\n- Yes.\n- When?\n"
ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,a note
Dialogue: 0,0:00:01.00,0:00:02.50,Default,Nora,0,0,0,,{\\i1}Did it{\\i0} arrive?
Dialogue: 0,0:00:03.00,0:00:04.00,Default,June,0,0,0,,- Yes.\\N- When?
Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}
"""


def read(tmp_path: Path, content: str | bytes) -> list[tuple[int, int, str]]:
    path = tmp_path / "episode.srt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [(line.start_ms, line.end_ms, line.text) for line in read_subtitles(path)]


def cue(start: str, end: str, text: str) -> str:
    return f"1\n{start} --> {end}\n{text}\n\n"


@pytest.mark.parametrize("content", [SRT, VTT, ASS], ids=["srt", "vtt", "ass"])
def test_every_format_gives_the_same_lines(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == [(1000, 2500, "Did it arrive?"), (3000, 4000, "- Yes.\n- When?")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_chinese_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    content = cue("00:00:01,000", "00:00:02,000", "真的吗？！").encode(encoding)
    assert read(tmp_path, content) == [(1000, 2000, "真的吗？！")]


def test_latin_1_accents_are_read(tmp_path: Path) -> None:
    assert (
        read(tmp_path, cue("00:00:01,000", "00:00:02,000", "Où est-il allé ?").encode("latin-1"))[0][2]
        == "Où est-il allé ?"
    )


def test_unordered_cues_are_sorted_and_numbered_again(tmp_path: Path) -> None:
    late, early = cue("00:00:05,000", "00:00:06,000", "late"), cue("00:00:01,000", "00:00:02,000", "early")
    path = tmp_path / "a.srt"
    path.write_text(late + early)
    assert [(line.index, line.text) for line in read_subtitles(path)] == [(0, "early"), (1, "late")]


def test_overlapping_cues_keep_their_times(tmp_path: Path) -> None:
    content = cue("00:00:01,000", "00:00:05,000", "long") + cue("00:00:02,000", "00:00:03,000", "inside")
    assert read(tmp_path, content) == [(1000, 5000, "long"), (2000, 3000, "inside")]


def test_cues_that_were_never_on_screen_are_dropped(tmp_path: Path) -> None:
    content = (
        cue("00:00:01,000", "00:00:01,000", "no length")
        + cue("00:00:03,000", "00:00:02,000", "backwards")
        + cue("00:00:04,000", "00:00:05,000", "<i> </i>")
        + cue("00:00:06,000", "00:00:07,000", "kept")
    )
    assert read(tmp_path, content) == [(6000, 7000, "kept")]


def test_a_time_below_zero_is_zero(tmp_path: Path) -> None:
    assert read(tmp_path, cue("-00:00:01,000", "00:00:02,000", "early")) == [(0, 2000, "early")]


def test_entities_and_doubled_blanks_are_cleaned(tmp_path: Path) -> None:
    assert read(tmp_path, cue("00:00:01,000", "00:00:02,000", "you  &amp; me"))[0][2] == "you & me"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("Just some prose.\nNo times at all.\n", "not_subtitles"),
        ('{"subtitles": []}', "not_subtitles"),
        ("{1}{25}MicroDVD counts frames", "not_subtitles"),
        ("WEBVTT\n\n", "subtitles_empty"),
        (cue("00:00:02,000", "00:00:01,000", "backwards"), "subtitles_empty"),
        ("", "file_empty"),
    ],
    ids=["prose", "json", "frames", "no cue", "no good cue", "empty"],
)
def test_what_is_no_subtitle_file_is_refused_by_name(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        read(tmp_path, content)
    assert refused.value.code == code
    assert "episode.srt" in refused.value.message


@needs_shared
def test_the_sample_dialogue_has_its_eleven_lines() -> None:
    lines = read_subtitles(SHARED / "data/meld/dialogue65/episode.srt")
    assert len(lines) == 11
    assert (lines[0].start_ms, lines[-1].end_ms) == (0, 33534)
    assert lines[0].text == "And that’s I’m so glad… there’s no problem."
