from __future__ import annotations

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from webapp.commands import LineCommand, find_episode
from webapp.corpus.models import Episode
from webapp.corpus.queries import AnalysisProgress, analysis_progress, newest_jobs
from webapp.corpus.services import plan_analysis
from webapp.jobs.models import Job
from workers.analysers.errors import AnalysisError
from workers.pipeline import with_needs
from workers.tasks import run_job

POLL_SECONDS = 0.5
HINT_AFTER_SECONDS = 10


class Command(LineCommand):
    help = "Ask the workers to analyse episodes; what is done and unchanged is not done again."
    example = "1 2 --only shots,faces --wait"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("episodes", nargs="+", metavar="EPISODE", help="numbers or titles")
        parser.add_argument("--only", default="", metavar="STEPS", help="comma-separated; with all they need")
        parser.add_argument("--wait", action="store_true", help="show progress until it is done")
        parser.add_argument("--here", action="store_true", help="do the work in this process; no worker is needed")

    def run(self, **options: Any) -> None:
        only = [name.strip() for name in options["only"].split(",") if name.strip()]
        try:
            steps = [step.name for step in with_needs(only)]
        except AnalysisError as error:
            raise CommandError(error.message) from error
        episodes = [find_episode(name) for name in options["episodes"]]
        for episode in episodes:
            job = plan_analysis(episode, only=only)
            if options["here"]:
                self._work(job)
        if options["wait"] or options["here"]:
            failures = [failure for episode in episodes if (failure := self._wait(episode, steps))]
            if failures:
                raise CommandError("\n".join(failures))
        else:
            self.stdout.write(f"{len(episodes)} episodes wait for a worker. Watch them with manage.py episodes.")

    def _work(self, plan: Job) -> None:
        """Do what a worker would, until nothing is left that can run; what is to be tried again later is waited for."""
        run_job(plan.pk)
        jobs = Job.objects.filter(episode=plan.episode, kind=Job.Kind.ANALYSIS)
        while True:
            now = timezone.now()
            if job := jobs.claimable(now).order_by("pk").first():
                try:
                    run_job(job.pk)
                except Exception as error:  # the job's row has the reason; it is said below
                    self.stderr.write(f"{job.name}: {type(error).__name__}")
            elif later := jobs.filter(not_before__gt=now, status=Job.Status.WAITING).order_by("not_before").first():
                assert later.not_before is not None
                self.stderr.write(f"{later.name}: {later.error} It is tried again at {later.not_before:%H:%M:%S}.")
                time.sleep(max(0.0, (later.not_before - timezone.now()).total_seconds()))
            else:
                return

    def _wait(self, episode: Episode, steps: list[str]) -> str:
        """Show the progress of an episode's steps until they end; return why it failed, or ""."""
        began = time.monotonic()
        with tqdm(total=100, desc=str(episode)[:40], unit="%", disable=None) as bar:
            while True:
                jobs = [job for job in newest_jobs([episode]).get(episode.pk, []) if job.name in (*steps, "plan")]
                progress = analysis_progress(jobs)
                bar.update(progress.progress - bar.n)
                bar.set_postfix_str(progress.step[:40])
                if jobs and not self._unfinished(jobs):
                    return self._failure(episode, jobs, progress)
                if time.monotonic() - began > HINT_AFTER_SECONDS and self._untouched(jobs):
                    tqdm.write("No worker has begun. Start one with “make worker”, or use --here.")
                    began = float("inf")
                time.sleep(POLL_SECONDS)

    @staticmethod
    def _unfinished(jobs: list[Job]) -> bool:
        return any(job.status in (Job.Status.WAITING, Job.Status.RUNNING) for job in jobs)

    @staticmethod
    def _untouched(jobs: list[Job]) -> bool:
        return all(job.status == Job.Status.WAITING for job in jobs if job.status != Job.Status.DONE)

    @staticmethod
    def _failure(episode: Episode, jobs: list[Job], progress: AnalysisProgress) -> str:
        if progress.status == Job.Status.DONE:
            return ""
        if progress.status == Job.Status.CANCELLED:
            return f"The analysis of episode {episode.pk} ({episode}) was cancelled."
        reasons = [f"{job.name}: {job.error}" for job in jobs if job.status == Job.Status.FAILED]
        return f"Episode {episode.pk} ({episode}) failed. {' '.join(reasons)}"
