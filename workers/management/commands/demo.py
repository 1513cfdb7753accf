from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from webapp.accounts.models import User
from webapp.annotation.models import Project
from webapp.annotation.services.projects import create_project
from webapp.commands import LineCommand
from webapp.corpus.models import Episode
from webapp.corpus.services import plan_analysis
from workers.analysers.errors import AnalysisError
from workers.demo import make_demo_episode
from workers.importing import import_episode
from workers.pipeline import with_needs
from workers.watching import watch

SERIES, TITLE = "Demo", "The launch"
#: Also printed by the command; the demo is for one's own machine.
PASSWORD = "affectory-demo"
PEOPLE = (
    ("admin", "Ada Admin", True, User.Language.ENGLISH),
    ("anna", "Anna Lee", False, User.Language.ENGLISH),
    ("ben", "Ben Okafor", False, User.Language.ENGLISH),
    ("chen", "Chen Wei", False, User.Language.CHINESE),
)
#: Both protocols on the same episode: name, and the guideline beside the demo's other files.
PROJECTS = (
    ("Demo", Project.Protocol.MEMOR, "guideline.md"),
    ("Demo: relationships", Project.Protocol.ERATO, "guideline_relationships.md"),
)
GUIDELINES = Path(__file__).resolve().parents[2] / "demo"


class Command(LineCommand):
    help = (
        "Set the demo up: an episode of our own making, analysed by a real worker, users, a project of each protocol."
    )
    example = ""
    requires_migrations_checks = False  # it migrates by itself, first of all

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet-log-ins", action="store_true", help="do not print the log-ins")

    def run(self, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        users = [self._user(*person) for person in PEOPLE]
        missing = [one for one in PROJECTS if not Project.objects.filter(name=one[0]).exists()]
        if missing:
            episode = self._episode()
            self._analyse(episode)
            for name, protocol, guideline in missing:
                create_project(
                    name=name,
                    protocol=protocol,
                    episodes=[episode],
                    annotators=users[1:],
                    guideline=(GUIDELINES / guideline).read_text(encoding="utf-8"),
                )
        log_ins = [f"Log-ins (password of all: {PASSWORD}):"]
        log_ins += [f"  {who:<6} {name}, {'admin' if is_admin else 'annotator'}" for who, name, is_admin, _ in PEOPLE]
        # Kept beside the demo, so that `make demo` can show them below the address once the web process answers.
        kept = settings.DATA / "demo" / "log-ins.txt"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text("\n".join(log_ins) + "\n", encoding="utf-8")
        if not options["quiet_log_ins"]:
            self.stdout.write("\n".join(log_ins))

    def _user(self, username: str, name: str, is_admin: bool, language: str) -> User:
        first, _, last = name.partition(" ")
        user, made = User.objects.get_or_create(
            username=username,
            defaults={"first_name": first, "last_name": last, "is_staff": is_admin, "language": language},
        )
        if made:
            user.set_password(PASSWORD)
            user.save()
        return user

    def _episode(self) -> Episode:
        known = Episode.objects.filter(series__name=SERIES, title=TITLE).first()
        if known:
            return known
        self.stdout.write("Making the demo episode …")
        try:
            files = make_demo_episode(settings.DATA / "demo")
            # Without its subtitle file: the worker reads the lines that are burned into the picture.
            return import_episode(files.video, series=SERIES, title=TITLE, transcript=files.transcript).episode
        except AnalysisError as error:
            raise CommandError(error.message) from error

    def _analyse(self, episode: Episode) -> None:
        """Have it done by a real worker, as `make demo` runs one, that is there for as long as this takes."""
        log = settings.DATA / "demo" / "worker.log"
        self.stdout.write(f"Analysing it with a worker (its log: {os.path.relpath(log)}) …")
        plan_analysis(episode)
        with _worker(log) as worker:

            def check(_: float) -> None:
                if worker.poll() is not None:
                    raise CommandError(f"The worker has ended (status {worker.returncode}). Its log says why: {log}")

            if failure := watch(episode, [step.name for step in with_needs([])], check):
                raise CommandError(failure)


@contextmanager
def _worker(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "celery", "-A", "webapp.celery_app", "worker", "--pool=solo", "-l", "INFO"]
    with log.open("ab") as out:
        worker = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            yield worker
        finally:
            worker.send_signal(signal.SIGTERM)
            try:
                worker.wait(timeout=30)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
