"""Clips as JSON lines and CSV rows, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from exports.agreement_tables import plain_cell
from exports.erato.clips import Answer, Decision, EratoClip, Line, Person, screen_times
from exports.erato.measures import Measures
from exports.erato.relations import THREE_OF_FIVE
from exports.errors import FormatError

CSV_COLUMNS: Final = (
    "clip", "series", "episode", "start_ms", "end_ms", "person_a", "person_b", "name_a", "name_b", "five", "three",
    "votes", "answers", "shots", "people", "appearance_ratio", "iom", "interaction", "subtitle_ratio",
)  # fmt: skip
DROPPED_COLUMNS: Final = ("clip", "series", "episode", "start_ms", "end_ms", "reason", "words")


def sample_json(clip: EratoClip, decision: Decision, numbers: Measures, offered: tuple[int, ...]) -> str:
    """Return a sample as one line of JSON, without its annotators. `offered`: the candidates, longest seen first."""
    assert decision.pair is not None
    seen = screen_times(clip)
    return _line(
        {
            "clip": clip.name,
            "series": clip.series,
            "episode": clip.episode,
            "start_ms": clip.start_ms,
            "end_ms": clip.end_ms,
            "pair": list(decision.pair),
            "five": decision.relationship,
            "three": THREE_OF_FIVE[decision.relationship],
            "candidates": list(offered),
            "people": [
                {
                    "identity": person.identity,
                    "name": person.name,
                    "screen_time_ms": seen.get(person.identity, 0),
                    "faces": list(person.faces),
                    "spans": [list(span) for span in sorted(person.spans)],
                }
                for person in clip.people
                if person.identity in seen or person.identity in decision.pair
            ],
            "subtitles": [[line.start_ms, line.end_ms, line.text] for line in clip.lines],
            "votes": decision.votes,
            "answers": decision.answers,
            "statistics": {
                "shots": numbers.shots,
                "people": numbers.people,
                "appearance_ratio": _rounded(numbers.appearance_ratio),
                "iom": _rounded(numbers.iom),
                "interaction": numbers.interaction,
                "subtitle_ratio": _rounded(numbers.subtitle_ratio),
            },
        }
    )


def sample_row(clip: EratoClip, decision: Decision, numbers: Measures) -> tuple[str | int | float | None, ...]:
    """Return a sample as a row of CSV_COLUMNS."""
    assert decision.pair is not None
    names = {person.identity: plain_cell(person.name) for person in clip.people}
    return (
        *_place(clip),
        *decision.pair,
        *(names[identity] for identity in decision.pair),
        decision.relationship,
        THREE_OF_FIVE[decision.relationship],
        decision.votes,
        decision.answers,
        numbers.shots,
        numbers.people,
        _rounded(numbers.appearance_ratio),
        _rounded(numbers.iom),
        numbers.interaction,
        _rounded(numbers.subtitle_ratio),
    )


def dropped_row(clip: EratoClip, reason: str) -> tuple[str | int, ...]:
    """Return a clip that is no sample as a row of DROPPED_COLUMNS."""
    return (*_place(clip), reason, plain_cell(clip.discarded))


def clip_json(clip: EratoClip) -> str:
    """Return all of a clip as one line of JSON: `clip_from_json` reads the same clip back."""
    return _line(
        {
            "name": clip.name,
            "series": clip.series,
            "episode": clip.episode,
            "start_ms": clip.start_ms,
            "end_ms": clip.end_ms,
            "shots": clip.shots,
            "people": [[p.identity, p.name, p.spans, p.faces] for p in clip.people],
            "lines": [[line.start_ms, line.end_ms, line.text] for line in clip.lines],
            "answers": [[a.annotator, a.pair, a.relationship, a.day.isoformat()] for a in clip.answers],
            "consensus": clip.consensus,
            "discarded": clip.discarded,
            "restored": clip.restored,
        }
    )


def clip_from_json(text: str) -> EratoClip:
    """Raises KeyError, TypeError or ValueError for what `clip_json` did not write."""
    row = json.loads(text)
    consensus = row["consensus"]
    return EratoClip(
        name=str(row["name"]),
        series=str(row["series"]),
        episode=str(row["episode"]),
        start_ms=int(row["start_ms"]),
        end_ms=int(row["end_ms"]),
        shots=int(row["shots"]),
        people=tuple(
            Person(int(who), str(name), tuple((int(a), int(b)) for a, b in spans), tuple(map(str, faces)))
            for who, name, spans, faces in row["people"]
        ),
        lines=tuple(Line(int(start), int(end), str(said)) for start, end, said in row["lines"]),
        answers=tuple(
            Answer(str(who), (int(pair[0]), int(pair[1])), str(word), date.fromisoformat(day))
            for who, pair, word, day in row["answers"]
        ),
        consensus=((int(consensus[0][0]), int(consensus[0][1])), str(consensus[1])) if consensus else None,
        discarded=str(row["discarded"]),
        restored=bool(row["restored"]),
    )


def read_snapshot(path: Path) -> Iterator[EratoClip]:
    """Yield the clips a release was made of, one at a time. Raises FormatError naming file and line."""
    try:
        with path.open(encoding="utf-8") as stream:
            for number, text in enumerate(stream, start=1):
                try:
                    yield clip_from_json(text)
                except (KeyError, TypeError, ValueError, IndexError) as error:
                    raise FormatError(f"{path}, line {number} is no clip: {error!r}") from error
    except OSError as error:
        raise FormatError(f"{path} cannot be read ({error.strerror})") from error


def _place(clip: EratoClip) -> tuple[str, str, str, int, int]:
    return clip.name, plain_cell(clip.series), plain_cell(clip.episode), clip.start_ms, clip.end_ms


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
