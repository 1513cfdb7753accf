from __future__ import annotations

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from webapp.commands import LineCommand, find_episode
from webapp.corpus.services import plan_analysis
from webapp.jobs.models import Job
from webapp.jobs.queues import is_anyone_there
from workers.analysers.errors import AnalysisError
from workers.pipeline import with_needs
from workers.tasks import run_job
from workers.watching import watch

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
            self._hinted = False
            failures = [failure for episode in episodes if (failure := watch(episode, steps, self._hint))]
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

    def _hint(self, waited_seconds: float) -> None:
        """Say once, where no worker has begun for long, why that may be."""
        if self._hinted or waited_seconds < HINT_AFTER_SECONDS:
            return
        self._hinted = True
        if is_anyone_there():
            tqdm.write("The workers are busy with something else: this comes when one is free.")
        else:
            tqdm.write("No worker is there. Start one with “make worker”, or use --here.")
