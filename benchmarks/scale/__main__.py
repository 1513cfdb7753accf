"""python -m benchmarks.scale [--episodes 200] [--moments 30] [--times 20] [--cpu]

Generates a season on SQLite in a temporary folder, opens every page, and makes all samples. Fails where a page takes
more than 150 ms (p95) or other queries than a small project's, or all samples more than 5 s.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from typing import Any

PAGE_MS = 150
SAMPLES_S = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--times", type=int, default=20, help="how often each page is opened")
    parser.add_argument("--cpu", action="store_true", help="judge by CPU time: for a machine that has other work")
    parser.add_argument("--only", default="", help="pages whose address holds this")
    parser.add_argument("--keep", metavar="FOLDER", help="make the season there, or use the one that is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="affectory-scale-") as folder:
        os.environ["AFFECTORY_DATA"] = options.keep or folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.settings.embedded"
        os.environ.setdefault("AFFECTORY_LOG_LEVEL", "WARNING")
        return run(options)


def run(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.scale.measure import PAGES, Visitor, p95
    from webapp.annotation.models import StateRevision

    call_command("migrate", verbosity=0)
    import webapp.wsgi  # noqa: F401  the web process as it is: what it sets apart at its start is set apart here too

    small, large = seasons(options)
    print(f"{large.episodes.count()} episodes, {large.clips.count()} clips, {StateRevision.objects.count()} states")
    failures = samples(large)
    few, many = Visitor(small), Visitor(large)
    print(f"\n{'p95 ms':>8} {'p95 CPU':>8} {'median':>8} {'first':>8} {'queries':>8} {'KiB':>7}  page")
    for page in PAGES:
        if options.only not in page[1]:
            continue
        expected = few.time(page, 1).queries
        found = many.time(page, options.times)
        slow = p95(found.cpu_ms if options.cpu else found.wall_ms)
        wrong = [f"slower than {PAGE_MS} ms"] if slow > PAGE_MS else []
        if found.queries != expected:
            wrong.append(f"{expected} queries in a small project")
        median = sorted(found.wall_ms[1:])[len(found.wall_ms) // 2 - 1]
        print(
            f"{p95(found.wall_ms):8.1f} {p95(found.cpu_ms):8.1f} {median:8.1f} {found.wall_ms[0]:8.1f} "
            f"{found.queries:8} {found.kilobytes:7.1f}  {found.who:9} {found.path}  {'; '.join(wrong)}",
            flush=True,
        )
        failures += bool(wrong)
    print("\nall well" if not failures else f"\n{failures} too slow or not constant")
    return 1 if failures else 0


def seasons(options: argparse.Namespace) -> tuple[Any, Any]:
    """Return a small and a large project, generated unless they are there."""
    from django.db import connection

    from benchmarks.scale.data import Season, Size
    from webapp.annotation.models import Project

    found = []
    for name, size in (
        ("Small", Size(episodes=2, moments=3, open_share=0.5)),
        ("Season", Size(episodes=options.episodes, moments=options.moments)),
    ):
        project = Project.objects.filter(name=name).first()
        if project is None:
            before = time.perf_counter()
            project = Season(name, size).write()
            print(f"{name}: generated in {time.perf_counter() - before:.0f} s")
            connection.close()  # the next one finds all of it in the database file, not in its journal
        found.append(project)
    return found[0], found[1]


def samples(project: Any) -> int:
    """Time the snapshot and all samples of a project; return how many limits were broken."""
    from exports.samples import build_samples
    from webapp.quality.snapshot import answers_snapshot, project_snapshot

    before = time.perf_counter()
    snapshot = project_snapshot(project)
    loaded = time.perf_counter() - before
    before = time.perf_counter()
    made, tally = build_samples(snapshot)
    built = time.perf_counter() - before
    before = time.perf_counter()
    answers_snapshot(project)
    answers = time.perf_counter() - before
    print(
        f"samples: {len(made)} of {tally.pairs} pairs; snapshot with all facts {loaded:.2f} s "
        f"(answers alone {answers:.2f} s), samples {built:.2f} s"
    )
    if loaded + built > SAMPLES_S:
        print(f"slower than {SAMPLES_S} s")
    return int(loaded + built > SAMPLES_S)


if __name__ == "__main__":
    sys.exit(main())
