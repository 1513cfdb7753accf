"""python -m benchmarks.scale [--protocol memor|erato] [--episodes 200] [--moments 30] [--times 20] [--cpu]

Generates a project on SQLite in a temporary folder and opens every page. Fails where one takes more than 150 ms (p95)
or other queries than a small project's. MEmoR: makes all samples too, in at most 5 s. ERATO (1,100 episodes, 31,182
clips, three answers on a fifth of them): counts the weekly agreement in at most 2 s, and exports all of it in at most
30 s and 500 MB.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any

PAGE_MS = 150
SAMPLES_S = 5
WEEKLY_S = 2
EXPORT_S = 30
EXPORT_MB = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--protocol", choices=["memor", "erato"], default="memor")
    parser.add_argument("--episodes", type=int, help="200; erato: 1,100")
    parser.add_argument("--clips", type=int, default=31_182, help="erato")
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
    from webapp.annotation.models import Assignment

    call_command("migrate", verbosity=0)
    import webapp.wsgi  # noqa: F401  the web process as it is: what it sets apart at its start is set apart here too

    small, large = seasons(options)
    turns = Assignment.objects.filter(task__project=large).count()
    print(f"{large.episodes.count()} episodes, {large.clips.count()} clips, {turns} turns")
    failures = samples(large) if options.protocol == "memor" else weekly(large) + export(large)
    few, many = Visitor(small), Visitor(large)
    print(f"\n{'p95 ms':>8} {'p95 CPU':>8} {'median':>8} {'first':>8} {'queries':>8} {'KiB':>7}  page")
    for page in PAGES[large.protocol]:
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
    from benchmarks.scale.pairs import PairSeason, PairSize
    from webapp.annotation.models import Project

    found = []
    for name, small in (("Small", True), ("Season", False)):
        project = Project.objects.filter(name=name).first()
        if project is None:
            before = time.perf_counter()
            if options.protocol == "erato":
                pairs = PairSize(episodes=options.episodes or 1_100, clips=options.clips)
                project = PairSeason(name, PairSize(2, 60, open_share=0.5) if small else pairs).write()
            else:
                states = Size(episodes=options.episodes or 200, moments=options.moments)
                project = Season(name, Size(2, 3, open_share=0.5) if small else states).write()
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


def weekly(project: Any) -> int:
    """Time the weekly agreement; return how many limits were broken."""
    from webapp.quality.crosschecks import make_report

    before = time.perf_counter()
    report = make_report(project)
    took = time.perf_counter() - before
    print(f"weekly agreement: {len(report.weeks)} weeks in {took:.2f} s")
    return int(took > WEEKLY_S)


def export(project: Any) -> int:
    """Time the export in a process of its own, which tells its peak memory; return how many limits were broken."""
    with tempfile.TemporaryDirectory(prefix="affectory-export-") as folder:
        command = [sys.executable, "manage.py", "export_dataset", str(project.pk), "--out", f"{folder}/release"]
        before = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took = time.perf_counter() - before
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"export: {took:.1f} s with the start of the program, {peak:.0f} MB peak")
    return (took > EXPORT_S) + (peak > EXPORT_MB)


if __name__ == "__main__":
    sys.exit(main())
