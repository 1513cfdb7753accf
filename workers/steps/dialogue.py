"""Steps about the dialogue: what is heard (`speech`), and what counts after people's corrections (`alignment`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from webapp.corpus.corrections import Line, attach
from webapp.corpus.dialogue import CHECKED, newest_corrections
from webapp.corpus.models import DialogueCorrection, SpokenLine, Utterance
from workers.analysers import facts
from workers.analysers.alignment import align
from workers.analysers.alignment.spans import clipped, dealt_out, in_order
from workers.analysers.transcripts import read_transcript
from workers.steps.context import StepContext
from workers.steps.language import current_subtitles
from workers.steps.vision import current_proxy

VERSION = "2"


@dataclass(frozen=True)
class Options:
    corrections: int = 0
    """The newest correction that is laid over what was heard; later ones want a job of their own."""


@dataclass(frozen=True)
class Corrected:
    utterances: tuple[facts.Utterance, ...]
    corrected: int
    lost: tuple[str, ...]
    """Lines whose correction found no utterance."""


def run_speech(context: StepContext) -> tuple[facts.Utterance, ...]:
    proxy = current_proxy(context)
    transcript = read_transcript(context.path(context.episode.transcript)) if context.episode.transcript else ()
    return align(
        current_subtitles(context),
        transcript,
        proxy.audio_path,
        proxy.duration_ms,
        context.options,
        context.progress,
    )


def store_speech(context: StepContext, found: tuple[facts.Utterance, ...]) -> dict[str, Any]:
    SpokenLine.objects.bulk_create((SpokenLine(job=context.job, **_values(one)) for one in found), batch_size=500)
    return _counts(found)


def run_alignment(context: StepContext) -> Corrected:
    """Lay the corrections over the lines that were heard."""
    heard = [_heard(row) for row in SpokenLine.objects.filter(job__in=context.job.needs.all()).order_by("index")]
    corrections = newest_corrections(context.episode, until=context.options.corrections)
    lines = [Line(one.start_ms, one.end_ms, one.text, one.speaker) for one in heard]
    attached = attach(lines, {line: row.word for line, row in corrections.items()})
    kept = []
    for place, utterance in enumerate(heard):
        correction = corrections.get(attached.of_line.get(place, ""))
        if correction is None:
            kept.append(utterance)
        elif correction.status == DialogueCorrection.Status.SAID:
            kept.append(_corrected(utterance, correction))
    added = [row for row in corrections.values() if row.added and row.status == DialogueCorrection.Status.SAID]
    kept += [_corrected(None, row) for row in added]
    utterances = in_order(kept, current_proxy(context).duration_ms)
    return Corrected(utterances, len(attached.of_line) + len(added), attached.lost)


def _heard(row: SpokenLine) -> facts.Utterance:
    return facts.Utterance(
        index=row.index,
        speaker=row.speaker,
        text=row.text,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        words=tuple(facts.Word(text, start, end) for text, start, end in row.words),
        timing=row.timing,
        speaker_certain=row.speaker_certain,
    )


def _corrected(heard: facts.Utterance | None, row: DialogueCorrection) -> facts.Utterance:
    """Words keep their times as far as these lie in the corrected span; other words share it by their length."""
    checked = facts.Utterance(
        index=heard.index if heard else 0,
        speaker=row.speaker,
        text=row.text,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        words=dealt_out(row.text.split(), row.start_ms, row.end_ms),
        timing=CHECKED,
        speaker_certain=bool(row.speaker),
    )
    if heard is not None and heard.text == row.text and heard.start_ms < row.end_ms and row.start_ms < heard.end_ms:
        return replace(checked, words=clipped(heard, row.start_ms, row.end_ms).words)
    return checked


def store_alignment(context: StepContext, found: Corrected) -> dict[str, Any]:
    characters = {name: character for character in context.episode.series.characters.all() for name in character.names}
    Utterance.objects.bulk_create(
        (
            Utterance(job=context.job, character=characters.get(one.speaker.casefold()), **_values(one))
            for one in found.utterances
        ),
        batch_size=500,
    )
    return {**_counts(found.utterances), "corrected": found.corrected, "corrections_lost": list(found.lost)}


def _values(utterance: facts.Utterance) -> dict[str, Any]:
    return {
        "index": utterance.index,
        "start_ms": utterance.start_ms,
        "end_ms": utterance.end_ms,
        "speaker": utterance.speaker,
        "text": utterance.text,
        "words": [[word.text, word.start_ms, word.end_ms] for word in utterance.words],
        "timing": utterance.timing,
        "speaker_certain": utterance.speaker_certain,
    }


def _counts(utterances: tuple[facts.Utterance, ...]) -> dict[str, int]:
    timings = [utterance.timing for utterance in utterances]
    return {"utterances": len(utterances), **{timing: timings.count(timing) for timing in sorted(set(timings))}}
