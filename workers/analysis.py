"""Runs analysis jobs that were claimed: one step by itself, or the steps that share one pass over the pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from webapp.corpus.casting import tell_of_faces
from webapp.jobs import services
from webapp.jobs.models import Job
from workers.endings import end_attempt
from workers.persisting import store
from workers.pipeline import PROXY_DAMAGED, STEPS, plan
from workers.steps.context import StepContext
from workers.steps.pictures import ProxyDamaged, look_together
from workers.steps.shown import ShownShots, forget_shown, shown_of

logger = logging.getLogger(__name__)


def run_step(job: Job, check: Callable[[], None]) -> None:
    """Run one step and end its job. Raises what the step raises."""
    context = _context(job, check)
    step = STEPS[job.name]
    assert step.run is not None
    try:
        _finish(context, step.run(context), check)
    finally:
        context.clean_up()


def run_pass(jobs: Sequence[Job], check: Callable[[], None]) -> None:
    """Run the steps that look at pictures together and end their jobs. Raises what stops all of them.

    Where a proxy with copied pictures turns out to be damaged, the episode is planned anew, with an encoded one.
    """
    contexts = {job.name: _context(job, check) for job in reversed(jobs)}
    for job in jobs:
        if contexts[job.name].job.pk != job.pk:  # planned twice, for two versions: the older one comes next
            services.put_back(job)
    shown = ShownShots(already=shown_of(jobs))

    def done(name: str, found: Any) -> None:
        _finish(contexts[name], found, check)

    def failed(name: str, error: Exception) -> None:
        end_attempt(contexts[name].job, error)

    try:
        look_together(contexts, done, failed, shown)
    except ProxyDamaged as damaged:
        _plan_anew(list(contexts.values()), damaged)
    finally:
        for context in contexts.values():
            context.clean_up()


def _context(job: Job, check: Callable[[], None]) -> StepContext:
    assert job.episode is not None
    options = STEPS[job.name].options(**job.parameters)
    return StepContext(job=job, episode=job.episode, options=options, check=check)


def _finish(context: StepContext, found: Any, check: Callable[[], None]) -> None:
    job = context.job

    def write() -> None:
        services.finish(job, figures=STEPS[job.name].store(context, found))
        if job.name == "faces":
            tell_of_faces(context.episode)

    store(job, write, check)


def _plan_anew(contexts: Sequence[StepContext], damaged: ProxyDamaged) -> None:
    episode = contexts[0].episode
    logger.warning("Episode %s: %s", episode.pk, damaged.message)
    for context in contexts:
        services.fail(context.job, code=PROXY_DAMAGED, message=damaged.message)
        forget_shown(context.job)
    names = Job.objects.filter(episode=episode, kind=Job.Kind.ANALYSIS).values_list("name", flat=True)
    plan(episode, set(names))
