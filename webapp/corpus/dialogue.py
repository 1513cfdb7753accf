"""The dialogue of an episode as people see it: what the newest analysis found, with all corrections laid over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from webapp.corpus.corrections import Line, attach
from webapp.corpus.models import DialogueCorrection, Episode, SpokenLine, Utterance
from webapp.jobs.models import Job

#: Timing of an utterance whose times a person has seen.
CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of the dialogue, with the newest correction of it."""

    key: str
    anchor: Line
    shown: Line
    timing: str
    speaker_certain: bool
    correction: DialogueCorrection | None = None

    @property
    def removed(self) -> bool:
        return self.correction is not None and self.correction.status == DialogueCorrection.Status.NOT_SPOKEN


@dataclass(frozen=True, slots=True)
class Dialogue:
    lines: tuple[ShownLine, ...]
    lost: tuple[DialogueCorrection, ...]
    """Corrections that found no line in the newest analysis."""
    pending: bool
    """Whether there are corrections that the segments do not follow yet."""


def newest_corrections(episode: Episode, until: int | None = None) -> dict[str, DialogueCorrection]:
    """Return line -> its newest correction that was not withdrawn; `until`: as it was after that correction's row."""
    rows = DialogueCorrection.objects.filter(episode=episode).select_related("author").order_by("pk")
    if until is not None:
        rows = rows.filter(pk__lte=until)
    newest = {row.line: row for row in rows}
    return {line: row for line, row in newest.items() if row.status != DialogueCorrection.Status.WITHDRAWN}


def dialogue_of(episode: Episode) -> Dialogue:
    """Return the dialogue in order of time, lines that nobody says included."""
    found = _found(episode)
    places = [Line(row.start_ms, row.end_ms, row.text, row.speaker) for row in found]
    corrections = newest_corrections(episode)
    attached = attach(places, {line: row.word for line, row in corrections.items()})
    lines = []
    for place, (row, line) in enumerate(zip(found, places, strict=True)):
        correction = corrections.get(attached.of_line.get(place, ""))
        if correction is None:
            lines.append(ShownLine(line.key, line, line, row.timing, row.speaker_certain))
        else:
            lines.append(_corrected(correction))
    lines += [_corrected(row) for row in corrections.values() if row.added]
    lines.sort(key=lambda one: (one.shown.start_ms, one.shown.end_ms, one.key))
    job = Job.objects.filter(episode=episode, name="alignment", is_current=True).first()
    followed = job.parameters.get("corrections", 0) if job else 0
    return Dialogue(tuple(lines), tuple(corrections[key] for key in attached.lost), followed != episode.corrections)


def _found(episode: Episode) -> list[Any]:
    """What the analysis found; an episode that was analysed before corrections could be made has it as utterances."""
    rows = list(SpokenLine.objects.current_for(episode).order_by("index"))
    return rows or list(Utterance.objects.current_for(episode).order_by("index"))


def _corrected(row: DialogueCorrection) -> ShownLine:
    return ShownLine(row.line, row.anchor, row.said, CHECKED, bool(row.speaker), row)
