"""Steps about what is shown and said: subtitles, segments."""

from __future__ import annotations

from typing import Any

from webapp.corpus.models import Segment, SubtitleLine, Utterance
from workers.analysers import facts
from workers.analysers.segments import segments_of
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
