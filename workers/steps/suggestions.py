"""The step that says what people's faces show in each segment. It helps and is never required: it does not fail."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from webapp.corpus.models import EmotionSuggestion, Identity
from workers.analysers.errors import AnalysisError
from workers.analysers.expressions import suggest_expressions
from workers.analysers.face_file import read_expressions
from workers.analysers.facts import ExpressionFacts, ExpressionSuggestion
from workers.steps.context import StepContext
from workers.steps.language import current_segments
from workers.steps.vision import current_tracks

logger = logging.getLogger(__name__)

#: Of a probability, the digits that are kept.
_DIGITS = 4


@dataclass(frozen=True)
class Suggested:
    found: tuple[ExpressionSuggestion, ...]
    model: str
    """What looked at the faces, "" where nothing did."""


def run_suggestions(context: StepContext) -> Suggested:
    expressions = _expressions(context)
    identity_of = {track.index: track.identity for track in current_tracks(context)}
    spans = [(segment.start_ms, segment.end_ms) for segment in current_segments(context)]
    return Suggested(suggest_expressions(expressions, identity_of, spans), expressions.model)


def _expressions(context: StepContext) -> ExpressionFacts:
    """Return what the pass over the pictures saw; nothing where no network looked, or its file is gone."""
    name = context.job.needs.get(name="faces").figures.get("file", "")
    if not name:
        return ExpressionFacts()
    try:
        return read_expressions(context.path(name))
    except (AnalysisError, FileNotFoundError) as error:
        logger.warning("Episode %s gets no suggestions: %s", context.episode.pk, error)
        return ExpressionFacts()


def store_suggestions(context: StepContext, suggested: Suggested) -> dict[str, Any]:
    identities = dict(Identity.objects.filter(job__in=context.job.needs.all()).values_list("index", "pk"))
    EmotionSuggestion.objects.bulk_create(
        (
            EmotionSuggestion(
                job=context.job,
                index=index,
                identity_id=identities[one.identity],
                start_ms=one.start_ms,
                end_ms=one.end_ms,
                source=EmotionSuggestion.EXPRESSION,
                probabilities=[[emotion, round(share, _DIGITS)] for emotion, share in one.probabilities],
                looks=one.looks,
            )
            for index, one in enumerate(suggested.found)
        ),
        batch_size=500,
    )
    return {"suggestions": len(suggested.found), "model": suggested.model}
