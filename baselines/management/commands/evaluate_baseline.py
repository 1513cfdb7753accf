from __future__ import annotations

from argparse import Namespace
from typing import Any

from django.core.management.base import CommandError, CommandParser

from baselines import evaluate
from webapp.commands import LineCommand


class Command(LineCommand):
    help = "Say what a trained baseline is worth: scores, breakdowns, missing modalities."
    example = "runs/season-1-amer releases/season-2 --side test"

    def add_arguments(self, parser: CommandParser) -> None:
        evaluate.add_arguments(parser)

    def run(self, **options: Any) -> None:
        if evaluate.run(Namespace(**options)):
            raise CommandError("It did not end well; the line above says why.")
