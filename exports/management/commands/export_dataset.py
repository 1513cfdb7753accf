from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from exports.errors import ExportError
from exports.formats.erato.writer import FORMAT as ERATO
from exports.formats.erato.writer import rebuild_erato_release
from exports.formats.manifest import read_manifest
from exports.release import Progress, ReleaseOptions, rebuild_release
from webapp.annotation.models import Project
from webapp.commands import LineCommand, find_project
from workers.releases import Built, build_folder


class Command(LineCommand):
    help = "Freeze a project's samples as a release folder, or build a release again from its own manifest."
    example = "'Season 1' --format memor --out releases/season-1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", nargs="?", help="name or number")
        parser.add_argument("--format", choices=Project.Protocol.values, help="that of the project's protocol")
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
                built = _rebuild(options, on_progress) if options["rebuild"] else _build(options, on_progress)
            except (ExportError, OSError) as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"Release in {options['out']}: {built.samples} samples of {built.clips} clips.")
        self.stdout.write(f"Manifest {built.manifest_sha256}")


def _build(options: dict[str, Any], on_progress: Progress) -> Built:
    project = find_project(options["project"])
    chosen = ReleaseOptions(
        format=options["format"] or project.protocol,
        split=options["split"],
        group_by=options["group_by"],
        seed=options["seed"],
        liwc_dictionary=options["liwc"],
    )
    return build_folder(project, options["out"], chosen, on_progress)


def _rebuild(options: dict[str, Any], on_progress: Progress) -> Built:
    old: Path = options["rebuild"]
    if read_manifest(old).options.get("format") == ERATO:
        erato = rebuild_erato_release(old, options["out"])
        return Built(erato.manifest_sha256, erato.train + erato.test, erato.train + erato.test)
    memor = rebuild_release(old, options["out"], on_progress, options["liwc"])
    return Built(memor.manifest_sha256, memor.samples, memor.clips)
