"""An ERATO project as a release: by command and by job, with the numbers its page shows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from tests.webapp.factories import make_project, make_user
from tests.webapp.relationships.factories import project_with_clips, relate, relate_turn, say
from webapp.accounts.models import User
from webapp.annotation.models import Project
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from webapp.quality.models import Consensus, Release
from webapp.quality.services import start_release
from webapp.relationships.services.labelling import finish_relating
from webapp.relationships.steps import StepEvent
from workers.tasks import run_job

pytestmark = pytest.mark.django_db

AsUser = Callable[[User], APIClient]
SPANS = ((0, 20_000), (20_000, 30_000), (30_000, 60_000), (60_000, 68_000), (70_000, 90_000), (90_000, 94_000))
SAID = ("hostile", "mild", "mild", "mild")


def labelled() -> Project:
    """Six clips: four with an answer, one discarded, one too short. In every one Anna and Ben take turns."""
    anna = make_user()
    project, _ = project_with_clips(*SPANS, annotators=[anna])
    for word in (*SAID[:3], "", SAID[3]):
        turn = relate_turn(project, anna)
        if word:
            relate(turn, word)
        else:
            say(turn, StepEvent("discard", reason="no_interaction"))
            finish_relating(assignment=turn)
    return project


def test_the_command_writes_samples_and_says_why_others_are_none(tmp_path: Path) -> None:
    project = labelled()
    call_command("export_dataset", project.name, out=tmp_path / "release")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "release" / "samples.csv").read_text())))
    assert [row["five"] for row in rows] == list(SAID)
    assert {row["name_a"] for row in rows} | {row["name_b"] for row in rows} == {"Anna", "Ben"}
    # Of the first 20 s each is seen for 10; of the second clip, 10 s, for 5; never together.
    assert [(row["appearance_ratio"], row["iom"]) for row in rows[:2]] == [("1.0", "0.0")] * 2
    dropped = list(csv.DictReader(io.StringIO((tmp_path / "release" / "dropped.csv").read_text())))
    assert [row["reason"] for row in dropped] == ["discarded", "too_short"]


def test_what_a_discussion_ended_with_stands_above_the_answers(tmp_path: Path) -> None:
    project = labelled()
    first, discarded = project.clips.get(start_ms=0), project.clips.get(start_ms=60_000)
    one, other = sorted(first.people.values_list("identity", flat=True))
    admin = make_user(admin=True)
    for clip, word in ((first, "tense"), (discarded, "intimate"), (first, "neutral")):
        Consensus.objects.create(
            clip=clip, client_id=uuid4(), first_id=one, second_id=other, relationship=word, decided_by=admin
        )
    call_command("export_dataset", project.name, out=tmp_path / "release")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "release" / "samples.csv").read_text())))
    assert [row["five"] for row in rows] == ["neutral", "mild", "mild", "intimate", "mild"]


def test_a_release_is_built_again_from_its_own_folder_to_the_same_bytes(tmp_path: Path) -> None:
    project = labelled()
    call_command("export_dataset", project.name, out=tmp_path / "one")
    call_command("export_dataset", rebuild=tmp_path / "one", out=tmp_path / "two")
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) >= 7
    for path in files:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes(), path


def test_the_format_is_that_of_the_protocol(tmp_path: Path) -> None:
    for project, wrong in ((labelled(), "memor"), (make_project(), "erato")):
        with pytest.raises(CommandError, match=f"of format {project.protocol}, not {wrong}"):
            call_command("export_dataset", project.name, format=wrong, out=tmp_path / "release")
    assert not list(tmp_path.glob("release*"))


def test_a_project_without_answers_says_what_is_missing(tmp_path: Path) -> None:
    project, _ = project_with_clips((0, 20_000))
    with pytest.raises(CommandError, match="1 no answer"):
        call_command("export_dataset", project.name, out=tmp_path / "release")


def test_the_page_shows_the_numbers_of_a_release_and_a_clip_of_each_interaction(as_user: AsUser) -> None:
    project = labelled()
    admin = make_user(admin=True)
    started = start_release(project=project, options={"split": "paper", "group_by": "clip", "seed": 1}, user=admin)
    run_job(started.job_id)  # what a worker does when the message wakes it
    release = Release.objects.get()
    assert (release.samples, release.clips, release.job.status) == (4, 4, Job.Status.DONE)
    found = as_user(admin).get(f"/api/releases/{release.pk}/statistics/").json()
    assert {row["name"]: row["all"] for row in found["five"]} == {
        "hostile": 1, "tense": 0, "neutral": 0, "mild": 3, "intimate": 0,
    }  # fmt: skip
    assert found["clips"]["all"] == 4
    assert found["total_ms"] == 20_000 + 10_000 + 30_000 + 20_000
    assert {row["reason"]: row["clips"] for row in found["dropped"] if row["clips"]} == {
        "discarded": 1, "too_short": 1,
    }  # fmt: skip
    durations = next(one for one in found["histograms"] if one["name"] == "duration_ms")
    assert (durations["mean"], durations["median"], durations["known"]) == (20_000, 20_000, 4)
    # All are apart; of 10, 20, 20 and 30 s the second is in the middle.
    (example,) = found["examples"]
    assert (example["interaction"], example["start_ms"], example["end_ms"]) == ("apart", 0, 20_000)
    written = json.loads((media_storage().path(release.path) / "statistics.json").read_text())
    assert written["interaction_examples"] == {"apart": example["clip"]}
