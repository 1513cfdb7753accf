"""Commands on a project of the ERATO protocol: what they print, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.webapp.factories import make_user
from tests.webapp.relationships.factories import project_with_clips, relate, relate_turn
from webapp.annotation.models import Project

pytestmark = pytest.mark.django_db


def answered_by_two() -> Project:
    """Two clips: of the first both say mild and intimate (the same of three), of the second both say tense."""
    anna, ben = make_user("anna", first_name="Anna"), make_user("ben", first_name="Ben")
    project, _ = project_with_clips((0, 20_000), (20_000, 40_000), annotators=[anna, ben], k=2)
    for who, words in ((anna, ("mild", "tense")), (ben, ("intimate", "tense"))):
        for word in words:
            relate(relate_turn(project, who), word)
    return project


def report(project: Project, **options: str) -> str:
    out = io.StringIO()
    call_command("agreement_report", project.name, stdout=out, **options)
    return out.getvalue()


def test_agreement_is_reported_in_three_and_five_categories() -> None:
    project = answered_by_two()
    rows = list(csv.DictReader(io.StringIO(report(project, format="csv"))))
    total = next(row for row in rows if row["week"] == "all" and row["group"] == "all")
    assert (total["compared"], total["percent_three"], total["percent_five"]) == ("2", "100.0", "50.0")
    assert json.loads(report(project, format="json"))[0].keys() == rows[0].keys()
    lines = report(project).splitlines()
    assert lines[0].split() == ["week", "group", "name", "compared", "same", "three", "percent", "three",
                                "same", "five", "percent", "five"]  # fmt: skip
    assert any(line.split()[-5:] == ["2", "2", "100.0", "1", "50.0"] for line in lines)


def test_without_two_answers_there_is_nothing_to_compare() -> None:
    project, _ = project_with_clips()
    assert report(project) == "No clip was answered by two annotators yet.\n"


def test_what_belongs_to_the_other_protocol_is_refused(tmp_path: Path) -> None:
    project, _ = project_with_clips()
    with pytest.raises(CommandError, match="--about and --gamma are for MEmoR"):
        report(project, about="moments")
    file = tmp_path / "lines.jsonl"
    with pytest.raises(CommandError, match="follows ERATO"):
        call_command("export_annotations", project.name, str(file))
    assert not list(tmp_path.iterdir())
    file.write_text("")
    with pytest.raises(CommandError, match="follows ERATO"):
        call_command("import_annotations", project.name, str(file))
