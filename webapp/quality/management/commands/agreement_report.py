from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from exports.agreement import agreement
from exports.agreement_tables import render_csv, render_text, table
from exports.errors import ExportError
from exports.moment_agreement import moment_agreement
from exports.moment_counts import by_annotator, by_episode, count_moments
from exports.moment_gamma import mean_gamma
from exports.moment_tables import render_moments, render_moments_csv
from webapp.annotation.models import Project
from webapp.commands import LineCommand, find_project
from webapp.quality.crosschecks import csv_rows, report_of
from webapp.quality.moments import episode_names, marked_episodes, marked_turns
from webapp.quality.snapshot import states_of


class Command(LineCommand):
    help = "Print how far annotators agree: on moments and what came of them and on states; ERATO: week by week."
    example = "'Season 1' --format csv > agreement.csv"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="name or number")
        parser.add_argument("--format", choices=["text", "json", "csv"], default="text")
        parser.add_argument(
            "--about", choices=["all", "moments", "states"], help="default: all; for csv, which holds one table, states"
        )
        parser.add_argument("--gamma", action="store_true", help="gamma of moments too (needs pygamma-agreement)")

    def run(self, **options: Any) -> None:
        project = find_project(options["project"])
        if project.protocol == Project.Protocol.ERATO:
            if options["about"] or options["gamma"]:
                raise CommandError(f"“{project.name}” follows ERATO: --about and --gamma are for MEmoR projects.")
            self.stdout.write(_relationships(project, options["format"]))
            return
        about = options["about"] or ("states" if options["format"] == "csv" else "all")
        if options["format"] == "csv" and about == "all":
            raise CommandError("A CSV file holds one table: choose --about moments or --about states.")
        parts = {name: about in ("all", name) for name in ("moments", "states")}
        try:
            self.stdout.write(getattr(self, f"_{options['format']}")(project, parts, options["gamma"]))
        except ExportError as error:
            raise CommandError(str(error)) from error

    def _text(self, project: Project, parts: dict[str, bool], gamma: bool) -> str:
        found = []
        if parts["moments"]:
            turns, names = marked_turns(project), episode_names(project)
            episodes = {names[pk]: counts for pk, counts in by_episode(turns).items()}
            marked = marked_episodes(turns)
            agreed = moment_agreement(marked, project.moment_tolerance_ms)
            coefficient = mean_gamma(marked, project.moment_tolerance_ms) if gamma else None
            found.append(render_moments(episodes, by_annotator(turns), count_moments(turns), agreed, coefficient))
        if parts["states"]:
            found.append(render_text(agreement(states_of(project), tuple(project.fine_grained_kept))))
        heads = ("Moments", "States") if len(found) == 2 else ()
        return "\n".join(f"{head}\n\n{text}" for head, text in zip(heads, found, strict=True)) if heads else found[0]

    def _json(self, project: Project, parts: dict[str, bool], gamma: bool) -> str:
        document: dict[str, Any] = {}
        if parts["states"]:
            document |= agreement(states_of(project), tuple(project.fine_grained_kept)).as_dict()
        if parts["moments"]:
            turns, names = marked_turns(project), episode_names(project)
            marked = marked_episodes(turns)
            document["moments"] = {
                "time": project.moment_time,
                "total": count_moments(turns).as_dict(),
                "episodes": {names[pk]: counts.as_dict() for pk, counts in by_episode(turns).items()},
                "annotators": {name: counts.as_dict() for name, counts in by_annotator(turns).items()},
                "agreement": moment_agreement(marked, project.moment_tolerance_ms).as_dict(),
            }
            if gamma:
                found = mean_gamma(marked, project.moment_tolerance_ms)
                document["moments"]["gamma"] = {"value": found.value, "reason": found.reason}
        return json.dumps(document, indent=1, ensure_ascii=False)

    def _csv(self, project: Project, parts: dict[str, bool], gamma: bool) -> str:
        if gamma:
            raise CommandError("--gamma is for --format text or json.")
        if parts["states"]:
            return render_csv(agreement(states_of(project), tuple(project.fine_grained_kept)))
        return render_moments_csv(moment_agreement(marked_episodes(marked_turns(project)), project.moment_tolerance_ms))


def _relationships(project: Project, form: str) -> str:
    """Return the weekly agreement of an ERATO project: all of it, by annotator and by category."""
    head, *rows = csv_rows(report_of(project))
    if form == "json":
        names = [str(name) for name in head]
        return json.dumps([dict(zip(names, row, strict=True)) for row in rows], indent=1, ensure_ascii=False)
    if form == "csv":
        file = io.StringIO()
        csv.writer(file, lineterminator="\n").writerows([head, *rows])
        return file.getvalue()
    if not any(row[3] for row in rows):
        return "No clip was answered by two annotators yet.\n"
    shown = [[str(cell) for cell in row] for row in rows]
    return "\n".join(table([str(name).replace("_", " ") for name in head], shown)) + "\n"
