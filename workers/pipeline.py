"""Which steps there are, what each needs, and how an episode's jobs are planned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from webapp.corpus.casting import tell_of_faces
from webapp.corpus.models import Episode
from webapp.corpus.services import carry_links
from webapp.jobs.models import Job
from webapp.jobs.queues import CPU, GPU
from webapp.jobs.services import job_key, retry, wake
from workers.analysers import (
    alignment,
    casting,
    expressions,
    faces,
    features,
    proxy,
    segments,
    shots,
    story_segments,
    subtitles,
    waveform,
)
from workers.analysers.errors import AnalysisError
from workers.analysers.features import scene
from workers.steps import dialogue, language, sound, story, suggestions, summary, vision
from workers.steps.context import StepContext

#: Why jobs failed that looked at a proxy of copied pictures: the episode's next proxy is encoded.
PROXY_DAMAGED = "proxy_damaged"


@dataclass(frozen=True)
class NoOptions:
    """A step whose rule leaves nothing to choose."""


@dataclass(frozen=True)
class Step:
    """`run` computes outside of any transaction; `store` writes its result inside of one and returns figures.

    Steps that look at pictures have no `run` of their own: `workers.steps.pictures` runs them together.
    """

    name: str
    version: str
    needs: tuple[str, ...]
    run: Callable[[StepContext], Any] | None
    store: Callable[[StepContext, Any], dict[str, Any]]
    options: Callable[..., Any] = NoOptions
    inputs: tuple[str, ...] = ()
    """Fields of the episode, beside its video, that the step reads."""
    queue: str = CPU
    """Where the step would rather run; without a GPU worker it runs anywhere (`webapp.jobs.queues`)."""


_STEPS = (
    Step("proxy", proxy.VERSION, (), vision.run_proxy, vision.store_proxy, proxy.Options),
    Step("waveform", waveform.VERSION, ("proxy",), sound.run_waveform, sound.store_waveform),
    Step("shots", shots.VERSION, ("proxy",), None, vision.store_shots, shots.Options, queue=GPU),
    Step(
        "subtitles",
        subtitles.VERSION,
        ("proxy",),
        None,
        language.store_subtitles,
        subtitles.Options,
        inputs=("subtitles_sha256",),
        queue=GPU,
    ),
    Step(
        "speech",
        alignment.VERSION,
        ("proxy", "subtitles"),
        dialogue.run_speech,
        dialogue.store_speech,
        alignment.Options,
        inputs=("transcript_sha256", "language"),
    ),
    Step(
        "alignment",
        dialogue.VERSION,
        ("proxy", "speech"),
        dialogue.run_alignment,
        dialogue.store_alignment,
        dialogue.Options,
    ),
    Step("segments", segments.VERSION, ("proxy", "alignment"), language.run_segments, language.store_segments),
    Step("faces", faces.VERSION, ("proxy", "shots"), None, vision.store_faces, faces.Options, queue=GPU),
    Step(
        "surroundings",
        scene.VERSION,
        ("proxy",),
        None,
        vision.store_surroundings,
        scene.SurroundingsOptions,
        queue=GPU,
    ),
    Step(
        "shot_looks",
        story_segments.LOOKS_VERSION,
        ("proxy", "shots"),
        None,
        story.store_shot_looks,
        story_segments.LooksOptions,
        queue=GPU,
    ),
    Step(
        "story_segments",
        story_segments.VERSION,
        ("shots", "shot_looks"),
        story.run_story_segments,
        story.store_story_segments,
        story_segments.Options,
    ),
    Step("casting", casting.VERSION, ("faces", "alignment"), summary.run_casting, summary.store_casting),
    Step(
        expressions.NAME,
        expressions.VERSION,
        ("faces", "segments"),
        suggestions.run_suggestions,
        suggestions.store_suggestions,
    ),
    Step(
        "features",
        features.VERSION,
        ("proxy", "faces", "surroundings", "alignment", "segments"),
        summary.run_features,
        summary.store_features,
        features.Options,
    ),
)
#: Every step by name; a step stands after all it needs.
STEPS = {step.name: step for step in _STEPS}


def with_needs(only: Iterable[str]) -> list[Step]:
    """Return the named steps and all they need, in order; all steps for none named. Raises AnalysisError."""
    asked = list(only) or list(STEPS)
    if unknown := sorted(set(asked) - set(STEPS)):
        raise AnalysisError("unknown_step", f"There is no step {', '.join(unknown)}; steps are {', '.join(STEPS)}.")
    wanted = set(asked)
    for step in reversed(_STEPS):
        if step.name in wanted:
            wanted.update(step.needs)
    return [step for step in _STEPS if step.name in wanted]


@transaction.atomic
def plan(episode: Episode, only: Iterable[str] = ()) -> list[Job]:
    """Make the jobs an episode lacks and wake those that can start; return them all in order.

    A job is keyed by the content it reads, its version and its parameters, and by the keys of what it needs: planning
    the same twice changes nothing, and a changed version plans only what depends on it.
    """
    jobs: dict[str, Job] = {}
    for step in with_needs(only):
        options = _parameters(step, episode)
        key = job_key(
            {
                "content": episode.source_sha256,
                "inputs": {name: getattr(episode, name) for name in step.inputs},
                "analyser": step.name,
                "version": step.version,
                "parameters": options,
                "needs": [jobs[name].key for name in step.needs],
            }
        )
        job, created = Job.objects.get_or_create(
            key=key,
            defaults={
                "kind": Job.Kind.ANALYSIS,
                "name": step.name,
                "version": step.version,
                "parameters": options,
                "queue": step.queue,
                "episode": episode,
            },
        )
        if created:
            job.needs.set([jobs[name] for name in step.needs])
        elif job.status == Job.Status.DONE and not job.is_current:  # back to earlier parameters: its facts are there
            figures = job.figures | carry_links(job)
            Job.objects.filter(episode=episode, name=step.name, is_current=True).update(is_current=False)
            Job.objects.filter(pk=job.pk).update(is_current=True, figures=figures)
            if step.name == "faces":
                tell_of_faces(episode)
        elif retry([job]):  # failed, cancelled or put off: asking again is trying again
            job.refresh_from_db()
        jobs[step.name] = job
    for job in jobs.values():
        if job.status == Job.Status.WAITING and all(jobs[n].status == Job.Status.DONE for n in STEPS[job.name].needs):
            wake(job)
    return list(jobs.values())


def _parameters(step: Step, episode: Episode) -> dict[str, Any]:
    """The step's default options, with the episode's language and corrections where the step asks for them."""
    parameters: dict[str, Any] = asdict(step.options())
    if step.name == "proxy" and episode.jobs.filter(error_code=PROXY_DAMAGED).exists():
        parameters["copy_pictures"] = False
    if "corrections" in parameters:
        parameters["corrections"] = episode.corrections
    if "languages" in parameters:
        parameters["languages"] = [episode.language]
    elif "language" in parameters:
        parameters["language"] = episode.language
    return parameters
