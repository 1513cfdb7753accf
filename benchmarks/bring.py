"""Import a video and wait until the workers have prepared it: python -m benchmarks.bring VIDEO [--subtitles F] ...

Says `ready` and waits for a line first: a program that starts is no part of the import, as the web process that is
there is none. Prints `first-shots SECONDS` and `prepared SECONDS`: when the first shots could be seen, and when the
last job had ended, counted from the begin of the import.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import django

_POLL_S = 0.1


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings.embedded")
    django.setup()
    from webapp.celery_app import app
    from webapp.corpus.models import Episode, Shot
    from webapp.corpus.services import plan_analysis
    from webapp.jobs.models import Job
    from workers.analysers.errors import AnalysisError
    from workers.importing import import_episode

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", type=Path)
    parser.add_argument("--subtitles", type=Path)
    parser.add_argument("--transcript", type=Path)
    options = parser.parse_args(arguments)
    _ = app.amqp, app.backend  # made when they are first asked for, as whoever sent a message before has done

    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    episode = Episode.objects.first()
    if not episode:
        texts = {"subtitles": options.subtitles, "transcript": options.transcript}
        try:
            episode = import_episode(options.video, series="Benchmark", title="Episode", **texts).episode
        except AnalysisError as error:
            print(error.message)
            return 1
    plan_analysis(episode)
    told = False
    while True:
        if not told and Shot.objects.filter(job__episode=episode).exists():
            print(f"first-shots {time.monotonic() - began:.1f}", flush=True)
            told = True
        jobs = list(Job.objects.filter(episode=episode).values_list("kind", "status", "name", "error"))
        for _, status, name, error in jobs:
            if status == Job.Status.FAILED:
                print(f"{name}: {error}")
                return 1
        if {job[1] for job in jobs} == {Job.Status.DONE} and any(job[0] == Job.Kind.ANALYSIS for job in jobs):
            print(f"prepared {time.monotonic() - began:.2f}", flush=True)
            return 0
        time.sleep(_POLL_S)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
