from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from exports.agreement import agreement
from exports.agreement_tables import render_csv, render_text
from webapp.commands import LineCommand, find_project
from webapp.quality.snapshot import states_of


class Command(LineCommand):
    help = "Print how far the annotators of a project agree, on every level."
    example = "'Season 1' --format csv > agreement.csv"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="name or number")
        parser.add_argument("--format", choices=["text", "json", "csv"], default="text")

    def run(self, **options: Any) -> None:
        project = find_project(options["project"])
        report = agreement(states_of(project), tuple(project.fine_grained_kept))
        renderers = {
            "text": render_text,
            "csv": render_csv,
            "json": lambda it: json.dumps(it.as_dict(), indent=1, ensure_ascii=False),
        }
        self.stdout.write(renderers[options["format"]](report))
