from __future__ import annotations

from typing import Any

from webapp.commands import LineCommand
from webapp.corpus.models import Episode
from webapp.corpus.queries import PROGRESS_FIELDS, analysis_progress, newest_jobs


class Command(LineCommand):
    help = "List the episodes with how far their analysis is."
    example = ""

    def run(self, **options: Any) -> None:
        episodes = list(Episode.objects.select_related("series"))
        jobs = newest_jobs(episodes, only=PROGRESS_FIELDS)
        for episode in episodes:
            progress = analysis_progress(jobs.get(episode.pk, []))
            self.stdout.write(f"{episode.pk:>5}  {episode}  {progress.status} {progress.progress} % {progress.step}")
        if not episodes:
            self.stdout.write("No episodes yet: import one with import_episode.")
