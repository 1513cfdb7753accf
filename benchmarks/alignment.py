"""How well and how fast speech is aligned, on synthetic speech whose words and times are known.

    python -m benchmarks.alignment [--minutes 45] [--noise-db DB]
    python -m benchmarks.alignment --dialogue FOLDER

A film of known lines is spoken, with gaps; its subtitles are off by up to 200 ms, a tenth of them says something else
than is said. Prints how far starts are off (beside those of the subtitles themselves), what is said of right and of
wrong texts, CPU seconds, multiples of real time on one core, and the peak of memory. With --dialogue a real dialogue is
aligned instead (episode.mp4, episode.srt, transcript.txt, labels.csv in a folder), and its starts are compared with the
published ones, which are those of its subtitles.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
import wave
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from workers.analysers.alignment import align
from workers.analysers.facts import SubtitleLine
from workers.analysers.ffmpeg_binary import ffmpeg_path
from workers.analysers.segments import segments_of
from workers.analysers.sound import SAMPLE_RATE_HZ
from workers.analysers.subtitle_files import read_subtitles
from workers.analysers.transcripts import TranscriptLine, read_transcript
from workers.demo.speech import Voice, speak

_VOICES: Final = {"Nora": Voice("en-us+f3", 160, 55, 50), "June": Voice("en-us", 150, 40, 45)}
_SUBJECTS: Final = ("My brother", "The doctor", "Your neighbour", "Nobody here", "The old captain", "Our teacher")
_DEEDS: Final = ("left", "wanted to buy", "was looking for", "forgot about", "never liked", "brought back")
_THINGS: Final = ("the green suitcase", "a letter from home", "that broken piano", "his winter coat", "the garden key")
_WHENS: Final = ("yesterday morning", "before the concert", "last summer", "without a word", "in the end", "again")
_EVERY_WRONG: Final = 10
_OFF_MS: Final = 200


@dataclass(frozen=True, slots=True)
class Said:
    speaker: str
    text: str
    start_ms: int
    end_ms: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--noise-db", type=float, help="speech to noise, in dB; without it there is none")
    parser.add_argument("--dialogue", type=Path, metavar="FOLDER", help="a sample dialogue")
    asked = parser.parse_args()
    if asked.dialogue is not None:
        return _score_dialogue(asked.dialogue)
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder, "sound.wav")
        said = _record(sound, round(asked.minutes * 60_000), asked.noise_db)
        return _measure(sound, said, round(asked.minutes * 60_000))


def _measure(sound: Path, said: Sequence[Said], duration_ms: int) -> int:
    chance = random.Random(1)
    cues = [
        SubtitleLine(
            index=i,
            start_ms=max(0, line.start_ms + chance.randint(-_OFF_MS, _OFF_MS)),
            end_ms=line.end_ms + chance.randint(0, _OFF_MS),
            text=said[i - _EVERY_WRONG // 2].text if _is_wrong(i) else line.text,
            confidence=1.0,
            source="file",
        )
        for i, line in enumerate(said)
    ]
    transcript = [TranscriptLine(line.speaker, cue.text) for line, cue in zip(said, cues, strict=True)]
    before, started = _peak_mb(), _cpu_s()
    utterances = align(cues, transcript, sound, duration_ms)
    cpu = _cpu_s() - started
    segments = segments_of(utterances, duration_ms)
    right = [i for i in range(len(said)) if not _is_wrong(i)]
    starts = [abs(utterances[i].start_ms - said[i].start_ms) for i in right]
    shown = [abs(cues[i].start_ms - said[i].start_ms) for i in right]
    print(f"{len(said)} lines in {duration_ms / 60_000:.0f} min, {len(segments)} segments")
    print(f"CPU {cpu:.1f} s, {duration_ms / 1000 / cpu:.0f}x real time on a core, memory +{_peak_mb() - before:.0f} MB")
    median, late = np.median(starts), np.percentile(starts, 95)
    print(f"starts off by: median {median:.0f} ms, p95 {late:.0f} ms (the subtitles: median {np.median(shown):.0f} ms)")
    print("right texts:", dict(Counter(utterances[i].timing for i in right)))
    print("wrong texts:", dict(Counter(u.timing for i, u in enumerate(utterances) if _is_wrong(i))))
    return 0 if median <= 20 else 1


def _is_wrong(i: int) -> bool:
    return i % _EVERY_WRONG == _EVERY_WRONG - 1


def _score_dialogue(folder: Path) -> int:
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        published = list(csv.DictReader(file))
    with tempfile.TemporaryDirectory() as place:
        sound = Path(place, "sound.wav")
        command = [ffmpeg_path(), "-v", "error", "-nostdin", "-i", str(folder / "episode.mp4"), "-vn", "-ac", "1"]
        subprocess.run([*command, "-ar", str(SAMPLE_RATE_HZ), str(sound)], check=True)
        with wave.open(str(sound)) as file:
            duration_ms = file.getnframes() * 1000 // file.getframerate()
        cues, spoken = read_subtitles(folder / "episode.srt"), read_transcript(folder / "transcript.txt")
        found = align(cues, spoken, sound, duration_ms)
    if len(found) != len(published):
        print(f"{len(found)} utterances, {len(published)} are published: they cannot be compared one by one")
        return 1
    pairs = list(zip(found, published, strict=True))
    off = [abs(one.start_ms - round(float(row["start"]) * 1000)) for one, row in pairs]
    timings = Counter(one.timing for one in found)
    print(f"{len(found)} of {len(published)} utterances")
    print(f"starts: median {np.median(off):.0f} ms from the published ones, at most {max(off)} ms")
    print(f"fell back to the subtitle: {timings['subtitle']}; unverified: {timings['unverified']}")
    print(f"speakers as published: {sum(one.speaker == row['speaker'] for one, row in pairs)}")
    return 0


def _record(path: Path, duration_ms: int, noise_db: float | None) -> list[Said]:
    """Write the film's sound a line at a time; return what is said when."""
    chance, noise = random.Random(0), np.random.default_rng(0)
    texts = [f"{a} {b} {c} {d}." for a in _SUBJECTS for b in _DEEDS for c in _THINGS for d in _WHENS]
    chance.shuffle(texts)
    lines = [(text, ("Nora", "June")[i % 2]) for i, text in enumerate(texts[: duration_ms // 3500])]
    said: list[Said] = []
    at = SAMPLE_RATE_HZ
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
        written = 0
        for (text, speaker), speech in zip(lines, speak([(t, _VOICES[s]) for t, s in lines]), strict=True):
            sound = resample_poly(speech.samples.astype(np.float64), SAMPLE_RATE_HZ, speech.sample_rate_hz)
            sound = np.clip(np.round(sound), -32768, 32767).astype(np.int16)
            end = at + len(sound)
            if end > duration_ms * SAMPLE_RATE_HZ // 1000:
                break
            _write(file, np.concatenate([np.zeros(at - written, dtype=np.int16), sound]), noise_db, noise)
            written = end
            said.append(Said(speaker, text, at * 1000 // SAMPLE_RATE_HZ, end * 1000 // SAMPLE_RATE_HZ))
            at = end + chance.randint(SAMPLE_RATE_HZ // 4, 3 * SAMPLE_RATE_HZ)
        _write(file, np.zeros(duration_ms * SAMPLE_RATE_HZ // 1000 - written, dtype=np.int16), noise_db, noise)
    return said


def _write(
    file: wave.Wave_write, samples: npt.NDArray[np.int16], noise_db: float | None, noise: np.random.Generator
) -> None:
    if noise_db is not None:
        added = noise.normal(0, 3000 * 10 ** (-noise_db / 20), len(samples))  # speech has some 3000 of 32767
        samples = np.clip(samples + added, -32768, 32767).astype(np.int16)
    file.writeframes(samples.astype("<i2").tobytes())


def _cpu_s() -> float:
    """Return what this process has used, and those it started that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
