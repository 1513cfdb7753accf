from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from webapp.annotation.models import Project
from webapp.annotation.services.projects import create_project
from webapp.commands import LineCommand, find_episode, find_users


class Command(LineCommand):
    help = "Make a project out of analysed episodes, ready to annotate."
    example = "'Season 1' --protocol memor --episodes 1 2 --annotators anna ben chen"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--protocol", choices=Project.Protocol.values, required=True)
        parser.add_argument("--episodes", nargs="+", required=True, metavar="EPISODE", help="numbers or titles")
        parser.add_argument("--annotators", nargs="*", default=[], metavar="USER")
        parser.add_argument("--answers", type=int, metavar="K", help="annotators per clip (default: memor 3, erato 1)")
        parser.add_argument(
            "--moment-annotators", type=int, default=1, metavar="N", help="annotators per episode (default: 1)"
        )
        parser.add_argument("--guideline", type=Path, metavar="FILE", help="Markdown shown to annotators")

    def run(self, **options: Any) -> None:
        for name in ("answers", "moment_annotators"):
            if options[name] is not None and not 1 <= options[name] <= 100:
                raise CommandError(f"--{name.replace('_', '-')} is {options[name]}, but must be from 1 to 100.")
        try:
            guideline = options["guideline"].read_text(encoding="utf-8") if options["guideline"] else ""
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The guideline {options['guideline']} cannot be read: {error}") from error
        project = create_project(
            name=options["name"],
            protocol=options["protocol"],
            episodes=[find_episode(name) for name in options["episodes"]],
            annotators=find_users(options["annotators"]),
            answers_per_clip=options["answers"],
            moment_annotators=options["moment_annotators"],
            guideline=guideline,
        )
        self.stdout.write(f"Made project {project.pk} “{project.name}” with {len(options['episodes'])} episodes.")
