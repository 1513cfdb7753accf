"""Burned-in subtitles: texts and times against what is known to be in the picture, with the real reader."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

from benchmarks.subtitle_clips import (
    STYLES,
    Cue,
    Scene,
    Style,
    cut_at,
    flashing,
    has_cjk_fonts,
    make_clip,
    photograph,
    time_of,
)
from tests.shared_data import SHARED, needs_shared
from workers.analysers.errors import AnalysisError
from workers.analysers.facts import SubtitleLine
from workers.analysers.subtitle_files import read_subtitles
from workers.analysers.subtitles import Options, TextTap, read_burned_subtitles
from workers.analysers.sweep import sweep
from workers.demo import DemoFiles

DIALOGUE = SHARED / "data/meld/dialogue65"


def plain(text: str) -> str:
    """Readers write ... for an ellipsis and ' for a typographic apostrophe, and know no line breaks."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    return "".join(text.split())


def error_rate(read: Sequence[SubtitleLine], known: Sequence[SubtitleLine]) -> float:
    """Character error rate of all lines one after the other: a line too much or too little counts in full."""
    got, want = (plain("".join(line.text for line in lines)) for lines in (read, known))
    return Levenshtein.distance(got, want) / len(want)


@pytest.mark.models
def test_the_demos_subtitles_are_read_to_the_letter_and_to_the_frame(demo: DemoFiles) -> None:
    known = read_subtitles(demo.subtitles)
    read = read_burned_subtitles(demo.video)
    assert len(read) == len(known)
    assert error_rate(read, known) <= 0.005
    for line, want in zip(read, known, strict=True):
        assert abs(line.start_ms - want.start_ms) <= 1
        assert abs(line.end_ms - want.end_ms) <= 1
        assert line.source == "ocr"
        assert line.confidence > 0.9
        assert line.box is not None
        assert line.box[1] > 500


@needs_shared
@pytest.mark.models
@pytest.mark.parametrize(("language", "known_file"), [("en", "episode.srt"), ("zh", "episode.zh.srt")])
def test_burned_in_lines_of_a_real_dialogue_are_read(language: str, known_file: str) -> None:
    known = read_subtitles(DIALOGUE / known_file)
    read = read_burned_subtitles(DIALOGUE / f"episode_burned_{language}.mp4", Options(languages=(language,)))
    assert len(read) == len(known) == 11
    assert error_rate(read, known) <= 0.005
    for line, want in zip(read, known, strict=True):
        assert abs(line.start_ms - want.start_ms) <= time_of(1)
        assert abs(line.end_ms - want.end_ms) <= time_of(1)


@needs_shared
@pytest.mark.models
def test_a_real_dialogue_without_burned_in_subtitles_has_none() -> None:
    assert read_burned_subtitles(DIALOGUE / "episode.mp4") == ()


def read_clip(folder: Path, scene: Scene, cues: Sequence[Cue], frames: int) -> list[tuple[str, int, int]]:
    """Make a clip; return what is read in it: (text, first frame, first frame without it)."""
    video = make_clip(folder / "clip.mp4", scene, cues, frames)
    frame_of = {time_of(n): n for n in range(frames + 1)}
    lines = read_burned_subtitles(video, Options(languages=("en", "zh")))
    return [(line.text, frame_of[line.start_ms], frame_of[line.end_ms]) for line in lines]


def known(cues: Sequence[Cue]) -> list[tuple[str, int, int]]:
    return [(cue.text, cue.start, cue.end) for cue in cues if cue.counts]


def assert_read(read: Sequence[tuple[str, int, int]], cues: Sequence[Cue], frames: int = 1) -> None:
    """All texts, none else, each within so many frames: coding can leave a letter's shadow for one more."""
    want = known(cues)
    assert [text for text, _, _ in read] == [text for text, _, _ in want]
    for (text, *times), (_, *truth) in zip(read, want, strict=True):
        assert max(abs(a - b) for a, b in zip(times, truth, strict=True)) <= frames, (text, times, truth)


def talk(style: Style, texts: Sequence[str]) -> list[Cue]:
    """Lines of a second or more, some after a gap and some not."""
    cues, at = [], 12
    for i, text in enumerate(texts):
        until = at + (30 if len(text) > 4 else 16)
        cues.append(Cue(at, until, text, style))
        at = until + (8 if i % 2 else 0)
    return cues


ENGLISH = (
    "I was waiting for you.",
    "No!",
    "Well, that's\nnot what I said.",
    "Yes.",
    "What time is it? Half past nine.",
)
CHINESE = ("我一直在等你。", "不！", "好吧，那不是\n我昨天说的话。", "是的。", "现在几点了？")


@pytest.mark.models
@pytest.mark.parametrize(
    ("style", "stage"),
    [
        ("outlined", "astronaut"),
        ("bare", "rocket"),
        ("yellow", "chelsea"),
        ("serif_on_box", "coffee"),
        ("small_italic", "immunohistochemistry"),
        ("bold", "page"),
    ],
)
def test_every_style_is_read_on_a_moving_picture(style: str, stage: str, tmp_path: Path) -> None:
    cues = talk(STYLES[style], ENGLISH)
    assert_read(read_clip(tmp_path, photograph(stage, pan=2), cues, cues[-1].end + 12), cues)


@pytest.mark.models
@pytest.mark.skipif(not has_cjk_fonts(), reason="Noto CJK fonts are not installed")
@pytest.mark.parametrize("style", ["cjk", "cjk_bare", "cjk_serif_bold"])
def test_chinese_is_read(style: str, tmp_path: Path) -> None:
    cues = talk(STYLES[style], CHINESE)
    assert_read(read_clip(tmp_path, photograph("rocket", pan=2), cues, cues[-1].end + 12), cues)


SHORT_CHINESE = ("好的。", "谁？", "走吧！", "嗯。", "等等", "不！", "真的？", "好", "二楼", "没有。", "你好", "是你！")


@pytest.mark.models
@pytest.mark.skipif(not has_cjk_fonts(), reason="Noto CJK fonts are not installed")
@pytest.mark.parametrize("style", ["cjk", "cjk_bare", "cjk_serif_bold"])
def test_chinese_lines_of_one_to_three_letters_are_read(style: str, tmp_path: Path) -> None:
    """Half of them follow the one before at once, and have strokes in common with it."""
    cues = talk(STYLES[style], SHORT_CHINESE)
    assert_read(read_clip(tmp_path, photograph("chelsea", pan=1), cues, cues[-1].end + 12), cues)


@pytest.mark.models
@pytest.mark.skipif(not has_cjk_fonts(), reason="Noto CJK fonts are not installed")
@pytest.mark.parametrize("style", ["cjk", "cjk_serif_bold"])
def test_short_chinese_lines_are_read_beside_an_english_row(style: str, tmp_path: Path) -> None:
    english, chinese = replace(STYLES["small_italic"], middle_y=672), replace(STYLES[style], middle_y=620)
    pairs = [("不！", "No!"), ("谁？", "Who is it?"), ("好的。", "All right."), ("等等", "Wait")]
    cues = [
        Cue(10 + 24 * i, 34 + 24 * i, text, of)
        for i, pair in enumerate(pairs)
        for text, of in zip(pair, (chinese, english), strict=True)
    ]
    read = read_clip(tmp_path, photograph("astronaut", pan=1), cues, 120)
    assert read == [("\n".join(pair), 10 + 24 * i, 34 + 24 * i) for i, pair in enumerate(pairs)]


@pytest.mark.models
@pytest.mark.skipif(not has_cjk_fonts(), reason="Noto CJK fonts are not installed")
def test_two_languages_in_two_rows_are_one_line(tmp_path: Path) -> None:
    english, chinese = replace(STYLES["small_italic"], middle_y=672), replace(STYLES["cjk"], middle_y=620)
    cues = [
        cue for at in (10, 40) for cue in (Cue(at, at + 30, "早上好。", chinese), Cue(at, at + 30, "Hello!", english))
    ]
    cues[3] = replace(cues[3], text="Is it you?")
    cues[2] = replace(cues[2], text="是你吗？")
    read = read_clip(tmp_path, photograph("chelsea", pan=1), cues, 80)
    assert read == [("早上好。\nHello!", 10, 40), ("是你吗？\nIs it you?", 40, 70)]


@pytest.mark.models
def test_cuts_and_lightning_under_a_line_do_not_part_it(tmp_path: Path) -> None:
    scene = cut_at((0, photograph("astronaut", pan=1)), (30, photograph("coffee")), (60, photograph("rocket", pan=3)))
    cues = [
        Cue(14, 50, "I was waiting for you.", STYLES["outlined"]),
        Cue(56, 90, "Where were you?", STYLES["outlined"]),
    ]
    assert_read(read_clip(tmp_path, flashing(scene), cues, 100), cues)


@pytest.mark.models
def test_the_same_text_twice_is_two_lines(tmp_path: Path) -> None:
    cues = [Cue(10, 40, "I know it.", STYLES["outlined"]), Cue(45, 75, "I know it.", STYLES["outlined"])]
    assert_read(read_clip(tmp_path, photograph("coffee", pan=1), cues, 85), cues)


@pytest.mark.models
def test_lines_that_follow_each_other_alike_over_a_still_picture_are_all_read(tmp_path: Path) -> None:
    """What stands still beside the box makes rows of one width of them; they are no clock for that."""
    texts = ("I know that.", "I know that man.", "Yes, I do.", "I didn't know.", "No, I didn't.", "No, I don't.")
    texts += ("I did know.", "Yes, that man.", "That man?", "Yes, I know.")
    cues = [Cue(10 + 24 * i, 34 + 24 * i, texts[3 * i % 10], STYLES["serif_on_box"]) for i in range(20)]
    assert_read(read_clip(tmp_path, photograph("coffee"), cues, cues[-1].end + 12), cues)


@pytest.mark.models
def test_text_at_the_top_is_read_to_two_frames(tmp_path: Path) -> None:
    cues = talk(replace(STYLES["outlined"], middle_y=80), ENGLISH)
    assert_read(read_clip(tmp_path, photograph("astronaut", pan=1), cues, cues[-1].end + 12), cues, frames=2)


@pytest.mark.models
def test_a_fading_text_is_read_once(tmp_path: Path) -> None:
    cues = [Cue(10, 50, "Good morning, dear.", replace(STYLES["outlined"], fade_frames=5))]
    assert_read(read_clip(tmp_path, photograph("chelsea", pan=1), cues, 64), cues, frames=2)


@pytest.mark.models
def test_logo_clock_ticker_and_sign_are_no_subtitles(tmp_path: Path) -> None:
    lines = talk(STYLES["outlined"], ENGLISH + ENGLISH[::2])
    frames = lines[-1].end + 12
    logo = Cue(0, frames, "CHANNEL 5", Style(size_px=32, middle_y=560), middle_x=140, counts=False)
    clock = [
        Cue(n, n + 24, f"20:15:{n // 24:02}", Style(size_px=30, middle_y=560), middle_x=1150, counts=False)
        for n in range(0, frames, 24)
    ]
    news = "MARKETS FALL ON FEARS OF RAIN   *   HOME TEAM WINS AGAIN   *   WEATHER: SUNNY SPELLS"
    ticker = [Cue(n, n + 1, news, Style(size_px=22, middle_y=704), 1500 - 5 * n, counts=False) for n in range(frames)]
    scene = cut_at((0, photograph("astronaut", pan=1)), (100, photograph("coffee")), (170, photograph("rocket")))
    sign = Cue(100, 170, "BAKERY & COFFEE", Style(font="DejaVuSerif-Bold.ttf", middle_y=480), 360, counts=False)
    assert_read(read_clip(tmp_path, scene, [logo, *clock, *ticker, sign, *lines], frames), lines)


@pytest.mark.models
def test_a_film_with_a_sign_only_has_no_subtitles(tmp_path: Path) -> None:
    scene = cut_at((0, photograph("astronaut", pan=1)), (30, photograph("coffee")), (80, photograph("rocket")))
    sign = Cue(30, 80, "BAKERY & COFFEE", Style(font="DejaVuSerif-Bold.ttf", middle_y=600), counts=False)
    assert read_clip(tmp_path, scene, [sign], 110) == []


@pytest.mark.models
def test_a_tap_says_the_same_twice_and_opens_nothing(tmp_path: Path) -> None:
    cues = talk(STYLES["outlined"], ENGLISH)
    video = make_clip(tmp_path / "clip.mp4", photograph("coffee", pan=2), cues, cues[-1].end + 12)
    taps = TextTap(), TextTap()
    sweep(video, duration_ms=1000, watchers=taps)
    first, second = (tap.finish() for tap in taps)
    assert first == second
    assert len(first) == len(cues)


@pytest.mark.models
def test_the_process_that_read_a_short_video_is_kept_that_of_a_long_one_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    short = TextTap()
    process = Path(f"/proc/{short._apart.pid}")
    short.finish()
    monkeypatch.setattr("workers.analysers.subtitles.tap._KEPT_FRAMES", -1)
    long = TextTap()
    assert process.name == str(long._apart.pid)
    assert process.exists()
    long.finish()
    assert not process.exists()


@pytest.mark.parametrize(("lower", "upper"), [(0.0, 0.2), (0.7, 0.4), (0.4, -0.1)])
def test_areas_that_overlap_or_are_empty_are_refused(lower: float, upper: float) -> None:
    with pytest.raises(AnalysisError) as refused:
        TextTap(Options(lower_area=lower, upper_area=upper))
    assert refused.value.code == "options_invalid"
