"""From a trained run to suggestions in the database: the command, the job, and how both fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from baselines.training import TrainingConfig, train
from exports.formats.features import write_episode_features
from tests.baselines.factory import release
from tests.exports.factory import features
from tests.webapp.factories import clip_of, labelled_project, write_media
from webapp.annotation.models import ClipSuggestion, Project
from webapp.annotation.services.suggesting import clips_to_prelabel, set_prelabeller
from webapp.annotation.suggestions import entropy
from webapp.jobs.models import Job
from webapp.quality.snapshot import project_snapshot
from workers.tasks import run_job

pytestmark = pytest.mark.usefixtures("media_root")


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    train(TrainingConfig(epochs=1), release(folder), folder / "tiny-amer")
    return folder / "tiny-amer"


def project_with_features() -> Project:
    project, _ = labelled_project()
    (episode,) = project_snapshot(project).episodes
    assert episode.features_path is not None
    write_episode_features(write_media(episode.features_path, b""), features(episode))
    return project


def only_job(project: Project) -> Job:
    return Job.objects.get(kind=Job.Kind.PRELABEL, parameters__project=project.pk)


@pytest.mark.django_db
def test_a_trained_run_labels_the_clips_of_a_project(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = project_with_features()
    call_command("prelabel", project.name, "--model", str(run_dir))
    assert "Nobody sees them" in capsys.readouterr().out
    job = only_job(project)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.figures) == ("done", {"suggestions": 2}), job.error
    rows = ClipSuggestion.objects.filter(clip=clip_of(project)).order_by("character__order")
    assert [(row.character.name, row.source) for row in rows] == [
        ("Rachel", "baseline:tiny-amer"),
        ("Joanna", "baseline:tiny-amer"),
    ]
    for row in rows:
        assert len(row.probabilities) == 9
        assert sum(share for _, share in row.probabilities) == pytest.approx(1)
        assert row.entropy == pytest.approx(entropy(row.probabilities))
    project.refresh_from_db()
    assert clips_to_prelabel(project) == []


@pytest.mark.django_db
def test_the_project_keeps_its_model_when_the_run_folder_goes(run_dir: Path, tmp_path: Path) -> None:
    project = project_with_features()
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in run_dir.iterdir():
        if file.is_file():
            (copy / file.name).write_bytes(file.read_bytes())
    call_command("prelabel", project.name, "--model", str(copy), "--name", "season-1")
    for file in copy.iterdir():
        file.unlink()
    run_job(only_job(project).pk)
    assert set(ClipSuggestion.objects.values_list("source", flat=True)) == {"baseline:season-1"}


@pytest.mark.django_db
def test_a_model_that_does_not_fit_fails_with_a_reason_and_leaves_the_clips_alone(run_dir: Path) -> None:
    project = project_with_features()
    call_command("prelabel", project.name, "--model", str(run_dir))
    project.refresh_from_db()
    write_media(f"{project.prelabeller_folder}/weights.pt", b"no weights")
    job = only_job(project)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "prelabeller_refused")
    assert "tiny-amer" in job.error
    assert "weights.pt" in job.error
    assert not ClipSuggestion.objects.exists()


@pytest.mark.django_db
def test_a_pre_labeller_taken_away_before_its_job_ran_says_nothing(run_dir: Path) -> None:
    project = project_with_features()
    call_command("prelabel", project.name, "--model", str(run_dir))
    call_command("prelabel", project.name, "--none")
    job = only_job(project)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.figures) == ("done", {"suggestions": 0})


@pytest.mark.django_db
def test_clips_wait_for_features_without_an_error(run_dir: Path) -> None:
    project, _ = labelled_project()
    Job.objects.filter(name="features").update(is_current=False)
    call_command("prelabel", project.name, "--model", str(run_dir))
    job = only_job(project)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.figures) == ("done", {"suggestions": 0}), job.error
    project.refresh_from_db()
    assert clips_to_prelabel(project) == [clip_of(project).pk]


@pytest.mark.django_db
def test_the_command_refuses_what_cannot_work_in_one_line(run_dir: Path, tmp_path: Path, media_root: Path) -> None:
    project, _ = labelled_project()
    for arguments, said in (
        (["--model", str(tmp_path)], "no run folder"),
        ([], "Name the folder of a run"),
        (["--model", str(run_dir), "--none"], "Name the folder of a run"),
        (["--model", str(run_dir), "--name", "a b"], "choose one with --name"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("prelabel", project.name, *arguments)
    assert set_prelabeller(project=project, name="", folder="") is None
    assert not (media_root / "prelabellers").exists()
