from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from webapp.annotation.jsonl import check_protocol, write_lines
from webapp.commands import LineCommand, find_project


class Command(LineCommand):
    help = "Write a project's annotations as JSON lines (docs/formats.md)."
    example = "'Season 1' annotations.jsonl"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="name or number")
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")

    def run(self, **options: Any) -> None:
        project = find_project(options["project"])
        check_protocol(project)
        target: Path = options["file"]
        partial = target.with_name(f"{target.name}.part")
        try:
            with partial.open("w", encoding="utf-8") as file:
                count = write_lines(project, file)
            partial.replace(target)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Wrote {count} lines to {target}.")
