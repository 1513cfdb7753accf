"""Steps about what is said: subtitles, alignment, segments."""

from __future__ import annotations

from typing import Any

from webapp.corpus.models import Segment, SubtitleLine, Utterance
from workers.analysers import facts
from workers.analysers.alignment import align
from workers.analysers.segments import segments_of
from workers.analysers.transcripts import read_transcript
from workers.steps.context import StepContext
from workers.steps.vision import current_proxy


def store_subtitles(context: StepContext, found: tuple[facts.SubtitleLine, ...]) -> dict[str, Any]:
    SubtitleLine.objects.bulk_create(
        (
            SubtitleLine(
                job=context.job,
                index=line.index,
                start_ms=line.start_ms,
                end_ms=line.end_ms,
                text=line.text,
                confidence=line.confidence,
                source=line.source,
                box=list(line.box) if line.box else None,
            )
            for line in found
        ),
        batch_size=500,
    )
    return {"lines": len(found), "source": found[0].source if found else ""}


def current_subtitles(context: StepContext) -> tuple[facts.SubtitleLine, ...]:
    rows = SubtitleLine.objects.filter(job__in=context.job.needs.all()).order_by("index")
    return tuple(
        facts.SubtitleLine(row.index, row.start_ms, row.end_ms, row.text, row.confidence, row.source) for row in rows
    )


def run_alignment(context: StepContext) -> tuple[facts.Utterance, ...]:
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


def store_alignment(context: StepContext, found: tuple[facts.Utterance, ...]) -> dict[str, Any]:
    characters = {name: character for character in context.episode.series.characters.all() for name in character.names}
    Utterance.objects.bulk_create(
        (
            Utterance(
                job=context.job,
                index=utterance.index,
                start_ms=utterance.start_ms,
                end_ms=utterance.end_ms,
                speaker=utterance.speaker,
                character=characters.get(utterance.speaker.casefold()),
                text=utterance.text,
                words=[[word.text, word.start_ms, word.end_ms] for word in utterance.words],
                timing=utterance.timing,
                speaker_certain=utterance.speaker_certain,
            )
            for utterance in found
        ),
        batch_size=500,
    )
    timings = [utterance.timing for utterance in found]
    return {"utterances": len(found), **{timing: timings.count(timing) for timing in sorted(set(timings))}}


def current_utterances(context: StepContext) -> tuple[facts.Utterance, ...]:
    rows = Utterance.objects.filter(job__in=context.job.needs.all()).order_by("index")
    return tuple(
        facts.Utterance(
            index=row.index,
            speaker=row.speaker,
            text=row.text,
            start_ms=row.start_ms,
            end_ms=row.end_ms,
            words=tuple(facts.Word(text, start, end) for text, start, end in row.words),
            timing=row.timing,
            speaker_certain=row.speaker_certain,
        )
        for row in rows
    )


def run_segments(context: StepContext) -> tuple[facts.Segment, ...]:
    return segments_of(current_utterances(context), current_proxy(context).duration_ms)


def store_segments(context: StepContext, found: tuple[facts.Segment, ...]) -> dict[str, Any]:
    utterances = dict(Utterance.objects.filter(job__in=context.job.needs.all()).values_list("index", "pk"))
    Segment.objects.bulk_create(
        (
            Segment(
                job=context.job,
                index=segment.index,
                start_ms=segment.start_ms,
                end_ms=segment.end_ms,
                kind=segment.kind,
                utterance_id=utterances[segment.utterance] if segment.utterance is not None else None,
            )
            for segment in found
        ),
        batch_size=500,
    )
    return {"segments": len(found), "visual": sum(segment.kind == "visual" for segment in found)}


def current_segments(context: StepContext) -> tuple[facts.Segment, ...]:
    rows = Segment.objects.filter(job__in=context.job.needs.all()).select_related("utterance").order_by("index")
    return tuple(
        facts.Segment(row.index, row.start_ms, row.end_ms, row.kind, row.utterance.index if row.utterance else None)
        for row in rows
    )
