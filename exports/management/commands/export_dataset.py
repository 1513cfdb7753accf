from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from exports.errors import ExportError
from exports.release import ReleaseOptions, build_release, rebuild_release
from webapp.commands import LineCommand, find_project
from webapp.quality.snapshot import project_snapshot
from workers.releases import feature_paths


class Command(LineCommand):
    help = "Freeze a project's samples as a release folder, or build a release again from its own manifest."
    example = "'Season 1' --format memor --out releases/season-1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", nargs="?", help="name or number")
        parser.add_argument("--format", choices=["memor"], default="memor")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="must not exist, or be empty")
        parser.add_argument("--split", choices=["grouped", "paper"], default="grouped")
        parser.add_argument("--group-by", choices=["clip", "episode", "series"], default="clip")
        parser.add_argument("--seed", type=int, default=2020)
        parser.add_argument(
            "--liwc",
            type=Path,
            metavar="FILE",
            default=settings.LIWC_DICTIONARY,
            help="the lab's own LIWC dictionary (.dic) instead of Empath's word categories",
        )
        parser.add_argument(
            "--rebuild", type=Path, metavar="RELEASE", help="give the same bytes again, without database"
        )

    def run(self, **options: Any) -> None:
        if (options["project"] is None) == (options["rebuild"] is None):
            raise CommandError("Name either a project, or a release with --rebuild.")
        with tqdm(total=100, desc="release", unit="%", disable=None, leave=False) as bar:

            def on_progress(share: float, step: str) -> None:
                bar.update(int(share * 100) - bar.n)
                bar.set_postfix_str(step[:40])

            try:
                if options["rebuild"]:
                    built = rebuild_release(options["rebuild"], options["out"], on_progress, options["liwc"])
                else:
                    snapshot = project_snapshot(find_project(options["project"]))
                    chosen = ReleaseOptions(
                        format=options["format"],
                        split=options["split"],
                        group_by=options["group_by"],
                        seed=options["seed"],
                        liwc_dictionary=options["liwc"],
                    )
                    built = build_release(snapshot, feature_paths(snapshot), options["out"], chosen, on_progress)
            except (ExportError, OSError) as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"Release in {options['out']}: {built.samples} samples of {built.clips} clips.")
        self.stdout.write(f"Manifest {built.manifest_sha256}")
