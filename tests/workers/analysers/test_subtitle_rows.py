"""Which texts in the picture are subtitles: readings made by hand, no reader needed."""

from __future__ import annotations

from workers.analysers.facts import Box
from workers.analysers.ocr import TextBox
from workers.analysers.subtitle_rows import Reading, joined_text, only_subtitles

WIDTH, HEIGHT, EVERY_MS = 1280, 720, 250


def row(text: str, middle_x: float, top: float, height: float = 50, confidence: float = 0.98) -> TextBox:
    width = 20.0 * len(text)
    return TextBox(text, (middle_x - width / 2, top, width, height), confidence)


def kept(*frames: list[TextBox]) -> list[str]:
    readings = [Reading(i * EVERY_MS, tuple(boxes)) for i, boxes in enumerate(frames)]
    return [joined_text(r.boxes) for r in only_subtitles(readings, WIDTH, HEIGHT, EVERY_MS)]


def test_rows_of_a_subtitle_are_read_from_top_to_bottom() -> None:
    assert kept([row("the letter", 640, 640), row("I was waiting for", 640, 590)]) == ["I was waiting for\nthe letter"]


def test_a_row_that_the_reader_cut_in_two_is_joined() -> None:
    left: Box = (400, 640, 200, 50)
    right: Box = (620, 642, 200, 48)
    assert kept([TextBox("so there'll", left, 0.9), TextBox("be time", right, 0.9)]) == ["so there'll be time"]
    assert kept([TextBox("我真", left, 0.9), TextBox("高兴", right, 0.9)]) == ["我真高兴"]


def test_a_name_tag_beside_the_subtitle_is_not_part_of_it() -> None:
    tag = TextBox("HOPPER", (410, 655, 70, 22), 0.99)
    assert kept([row("Good morning.", 640, 640), tag]) == ["Good morning."]


def test_a_sign_at_the_side_is_no_subtitle() -> None:
    lines = [[row("Good morning, my dear.", 640, 640)] for _ in range(8)]
    assert kept(*lines, [row("EXIT", 1150, 640)])[-1] == ""


def test_a_short_row_set_left_above_a_centred_one_belongs_to_it() -> None:
    long = row("- It did. Here it is, still closed.", 640, 640)
    short = TextBox("- And?", (long.box[0], 590, 120, 50), 0.97)
    assert kept([long, short]) == ["- And?\n- It did. Here it is, still closed."]


def test_a_logo_and_a_clock_are_no_subtitles() -> None:
    frames = []
    for i in range(80):  # 20 s
        line = [row(f"Line number {i // 12} of many", 640, 640)] if i % 12 < 9 else []
        clock = TextBox(f"10:{i // 4:02}", (60, 640, 120, 48), 0.99)
        logo = row("CHANNEL", 640, 690)
        frames.append([*line, clock, logo])
    assert [text for text in kept(*frames) if "10:" in text or "CHANNEL" in text] == []
    assert kept(*frames)[0] == "Line number 0 of many"


def test_a_line_that_stays_for_six_seconds_is_no_logo() -> None:
    frames = [[row("A long line that stays", 640, 640)]] * 24
    assert kept(*frames) == ["A long line that stays"] * 24


def test_a_picture_without_text_has_no_subtitles() -> None:
    assert kept([], []) == ["", ""]
