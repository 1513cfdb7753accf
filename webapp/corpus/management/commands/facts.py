from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from webapp.commands import LineCommand, find_episode
from webapp.corpus.facts_document import facts_document


class Command(LineCommand):
    help = "Print everything known about an episode as one JSON document (docs/formats.md)."
    example = "1 > facts.json"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("episode", help="number, title or series/title")
        parser.add_argument("--indent", type=int, default=1)

    def run(self, **options: Any) -> None:
        document = facts_document(find_episode(options["episode"]))
        self.stdout.write(json.dumps(document, indent=options["indent"], ensure_ascii=False))
