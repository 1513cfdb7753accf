from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from webapp.commands import LineCommand
from workers.analysers.errors import AnalysisError
from workers.importing import import_episode


class Command(LineCommand):
    help = "Take a video in as an episode of a series, with its subtitles and transcript."
    example = "e01.mp4 --series Friends --title 'Pilot' --subtitles e01.srt --transcript e01.txt"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("video", type=Path)
        parser.add_argument("--series", required=True)
        parser.add_argument("--title", required=True)
        parser.add_argument("--subtitles", type=Path, metavar="FILE", help=".srt, .vtt or .ass; else OCR reads them")
        parser.add_argument("--transcript", type=Path, metavar="FILE", help="lines of the form “Speaker: text”")
        parser.add_argument("--language", default="en", choices=["en", "zh"], help="spoken and written (default: en)")

    def run(self, **options: Any) -> None:
        video: Path = options["video"]
        size = os.path.getsize(video) if os.path.isfile(video) else 0  # noqa: PTH113, PTH202  (no error for any name)
        try:
            with tqdm(total=size, unit="B", unit_scale=True, desc="copying", leave=False, disable=None) as bar:
                imported = import_episode(
                    video,
                    series=options["series"],
                    title=options["title"],
                    subtitles=options["subtitles"],
                    transcript=options["transcript"],
                    language=options["language"],
                    on_progress=bar.update,
                )
        except AnalysisError as error:
            raise CommandError(error.message) from error
        episode = imported.episode
        self.stdout.write(f"Imported episode {episode.pk}: {episode} ({imported.duration_ms / 1000:.1f} s).")
        if imported.new_characters:
            names = ", ".join(f"{c.name}{'' if c.is_main else ' (other)'}" for c in imported.new_characters)
            self.stdout.write(f"New characters from the transcript: {names}. Change them with set_characters.")
        self.stdout.write(f"Next: manage.py analyse {episode.pk} --wait")
