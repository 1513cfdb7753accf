"""Import a video and wait until the workers have prepared it: python -m benchmarks.bring VIDEO [--subtitles F] ...

Says `ready` and waits for a line first: a program that starts is no part of the import, as the web process that is
there is none. Prints `first-shots SECONDS`: when the first shots could be seen, counted from the import's begin.
"""

from __future__ import annotations

import os
import sys
import time

import django

_POLL_S = 0.1


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings.embedded")
    django.setup()
    from django.core.management import call_command

    from webapp.corpus.models import Episode, Shot
    from webapp.corpus.services import plan_analysis
    from webapp.jobs.models import Job
    from workers import importing  # noqa: F401 - which the web process has imported as well

    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    if not Episode.objects.exists():
        call_command("import_episode", *arguments, "--series", "Benchmark", "--title", "Episode")
    episode = Episode.objects.get()
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
            return 0
        time.sleep(_POLL_S)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
