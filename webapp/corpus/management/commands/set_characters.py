from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from webapp.commands import LineCommand
from webapp.corpus.models import Series
from webapp.corpus.services import set_main_characters

LONGEST_NAME = 100


class Command(LineCommand):
    help = "Name the main characters of a series, in order; all others count as others."
    example = "Friends --main Rachel Joanna"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("series")
        parser.add_argument("--main", nargs="+", required=True, metavar="NAME")

    def run(self, **options: Any) -> None:
        series = Series.objects.filter(name=options["series"]).first()
        if series is None:
            known = ", ".join(Series.objects.values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no series “{options['series']}”. Series: {known}.")
        for name in options["main"]:
            if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
                raise CommandError(f"A name has 1 to {LONGEST_NAME} printable characters; {name!a} does not.")
        set_main_characters(series=series, names=options["main"])
        self.stdout.write(f"Main characters of {series.name}: {', '.join(options['main'])}.")
