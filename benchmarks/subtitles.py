"""How well and how fast burned-in subtitles are read, on generated clips whose texts and frames are known.

    python -m benchmarks.subtitles [--only NAME ...] [--video FILE]

Prints for every clip the character error rate, missed and invented lines, how many frames starts and ends are off, and
CPU seconds: of decoding alone, of reading besides, and of the way that looks at four frames a second with detector and
recogniser (on the first clip only). `--video` times a film of your own, without scores.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.processes import cpu_seconds
from benchmarks.scores import Text, score_text
from benchmarks.subtitle_clips import (
    RATE,
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
from workers.analysers.facts import SubtitleLine
from workers.analysers.frames import iter_frames, video_length
from workers.analysers.ocr import choose_reader
from workers.analysers.subtitles import Options, TextTap
from workers.analysers.sweep import sweep

ENGLISH: Final = (
    "Good morning.", "I was waiting for you", "No!", "Did you see the letter that came this morning?",
    "Well, that's\nnot what I said yesterday.", "Yes.", "What time is it? Half past nine.",
    "We should leave before it rains.",
)  # fmt: skip
CHINESE: Final = (
    "早上好。", "我一直在等你", "不！", "你看到今天早上寄来的信了吗？",
    "好吧，那不是\n我昨天说的话。", "是的。", "现在几点了？九点半。", "我们应该在下雨之前离开。",
)  # fmt: skip
ALIKE: Final = (
    "I know that.", "I know that man.", "Yes, I do.", "I didn't know.", "No, I didn't.", "No, I don't.",
    "I did know.", "Yes, that man.", "That man?", "Yes, I know.",
)  # fmt: skip
_STAGES: Final = {
    "outlined": "astronaut", "bare": "rocket", "yellow": "chelsea", "serif_on_box": "coffee",
    "small_italic": "astronaut",
    "bold": "page", "cjk": "chelsea", "cjk_bare": "rocket", "cjk_serif_bold": "coffee",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clip:
    name: str
    scene: Scene
    cues: Sequence[Cue]

    @property
    def frames(self) -> int:
        return max(cue.end for cue in self.cues if cue.counts) + 12


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=(), help="names of clips")
    parser.add_argument("--video", type=Path, help="a film to time instead")
    asked = parser.parse_args()
    if asked.video:
        cost = _cost(asked.video)
        print(f"decoding {cost[0]:.1f} CPU-s, reading besides {cost[1]:.1f} CPU-s, {len(cost[2])} lines")
        return 0
    good = True
    print(f"{'clip':16} {'CER':>6} {'missed':>7} {'invented':>9} {'off p95':>8} {'decode':>7} {'read':>6} CPU-s")
    for number, clip in enumerate(_clips()):
        if not asked.only or clip.name in asked.only:
            good = _score(clip, compare=number == 0) and good
    return 0 if good else 1


def _clips() -> Iterator[Clip]:
    for name, style in STYLES.items():
        chinese = name.startswith("cjk")
        if not chinese or has_cjk_fonts():
            yield Clip(name, photograph(_STAGES[name], pan=2), _talk(style, CHINESE if chinese else ENGLISH))
    outlined = STYLES["outlined"]
    stages = [
        photograph(name, pan=pan) for name, pan in (("astronaut", 2), ("coffee", 0), ("chelsea", 1), ("rocket", 3))
    ]
    cuts = cut_at(*((start, stages[i % 4]) for i, start in enumerate(range(0, 400, 35))))
    yield Clip("cuts", cuts, _talk(outlined, ENGLISH))
    yield Clip("lightning", flashing(stages[0]), _talk(outlined, ENGLISH))
    yield Clip("top", stages[1], _talk(replace(outlined, middle_y=80), ENGLISH))
    yield Clip("fades", stages[2], _talk(replace(outlined, fade_frames=4), ENGLISH, gap=12))
    yield Clip("logo_and_clock", stages[0], [*_overlays(280), *_talk(outlined, ENGLISH)])
    sign = Cue(35, 70, "BAKERY & COFFEE", Style(font="DejaVuSerif-Bold.ttf", middle_y=500), 400, counts=False)
    alike = [Cue(10 + 24 * i, 34 + 24 * i, ALIKE[3 * i % 10], STYLES["serif_on_box"]) for i in range(20)]
    yield Clip("alike", stages[1], alike)
    yield Clip("sign", cuts, [sign, *_talk(outlined, ENGLISH)])


def _talk(style: Style, texts: Sequence[str], gap: int = 6) -> list[Cue]:
    """Every third line follows the one before without a gap."""
    cues, at = [], 10
    for i, text in enumerate(texts):
        until = at + (30 if len(text) > 6 else 16)
        cues.append(Cue(at, until, text, style))
        at = until + (0 if i % 3 == 1 else gap)
    return cues


def _overlays(frames: int) -> list[Cue]:
    small = Style(size_px=30, middle_y=560)
    clock = [Cue(n, n + 24, f"20:15:{n // 24:02}", small, 1150, counts=False) for n in range(0, frames, 24)]
    return [Cue(0, frames, "CHANNEL 5", small, 140, counts=False), *clock]


def _score(clip: Clip, *, compare: bool) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        video = make_clip(Path(folder, "clip.mp4"), clip.scene, clip.cues, clip.frames)
        decoding, reading, lines = _cost(video)
        old = _old_way(video) if compare else None
    truth = [Text(cue.text, time_of(cue.start), time_of(cue.end)) for cue in clip.cues if cue.counts]
    readings, invented = score_text([Text(line.text, line.start_ms, line.end_ms) for line in lines], truth)
    read = readings[""]
    off = float(np.percentile(np.abs(read.errors_ms or [0]), 95)) * float(RATE) / 1000
    counts = f"{read.error_rate:6.4f} {len(read.missed):7} {len(invented):9}"
    print(f"{clip.name:16} {counts} {off:8.2f} {decoding:7.2f} {reading:6.2f}")
    for kind, texts in (("missed", read.missed), ("invented", invented), ("wrong", read.wrong)):
        for text in texts:
            print(f"    {kind}: {text}")
    if old is not None:
        print(f"    detector and recogniser at 4 frames a second: {old:.2f} CPU-s for the same clip")
    return read.error_rate <= 0.005 and not read.missed and not invented and off <= 2


def _cost(video: Path) -> tuple[float, float, tuple[SubtitleLine, ...]]:
    """Return CPU seconds of decoding alone and of reading besides, and the lines."""
    duration_ms = video_length(video)[0]
    TextTap(Options(languages=("en", "zh"))).finish()  # loads the networks, in a process that is kept
    tap = TextTap(Options(languages=("en", "zh")))
    started = cpu_seconds([os.getpid()])
    sweep(video, duration_ms=duration_ms)
    decoded = cpu_seconds([os.getpid()])
    sweep(video, duration_ms=duration_ms, watchers=[tap])
    lines = tap.finish()
    return decoded - started, cpu_seconds([os.getpid()]) - decoded - (decoded - started), lines


def _old_way(video: Path) -> float:
    reader = choose_reader(("en", "zh"))
    started = cpu_seconds([os.getpid()])
    for frame in iter_frames(video, every_ms=250):
        reader.read(np.ascontiguousarray(frame.pixels[frame.pixels.shape[0] * 6 // 10 :]))
    return cpu_seconds([os.getpid()]) - started


if __name__ == "__main__":
    sys.exit(main())
