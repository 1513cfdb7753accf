"""The plan of the demo: where shots, lines and subtitles lie. Known answers worked by hand."""

from __future__ import annotations

from workers.demo.plan import frame_ms, make_plan
from workers.demo.script import Line, ShotScript

RATE = 24_000
ONE_SECOND = 24_000


def test_frames_become_milliseconds_at_the_ntsc_rate() -> None:
    assert [frame_ms(n) for n in (0, 1, 24, 240)] == [0, 42, 1001, 10010]


def test_a_shot_lasts_from_its_lead_to_its_tail() -> None:
    plan = make_plan([ShotScript("two", 1.0, (Line("A", "Hello."),), tail_s=0.5)], [ONE_SECOND], RATE)
    (line,) = plan.lines
    assert (line.start_sample, line.end_sample) == (24_000, 48_000)
    assert plan.frame_count == 60  # 2.5 s at 23.976 frames a second: 59.94, rounded up


def test_lines_that_share_a_subtitle_stand_in_it_with_dashes() -> None:
    script = [ShotScript("two", 0.0, (Line("A", "Did it?"), Line("B", "It did.", joins_previous_subtitle=True)))]
    (subtitle,) = make_plan(script, [ONE_SECOND, ONE_SECOND], RATE).subtitles
    assert subtitle.text == "- Did it?\n- It did."
    assert subtitle.line_indices == (0, 1)


def test_a_subtitle_leaves_two_frames_before_the_next() -> None:
    script = [ShotScript("two", 0.0, (Line("A", "One."), Line("B", "Two.")), tail_s=0.1)]
    first, second = make_plan(script, [ONE_SECOND, ONE_SECOND], RATE).subtitles
    assert second.start_frame == 26  # 1.1 s is frame 26.37
    assert first.end_frame == 24
