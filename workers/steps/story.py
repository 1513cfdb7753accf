"""Story segments: how shots look, and which of them form a scene."""

from __future__ import annotations

from typing import Any

from webapp.corpus.models import StorySegment
from workers.analysers import facts
from workers.analysers.story_segments import looks, story_segments
from workers.steps.context import StepContext
from workers.steps.vision import current_shots, file_of


def store_shot_looks(context: StepContext, found: looks.Looks) -> dict[str, Any]:
    looks.write_looks(found, context.workdir / looks.NAME)
    context.publish()
    return {"frames": len(found.time_ms), "file": f"{context.folder}/{looks.NAME}"}


def run_story_segments(context: StepContext) -> tuple[facts.StorySegment, ...]:
    return story_segments(current_shots(context), looks.read_looks(file_of(context, "shot_looks")), context.options)


def store_story_segments(context: StepContext, found: tuple[facts.StorySegment, ...]) -> dict[str, Any]:
    StorySegment.objects.bulk_create(
        (
            StorySegment(
                job=context.job,
                index=segment.index,
                start_ms=segment.start_ms,
                end_ms=segment.end_ms,
                first_shot=segment.first_shot,
                last_shot=segment.last_shot,
                threads=[list(thread) for thread in segment.threads],
            )
            for segment in found
        ),
        batch_size=500,
    )
    return {"segments": len(found), "threads": sum(len(segment.threads) for segment in found)}
