"""Show in the terminal how an episode's analysis goes on, until it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from tqdm import tqdm

from webapp.corpus.models import Episode
from webapp.corpus.queries import AnalysisProgress, analysis_progress, newest_jobs
from webapp.jobs.models import Job

POLL_SECONDS = 0.5


def watch(episode: Episode, steps: Sequence[str], check: Callable[[float], None]) -> str:
    """Wait until these steps of an episode have ended; return why they failed, or "".

    `check` is called again and again, with the seconds for which nobody has begun (0 once somebody has); what it raises
    ends the wait.
    """
    asked = time.monotonic()
    with tqdm(total=100, desc=str(episode)[:40], unit="%", disable=None) as bar:
        while True:
            jobs = [job for job in newest_jobs([episode]).get(episode.pk, []) if job.name in (*steps, "plan")]
            progress = analysis_progress(jobs)
            bar.update(progress.progress - bar.n)
            bar.set_postfix_str(progress.step[:40])
            if jobs and all(job.status not in (Job.Status.WAITING, Job.Status.RUNNING) for job in jobs):
                return _failure(episode, jobs, progress)
            untouched = all(job.status == Job.Status.WAITING for job in jobs if job.status != Job.Status.DONE)
            check(time.monotonic() - asked if untouched else 0.0)
            time.sleep(POLL_SECONDS)


def _failure(episode: Episode, jobs: Sequence[Job], progress: AnalysisProgress) -> str:
    if progress.status == Job.Status.DONE:
        return ""
    if progress.status == Job.Status.CANCELLED:
        return f"The analysis of episode {episode.pk} ({episode}) was cancelled."
    reasons = [f"{job.name}: {job.error}" for job in jobs if job.status == Job.Status.FAILED]
    return f"Episode {episode.pk} ({episode}) failed. {' '.join(reasons)}"
