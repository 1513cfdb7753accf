"""Runs analysis jobs that were claimed: one step by itself, or the steps that share one pass over the pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from webapp.corpus.casting import tell_of_faces
from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.jobs.queues import CPU, queue_of
from workers import tidying
from workers.analysers import freed
from workers.endings import end_attempt
from workers.heartbeat import Heartbeat
from workers.persisting import store
from workers.pipeline import PROXY_DAMAGED, STEPS, plan
from workers.presence import takes
from workers.steps import IN_ONE_PASS, vision
from workers.steps.ahead import LookingAhead
from workers.steps.context import StepContext
from workers.steps.pictures import Done, Failed, ProxyDamaged, look_together
from workers.steps.shown import ShownShots, forget_shown, shown_ahead, shown_of

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


def run_proxy(job: Job, heartbeat: Heartbeat) -> None:
    """Make a proxy and end its job, and those of the steps that have seen its pictures meanwhile. Raises as `run_step`.

    What they saw is the proxy's pictures before they were encoded; where that went wrong, they look at the proxy later.
    Of pictures that are copied they see most when the proxy is done: then their jobs are theirs, as in `run_pass`.
    """
    context = _context(job, heartbeat.check)
    ahead = context.ahead = looking_ahead(context)
    claimed: list[Job] = []

    def claim() -> None:
        if ahead is not None and ahead.saw(proxy):
            claimed[:] = services.claim_woken(job, ahead.jobs.values())

    with ExitStack() as at_last:
        if ahead is not None:
            at_last.callback(ahead.drop)
        try:
            proxy = vision.run_proxy(context)
            _finish(context, proxy, heartbeat.check, claim)
        finally:
            context.clean_up()
        if ahead is not None and claimed:
            freed.give_back()  # what was held of all packets
            heartbeat.keep(claimed)
            _end_ahead(ahead, {held.name: _context(held, heartbeat.check) for held in claimed}, heartbeat.check)


def _end_ahead(ahead: LookingAhead, contexts: Mapping[str, StepContext], check: Callable[[], None]) -> None:
    with _ending(contexts, check) as (done, failed):
        try:
            ahead.wait(contexts)
            ahead.end(contexts, done, failed)
        except ProxyDamaged as damaged:
            _plan_anew(list(contexts.values()), damaged)


def looking_ahead(context: StepContext) -> LookingAhead | None:
    """Return what looks at a proxy's pictures for the jobs that wait for it; None where no shots do.

    Where another worker has a GPU and this one has none, only shots are looked for here, and only in pictures that are
    encoded.
    """
    if context.job.attempt > 1:
        tidying.remove_ahead(context.job)  # of an attempt that was killed
    waiting = context.job.wakes.filter(name__in=IN_ONE_PASS, status=Job.Status.WAITING, not_before__isnull=True)
    jobs: dict[str, Job] = {}
    options: dict[str, Any] = {}
    all_here = True
    for job in waiting.order_by("pk"):
        if job.name == "subtitles" and context.episode.subtitles:  # they are in a file
            continue
        if job.name != "shots" and not _is_for_here(job):
            all_here = False
            continue
        try:
            options[job.name] = STEPS[job.name].options(**job.parameters)
        except TypeError:
            logger.warning("Job %s is of another version: nobody looks ahead for it", job.pk)
        else:
            jobs[job.name] = job
    if "shots" not in jobs:
        return None
    return LookingAhead(context.job, jobs, options, shown_ahead(context, jobs["shots"]), all_here=all_here)


def _is_for_here(job: Job) -> bool:
    queue = queue_of(job)
    return queue == CPU or takes(queue)


def run_pass(jobs: Sequence[Job], check: Callable[[], None]) -> None:
    """Run the steps that look at pictures together and end their jobs. Raises what stops all of them.

    Where a proxy with copied pictures turns out to be damaged, the episode is planned anew, with an encoded one.
    """
    contexts = {job.name: _context(job, check) for job in reversed(jobs)}
    for job in jobs:
        if contexts[job.name].job.pk != job.pk:  # planned twice, for two versions: the older one comes next
            services.put_back(job)
    shown = ShownShots(already=shown_of(jobs))
    with _ending(contexts, check) as (done, failed):
        try:
            look_together(contexts, done, failed, shown)
        except ProxyDamaged as damaged:
            _plan_anew(list(contexts.values()), damaged)


@contextmanager
def _ending(contexts: Mapping[str, StepContext], check: Callable[[], None]) -> Iterator[tuple[Done, Failed]]:
    """Give what ends the jobs of steps, by name, with what was found or with an error; clean up behind them."""

    def done(name: str, found: Any) -> None:
        _finish(contexts[name], found, check)

    def failed(name: str, error: Exception) -> None:
        end_attempt(contexts[name].job, error)

    try:
        yield done, failed
    finally:
        for context in contexts.values():
            context.clean_up()


def _context(job: Job, check: Callable[[], None]) -> StepContext:
    assert job.episode is not None
    options = STEPS[job.name].options(**job.parameters)
    return StepContext(job=job, episode=job.episode, options=options, check=check)


def _finish(
    context: StepContext, found: Any, check: Callable[[], None], and_then: Callable[[], None] = lambda: None
) -> None:
    """Store what was found and end the job; `and_then` is part of the transaction."""
    job = context.job

    def write() -> None:
        services.finish(job, figures=STEPS[job.name].store(context, found))
        and_then()
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
