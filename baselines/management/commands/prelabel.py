from __future__ import annotations

import re
import shutil
import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from baselines.errors import RunError
from baselines.prelabel import FILES, check_run
from exports.errors import ExportError
from webapp.annotation.services.suggesting import set_prelabeller
from webapp.commands import LineCommand, find_project
from webapp.corpus.storage import media_storage

#: A name is part of `baseline:<name>`, which annotators see and answers keep.
NAME = re.compile(r"[\w.-]{1,60}")


class Command(LineCommand):
    help = "Let a trained baseline suggest emotions for a project's clips; --none takes it away."
    example = "'Season 1' --model runs/season-1-amer"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project")
        parser.add_argument("--model", type=Path, metavar="RUN", help="folder that train_baseline wrote")
        parser.add_argument("--name", default="", help="shown to annotators (default: name of the folder)")
        parser.add_argument("--none", action="store_true", help="no pre-labeller any more")

    def run(self, **options: Any) -> None:
        project = find_project(options["project"])
        if options["none"] == bool(options["model"]):
            raise CommandError("Name the folder of a run with --model, or say --none.")
        if options["none"]:
            set_prelabeller(project=project, name="", folder="")
            self.stdout.write(f"“{project.name}” has no pre-labeller any more; what it suggested is gone.")
            return
        run_dir = options["model"].resolve()
        name = options["name"] or run_dir.name
        if not NAME.fullmatch(name):
            raise CommandError(
                f"The name “{name}” must be 1 to 60 letters, digits, dots, - or _: choose one with --name."
            )
        try:
            check_run(run_dir)
            folder = _kept(run_dir)
        except (RunError, ExportError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{run_dir} cannot be copied to the media storage: {error}") from error
        job = set_prelabeller(project=project, name=name, folder=folder)
        shown = (
            "Annotators see them"
            if project.shows_suggestions
            else "Nobody sees them until the project's settings say so"
        )
        self.stdout.write(
            f"“{name}” suggests emotions for the clips of “{project.name}” (job {job.pk if job else '-'})."
        )
        self.stdout.write(f"{shown}.")


def _kept(run_dir: Path) -> str:
    """Copy what the model needs to the media storage, where all workers see it; return the folder's name there."""
    storage = media_storage()
    name = f"prelabellers/{uuid.uuid4().hex}"
    copy = storage.root / f"{name}.part"
    copy.mkdir(parents=True)
    try:
        for file in FILES:
            shutil.copyfile(run_dir / file, copy / file)
        storage.publish(copy, name)
    finally:
        shutil.rmtree(copy, ignore_errors=True)
    return name
