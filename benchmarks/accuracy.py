"""How right the analysers are: python -m benchmarks.accuracy [--dialogue FOLDER]; `make bench-accuracy`.

A film whose truth is known is made (some 3 minutes, kept in var/bench) and looked at in one pass, as a worker does it.
Each figure stands beside its target; the command ends with 1 where one is missed. With --dialogue the sample dialogue
is scored too: its marked cuts, its faces against MTCNN at full size, and its burned-in subtitles in two languages.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.film import FilmFiles, make_film
from benchmarks.processes import cpu_seconds
from benchmarks.scores import Text, face_recall, overlap, score_people, score_spans, score_text, score_times
from workers.analysers.alignment import align
from workers.analysers.errors import AnalysisError
from workers.analysers.faces import FaceTap
from workers.analysers.faces import Options as FaceOptions
from workers.analysers.faces.detector import PUBLISHED, FaceDetector
from workers.analysers.facts import Box, FaceFacts, Shot, SubtitleLine
from workers.analysers.ffmpeg_binary import ffmpeg_path
from workers.analysers.frames import iter_frames, video_length
from workers.analysers.shots import Options as ShotOptions
from workers.analysers.shots import ShotFinder
from workers.analysers.subtitle_files import read_subtitles
from workers.analysers.subtitles.tap import TextTap
from workers.analysers.sweep import sweep
from workers.analysers.transcripts import read_transcript

#: Marks by hand are rounded to milliseconds; a cut a frame off is wrong.
_CUT_TOLERANCE_MS = 2
_SOFT_TOLERANCE_MS = 200
_REFERENCE_EVERY_MS = 1600
_DENSE_EVERY_MS = 200
_SMALLEST_FACE = 20
#: Where nobody has marked the faces, what MTCNN is less sure of does not count: hands, ears and necklaces.
_SURE_FACE = 0.9
_PEOPLE_EVERY_MS = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """What one pass over a video found."""

    shots: tuple[Shot, ...]
    soft_ms: tuple[int, ...]
    lines: tuple[SubtitleLine, ...]
    faces: FaceFacts
    cpu_s: float

    @property
    def hard_ms(self) -> list[int]:
        return [shot.start_ms for shot in self.shots[1:] if shot.start_ms not in self.soft_ms]


class Table:
    """Prints figures beside their targets and remembers whether one was missed."""

    def __init__(self) -> None:
        self.failed = False

    def title(self, text: str) -> None:
        print(f"\n{text}")

    def at_least(self, name: str, value: float, target: float, note: str = "") -> None:
        self._row(name, value, f">= {target:g}", value >= target, note)

    def at_most(self, name: str, value: float, target: float, note: str = "") -> None:
        self._row(name, value, f"<= {target:g}", value <= target, note)

    def _row(self, name: str, value: float, target: str, good: bool, note: str) -> None:
        self.failed |= not good
        print(f"  {'ok  ' if good else 'FAIL'} {name:<44} {value:8.4g}  {target:<9} {note}".rstrip())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dialogue", type=Path, metavar="FOLDER", help="the sample dialogue, with cuts.json")
    parser.add_argument("--film", type=Path, metavar="FOLDER", default=Path("var/bench/film"), help="where it is kept")
    options = parser.parse_args()
    table = Table()
    try:
        _score_film(table, make_film(options.film))
        if options.dialogue is not None:
            _score_dialogue(table, options.dialogue)
    except (AnalysisError, OSError, RuntimeError) as error:
        print(f"The benchmark could not be run: {error}", file=sys.stderr)
        return 2
    return int(table.failed)


def look(video: Path) -> Seen:
    """Find shots, faces and burned-in subtitles of a video in one pass."""
    started = cpu_seconds([os.getpid()])
    duration_ms, _, width, height = video_length(video)
    finder = ShotFinder(ShotOptions(), (width, height), duration_ms)
    faces, text = FaceTap(FaceOptions(), (width, height), duration_ms), TextTap()
    sweep(video, duration_ms=duration_ms, watchers=[text], followers=[faces], cuts=finder)
    shots, soft = finder.finish(), finder.soft_cuts_ms
    return Seen(shots, soft, text.finish(), faces.finish(soft), cpu_seconds([os.getpid()]) - started)


def _score_film(table: Table, film: FilmFiles) -> None:
    truth = json.loads(film.truth.read_text(encoding="utf-8"))
    seen = look(film.video)
    table.title(f"{film.video}: {truth['duration_ms'] / 1000:.0f} s, looked at in {seen.cpu_s:.0f} CPU-seconds")
    _cuts(table, seen, truth["cuts_ms"], ())
    soft = score_spans(
        seen.soft_ms, [(join["start_ms"], join["end_ms"]) for join in truth["soft"]], tolerance_ms=_SOFT_TOLERANCE_MS
    )
    table.at_least("dissolves and fades found", soft.recall, 0.8, f"{soft.found} of {soft.truth}")
    table.at_most("dissolves and fades invented", len(soft.invented), 0, _list(soft.invented))
    known = _true_faces(truth, _REFERENCE_EVERY_MS)
    _faces(table, seen.faces, _reference(film.video, known))
    people = score_people(seen.faces, _true_faces(truth, _PEOPLE_EVERY_MS))
    table.at_least("track purity, by frame", people.track_purity, 0.98)
    table.at_least("identities: pair recall", people.pair_recall, 0.8)
    table.at_least("identities: pair precision", people.pair_precision, 0.95)
    table.at_most("identities per person", people.clusters, 1.5)
    lines = [
        Text(line["text"], line["start_ms"], line["end_ms"], f"{line['language']} {line['style']}")
        for line in truth["subtitles"]
    ]
    _texts(table, seen.lines, lines, frame_ms=40)
    _alignment(table, film, truth)


def _score_dialogue(table: Table, folder: Path) -> None:
    seen = look(folder / "episode.mp4")
    table.title(f"{folder / 'episode.mp4'}: looked at in {seen.cpu_s:.0f} CPU-seconds")
    marks = json.loads((folder / "cuts.json").read_text(encoding="utf-8"))
    _cuts(table, seen, marks["cuts_ms"], marks["joins_ms"])
    table.at_most("dissolves and fades invented", len(seen.soft_ms), 0, _list(seen.soft_ms))
    _faces(table, seen.faces, _reference(folder / "episode.mp4", None))
    table.at_most("subtitles invented where none are", len(seen.lines), 0, _list(line.text for line in seen.lines))
    for video, subtitles in (("episode_burned_en.mp4", "episode.srt"), ("episode_burned_zh.mp4", "episode.zh.srt")):
        burned = look(folder / video)
        table.title(f"{folder / video}: looked at in {burned.cpu_s:.0f} CPU-seconds")
        _cuts(table, burned, marks["cuts_ms"], marks["joins_ms"])
        cues = [Text(cue.text, cue.start_ms, cue.end_ms, "burned in") for cue in read_subtitles(folder / subtitles)]
        _texts(table, burned.lines, cues, frame_ms=1001 / 24)


def _cuts(table: Table, seen: Seen, truth: Sequence[int], neither: Sequence[int]) -> None:
    hard = score_times(seen.hard_ms, truth, tolerance_ms=_CUT_TOLERANCE_MS, neither=neither)
    table.at_least("hard cuts found", hard.recall, 1, f"{hard.found} of {hard.truth} {_list(hard.missed)}")
    table.at_most("hard cuts invented", len(hard.invented), 0, _list(hard.invented))


def _faces(table: Table, faces: FaceFacts, reference: Mapping[int, Sequence[Box]]) -> None:
    found = face_recall(faces.tracks, reference)
    table.at_least("faces of full-size MTCNN found", found.recall, 0.97, f"{found.found} of {found.truth}")


def _texts(table: Table, lines: Sequence[SubtitleLine], truth: Sequence[Text], *, frame_ms: float) -> None:
    readings, invented = score_text([Text(line.text, line.start_ms, line.end_ms) for line in lines], truth)
    for group, reading in sorted(readings.items()):
        table.at_most(f"subtitles, {group}: error rate", reading.error_rate, 0.005, _list(reading.wrong))
        table.at_most(f"subtitles, {group}: missed", len(reading.missed), 0, _list(reading.missed))
        late = float(np.percentile(np.abs(reading.errors_ms or [0]), 95)) / frame_ms
        table.at_most(f"subtitles, {group}: timing, frames (p95)", late, 2.02)  # times are whole milliseconds
    table.at_most("subtitles invented", len(invented), 0, _list(invented))


def _alignment(table: Table, film: FilmFiles, truth: Mapping[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder, "sound.wav")
        command = [ffmpeg_path(), "-v", "error", "-nostdin", "-i", str(film.video)]
        subprocess.run([*command, "-vn", "-ac", "1", "-ar", "16000", str(sound)], check=True)
        utterances = align(
            read_subtitles(film.subtitles), read_transcript(film.transcript), sound, int(truth["duration_ms"])
        )
    starts, words = [], []
    for utterance, true in zip(utterances, truth["utterances"], strict=False):
        starts.append(abs(utterance.start_ms - true["start_ms"]))
        known = [word["start_ms"] for word in true["words"]]
        if len(known) == len(utterance.words):
            pairs = zip(utterance.words, known, strict=True)
            words += [abs(word.start_ms - at) for word, at in pairs if at is not None]
    table.at_least("utterances", len(utterances), len(truth["utterances"]))
    table.at_most("alignment: median start error, ms", float(np.median(starts or [9999])), 20)
    table.at_most("alignment: median error of words, ms", float(np.median(words or [9999])), 20)
    kinds = [utterance.timing for utterance in utterances]
    table.at_least("alignment: share verified", kinds.count("aligned") / max(1, len(kinds)), 0.7)


def _true_faces(truth: Mapping[str, Any], every_ms: int) -> dict[int, dict[str, Box]]:
    """Return who is where at every so many milliseconds, where nothing but one shot is on the screen."""
    faces: dict[int, dict[str, Box]] = {}
    for face in truth["faces"]:
        length = max(1, face["end_ms"] - face["start_ms"] - 40)
        for time_ms in range(-(-face["start_ms"] // every_ms) * every_ms, face["end_ms"], every_ms):
            share = min(1.0, (time_ms - face["start_ms"]) / length)
            pairs = zip(face["first_box"], face["last_box"], strict=True)
            x, y, w, h = (first + (last - first) * share for first, last in pairs)
            faces.setdefault(time_ms, {})[face["person"]] = (x, y, w, h)
    return faces


def _reference(video: Path, known: Mapping[int, Mapping[str, Box]] | None) -> dict[int, list[Box]]:
    """Return the faces that MTCNN finds in full-size frames; where it is known who is where, only real ones."""
    detector = FaceDetector()
    reference = {}
    for time_ms, picture in iter_frames(video, every_ms=_REFERENCE_EVERY_MS if known else _DENSE_EVERY_MS):
        faces = detector.detect(picture, _SMALLEST_FACE, PUBLISHED)
        if known is None:
            reference[time_ms] = [face.box for face in faces if face.score >= _SURE_FACE]
        else:
            people = list(known.get(time_ms, {}).values())
            reference[time_ms] = [face.box for face in faces if any(overlap(face.box, one) > 0.3 for one in people)]
    return reference


def _list(things: Iterable[object]) -> str:
    return ", ".join(map(str, things))


if __name__ == "__main__":
    sys.exit(main())
