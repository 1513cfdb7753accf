from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from webapp.annotation.jsonl import open_lines
from webapp.annotation.services.importing import import_annotations
from webapp.commands import LineCommand, find_project


class Command(LineCommand):
    help = "Import moments and states from a file of JSON lines (docs/formats.md): all of it, or nothing."
    example = "'Season 1' annotations.jsonl --create-annotators"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="name or number")
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")
        parser.add_argument(
            "--create-annotators", action="store_true", help="make users that are not there, without log-in"
        )

    def run(self, **options: Any) -> None:
        project = find_project(options["project"])
        try:
            with open_lines(options["file"]) as file:
                counts = import_annotations(project=project, file=file, create_annotators=options["create_annotators"])
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        self.stdout.write(
            f"Imported {counts.turns} turns, {counts.moments} moments, {counts.states} states;"
            f" {counts.known} were there already."
        )
