from __future__ import annotations

from argparse import Namespace
from typing import Any

from django.core.management.base import CommandError, CommandParser

from baselines import train
from webapp.commands import LineCommand


class Command(LineCommand):
    help = "Train and evaluate a published baseline on a release folder."
    example = "releases/season-1 --model amer --emotions primary"

    def add_arguments(self, parser: CommandParser) -> None:
        train.add_arguments(parser)

    def run(self, **options: Any) -> None:
        if train.run(Namespace(**options)):
            raise CommandError("Training did not end well; the line above says why.")
