from __future__ import annotations

from argparse import Namespace
from typing import Any

from django.core.management.base import CommandError, CommandParser

from baselines import explain
from webapp.commands import LineCommand


class Command(LineCommand):
    help = "Draw why a trained baseline said what it said of some samples."
    example = "runs/season-1-amer --samples 5"

    def add_arguments(self, parser: CommandParser) -> None:
        explain.add_arguments(parser)

    def run(self, **options: Any) -> None:
        if explain.run(Namespace(**options)):
            raise CommandError("It did not end well; the line above says why.")
