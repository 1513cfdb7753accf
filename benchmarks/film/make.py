"""Make the film: 60 shots of 6 people, about 5 minutes of 1280x720 at 25 frames a second, and the truth about it.

It has hard cuts, dissolves and fades of many lengths, flashes, fast pans, dark shots, far and half-turned faces,
subtitles in English and Chinese in four styles of three fonts each, a logo and a running clock that are none, and
speech whose words' times are known.

`truth.json` (UTF-8) holds, with integer milliseconds and half-open spans:

- `duration_ms`, `frame_rate`, `frame_count`
- `cuts_ms`: the first frame of every shot that begins by a hard cut
- `soft`: `kind` (dissolve, fade), `start_ms`, `end_ms` of the change, `middle_ms`
- `faces`: for each shot and person `person`, `start_ms`, `end_ms` of the frames that show nothing but the shot, and
  `first_box`, `last_box` [x, y, width, height] in these frames' first and last; between, the box moves evenly
- `subtitles`: `start_ms`, `end_ms`, `text` (rows separated by line breaks), `language`, `style`
- `utterances`: `speaker`, `text`, `start_ms`, `end_ms`, `words` (`text`, `start_ms` or null), as in the demo's truth
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.film.people import PEOPLE
from benchmarks.film.pictures import LETTERS, SIZE, face_boxes, is_chinese, render, rows_of, soft_span
from benchmarks.film.plan import RATE, Plan, frame_ms, make_plan
from benchmarks.film.script import Shot, make_script
from benchmarks.fonts import CJK_FOLDER
from workers.demo.recording import write_soundtrack, write_video
from workers.demo.speech import Speech, Voice, speak

VERSION: Final = "2"
"""Changes whenever the film does: a kept film of another version is made again."""
_VOICES: Final = {
    name: Voice(f"en-us+{kind}", rate=rate, pitch=pitch, range=55)
    for name, kind, rate, pitch in zip(
        PEOPLE,
        ("f5", "f2", "m3", "f4", "m1", "f1"),
        (145, 160, 150, 155, 140, 165),
        (38, 72, 40, 60, 35, 65),
        strict=True,
    )
}


@dataclass(frozen=True, slots=True)
class FilmFiles:
    video: Path
    subtitles: Path
    """English lines only: what is spoken."""
    transcript: Path
    truth: Path


def make_film(folder: Path) -> FilmFiles:
    """Return the film in `folder`, making it where it is not there yet (some 3 minutes of work).

    The same installed packages and fonts give the same film. Raises RuntimeError where espeak-ng, a Chinese font or
    ffmpeg is missing.
    """
    files = FilmFiles(*(folder / name for name in ("film.mp4", "film.srt", "transcript.txt", "truth.json")))
    if files.truth.is_file() and json.loads(files.truth.read_text(encoding="utf-8"))["version"] == VERSION:
        return files
    _check_fonts()
    folder.mkdir(parents=True, exist_ok=True)
    files.truth.unlink(missing_ok=True)
    script = make_script()
    spoken = [number for number, shot in enumerate(script) if shot.speaker]
    speeches = dict(zip(spoken, speak([_said(script[number]) for number in spoken]), strict=True))
    lengths = [
        speeches[i].samples.size / speeches[i].sample_rate_hz if i in speeches else None for i in range(len(script))
    ]
    plan = make_plan(script, lengths)
    sound = folder / "film.wav"
    starts = {line.shot: line.start for line in plan.lines}
    rate_hz = next(iter(speeches.values())).sample_rate_hz
    write_soundtrack(
        [(starts[shot] * rate_hz // RATE, speech.samples) for shot, speech in speeches.items()],
        plan.frames * rate_hz // RATE, rate_hz, sound,
    )  # fmt: skip
    write_video(render(script, plan, range(plan.frames)), SIZE, RATE, sound, files.video)
    sound.unlink()
    truth = truth_of(script, plan, speeches)
    files.subtitles.write_text(_srt(truth["utterances"]), encoding="utf-8")
    said = (f"{script[number].speaker}: {script[number].text}\n" for number in spoken)
    files.transcript.write_text("".join(said), encoding="utf-8")
    files.truth.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return files


def truth_of(script: Sequence[Shot], plan: Plan, speeches: dict[int, Speech]) -> dict[str, Any]:
    """Return the content of `truth.json` (see the top of this file)."""
    hard = [plan.starts[i] for i, shot in enumerate(script) if i and shot.join.kind == "cut"]
    return {
        "version": VERSION,
        "frame_rate": f"{RATE}/1",
        "frame_count": plan.frames,
        "duration_ms": frame_ms(plan.frames),
        "cuts_ms": [frame_ms(frame) for frame in hard],
        "soft": [_soft(shot, plan.starts[i]) for i, shot in enumerate(script) if shot.join.kind != "cut"],
        "faces": [face for i in range(len(script)) for face in _faces(script, plan, i)],
        "subtitles": [
            {
                "start_ms": frame_ms(line.start),
                "end_ms": frame_ms(line.end),
                "text": "\n".join(rows_of(line.text)),
                "language": "zh" if is_chinese(line.text) else "en",
                "style": script[line.shot].style,
            }
            for line in plan.lines
        ],
        "utterances": [
            _utterance(script[line.shot], line.start, speeches[line.shot])
            for line in plan.lines
            if line.shot in speeches
        ],
    }


def _said(shot: Shot) -> tuple[str, Voice]:
    assert shot.speaker is not None
    return shot.text, _VOICES[shot.speaker]


def _soft(shot: Shot, start: int) -> dict[str, Any]:
    first, after = soft_span(shot, start)
    return {
        "kind": shot.join.kind,
        "start_ms": frame_ms(first),
        "end_ms": frame_ms(after),
        "middle_ms": frame_ms(start),
    }


def _faces(script: Sequence[Shot], plan: Plan, number: int) -> list[dict[str, Any]]:
    """The frames of the shot that a soft join touches are left out."""
    first, after = plan.starts[number], plan.ends()[number]
    total = after - first
    begin = soft_span(script[number], first)[1] if script[number].join.kind != "cut" else first
    end = after
    if number + 1 < len(script) and script[number + 1].join.kind != "cut":
        end = soft_span(script[number + 1], after)[0]
    faces = []
    for person, (box, last) in face_boxes(script[number], total).items():
        ends = ([a + (b - a) * (frame - first) / max(1, total - 1) for a, b in zip(box, last, strict=True)]
                for frame in (begin, end - 1))  # fmt: skip
        first_box, last_box = ([round(value, 1) for value in values] for values in ends)
        faces.append(
            {
                "shot": number,
                "person": person,
                "start_ms": frame_ms(begin),
                "end_ms": frame_ms(end),
                "first_box": first_box,
                "last_box": last_box,
            }
        )
    return faces


def _utterance(shot: Shot, start: int, speech: Speech) -> dict[str, Any]:
    def ms(sample: int) -> int:
        return round(start * 1000 / RATE + sample * 1000 / speech.sample_rate_hz)

    return {
        "speaker": shot.speaker,
        "text": shot.text,
        "start_ms": ms(0),
        "end_ms": ms(speech.samples.size),
        "words": [
            {"text": word, "start_ms": None if at is None else ms(at)}
            for word, at in zip(shot.text.split(), speech.word_starts, strict=True)
        ],
    }


def _srt(utterances: Sequence[dict[str, Any]]) -> str:
    def timecode(time_ms: int) -> str:
        seconds, ms = divmod(time_ms, 1000)
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{ms:03}"

    return "\n".join(
        f"{number}\n{timecode(line['start_ms'])} --> {timecode(line['end_ms'] + 240)}\n{line['text']}\n"
        for number, line in enumerate(utterances, start=1)
    )


def _check_fonts() -> None:
    for style in LETTERS.values():
        if not (CJK_FOLDER / style.chinese).is_file():
            raise RuntimeError(f"{CJK_FOLDER / style.chinese} is missing. Install the system package fonts-noto-cjk.")
