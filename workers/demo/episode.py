"""Make the demo episode: a generated dialogue of two people, and the truth about it.

`truth.json` (UTF-8) holds, with integer milliseconds on the video and half-open spans:

- `frame_rate` ("24000/1001"), `frame_count`, `width`, `height`, `duration_ms`
- `cuts_ms`: the first frame of every shot but the first; `cut_frames`: the same as frame numbers
- `shots`: `index`, `start_ms`, `end_ms`, `start_frame`, `end_frame`, `camera`, `people` (names of those on screen)
- `people`: `name`, `screen_time_ms` (sum of the shots the person is in), `line_count`, by falling screen time
- `subtitles`: `index`, `start_ms`, `end_ms` (first frame with, first frame without the text), `text` (rows separated by
  line breaks), `utterances` (indices); burned into the picture, and the cues of `episode.srt`
- `utterances`: `index`, `speaker`, `text`, `start_ms`, `end_ms` of the audible speech, and `words`: `text`, `start_ms`
  (null where the synthesizer spoke the word in one breath with its neighbour, so that its start is not known)
- `gaps_ms`: [start, end] of every span without speech
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from workers.demo.pictures import CAMERAS, render
from workers.demo.plan import Plan, frame_ms, make_plan
from workers.demo.recording import write_soundtrack, write_video
from workers.demo.script import FRAME_RATE, HEIGHT, JUNE, NORA, SCRIPT, WIDTH
from workers.demo.speech import Speech, Voice, speak

VOICES: Final = {
    NORA: Voice("en-us+f5", rate=145, pitch=38, range=55),
    JUNE: Voice("en-us+f2", rate=160, pitch=72, range=75),
}


@dataclass(frozen=True, slots=True)
class DemoFiles:
    video: Path
    subtitles: Path
    transcript: Path
    truth: Path


def files_in(out_dir: Path) -> DemoFiles:
    """Return where the demo's files stand, or would; `truth.json` is written last."""
    return DemoFiles(
        video=out_dir / "episode.mp4",
        subtitles=out_dir / "episode.srt",
        transcript=out_dir / "transcript.txt",
        truth=out_dir / "truth.json",
    )


def make_demo_episode(out_dir: Path) -> DemoFiles:
    """Write `episode.mp4`, `episode.srt`, `transcript.txt` and `truth.json` into `out_dir`, replacing what is there.

    1280x720 H.264 at 24000/1001 fps with AAC; the same installed packages give the same files. Raises AnalysisError
    `ffmpeg_missing`, and RuntimeError where espeak-ng is missing or ffmpeg fails.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    files = files_in(out_dir)
    script_lines = [line for shot in SCRIPT for line in shot.lines]
    speeches = speak([(line.text, VOICES[line.speaker]) for line in script_lines])
    plan = make_plan(SCRIPT, [speech.samples.size for speech in speeches], speeches[0].sample_rate_hz)
    with tempfile.TemporaryDirectory(dir=out_dir) as folder:
        soundtrack, video = Path(folder, "sound.wav"), Path(folder, "video.mp4")
        spoken = [(line.start_sample, speech.samples) for line, speech in zip(plan.lines, speeches, strict=True)]
        sample_count = round(plan.frame_count / FRAME_RATE * plan.sample_rate_hz)
        write_soundtrack(spoken, sample_count, plan.sample_rate_hz, soundtrack)
        write_video(render(plan), (WIDTH, HEIGHT), FRAME_RATE, soundtrack, video)
        video.replace(files.video)
    truth = truth_of(plan, speeches)
    files.subtitles.write_text(_srt(truth), encoding="utf-8")
    files.transcript.write_text("".join(f"{line.speaker}: {line.text}\n" for line in script_lines), encoding="utf-8")
    files.truth.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return files


def truth_of(plan: Plan, speeches: Sequence[Speech]) -> dict[str, Any]:
    """Return the content of `truth.json` (see the top of this file)."""
    shots = [
        {
            "index": i,
            "start_ms": frame_ms(shot.start_frame),
            "end_ms": frame_ms(shot.end_frame),
            "start_frame": shot.start_frame,
            "end_frame": shot.end_frame,
            "camera": shot.camera,
            "people": list(CAMERAS[shot.camera].people),
        }
        for i, shot in enumerate(plan.shots)
    ]
    people = [
        {
            "name": name,
            "screen_time_ms": sum(
                frame_ms(shot.end_frame) - frame_ms(shot.start_frame)
                for shot in plan.shots
                if name in CAMERAS[shot.camera].people
            ),
            "line_count": sum(planned.line.speaker == name for planned in plan.lines),
        }
        for name in (NORA, JUNE)
    ]
    people.sort(key=lambda person: -int(str(person["screen_time_ms"])))
    utterances = [_utterance(i, plan, speech) for i, speech in enumerate(speeches)]
    duration_ms = frame_ms(plan.frame_count)
    edges = [0, *(edge for u in utterances for edge in (u["start_ms"], u["end_ms"])), duration_ms]
    return {
        "frame_rate": f"{FRAME_RATE.numerator}/{FRAME_RATE.denominator}",
        "frame_count": plan.frame_count,
        "width": WIDTH,
        "height": HEIGHT,
        "duration_ms": duration_ms,
        "cuts_ms": [shot["start_ms"] for shot in shots[1:]],
        "cut_frames": [shot["start_frame"] for shot in shots[1:]],
        "shots": shots,
        "people": people,
        "subtitles": [
            {
                "index": i,
                "start_ms": frame_ms(subtitle.start_frame),
                "end_ms": frame_ms(subtitle.end_frame),
                "text": subtitle.text,
                "utterances": list(subtitle.line_indices),
            }
            for i, subtitle in enumerate(plan.subtitles)
        ],
        "utterances": utterances,
        "gaps_ms": [list(gap) for gap in zip(edges[::2], edges[1::2], strict=True)],
    }


def _utterance(index: int, plan: Plan, speech: Speech) -> dict[str, Any]:
    planned = plan.lines[index]

    def ms(sample: int) -> int:
        return round(sample * 1000 / plan.sample_rate_hz)

    words = [
        {"text": word, "start_ms": None if start is None else ms(planned.start_sample + start)}
        for word, start in zip(planned.line.text.split(), speech.word_starts, strict=True)
    ]
    return {
        "index": index,
        "speaker": planned.line.speaker,
        "text": planned.line.text,
        "start_ms": ms(planned.start_sample),
        "end_ms": ms(planned.end_sample),
        "words": words,
    }


def _srt(truth: dict[str, Any]) -> str:
    def timecode(time_ms: int) -> str:
        seconds, ms = divmod(time_ms, 1000)
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{ms:03}"

    return "\n".join(
        f"{cue['index'] + 1}\n{timecode(cue['start_ms'])} --> {timecode(cue['end_ms'])}\n{cue['text']}\n"
        for cue in truth["subtitles"]
    )
