"""From a release to a trained model that labels clips: the job, how it is interrupted, and what it leaves behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from baselines.loop import Fit
from exports.archive import write_zip
from exports.formats.features import write_episode_features
from tests.baselines.factory import release as build_small_release
from tests.exports.factory import features
from tests.s3 import s3_server, shared_bucket
from tests.webapp.factories import labelled_project, make_job, make_project, make_training, make_user, write_media
from webapp.annotation.models import ClipSuggestion, Project
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from webapp.jobs.services import cancel, retry
from webapp.quality.models import Release
from webapp.quality.snapshot import project_snapshot
from webapp.training.models import Epoch, SeedResult, TrainingRun
from webapp.training.services import NewEpoch
from workers.heartbeat import WorkerStopping
from workers.tasks import run_job
from workers.tidying import tidy
from workers.training import _epoch

# `transaction`: the heartbeat looks by a connection of its own.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media_root")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_small_release(tmp_path_factory.mktemp("release"))


def stored(built: Path, project: Project | None = None) -> Release:
    """A release whose folder lies in the media storage."""
    path = "releases/project-1/release-1/release"
    shutil.copytree(built, media_storage().root / path, dirs_exist_ok=True)
    return Release.objects.create(
        project=project or make_project(), number=1, job=make_job("release-memor", kind="release", status="done"),
        options={"split": "grouped", "group_by": "clip", "seed": 1}, path=path,
    )  # fmt: skip


def asked(release: Release, number: int = 1, **options: Any) -> TrainingRun:
    run = make_training(release, number=number, job=make_job("train-mdl", kind="train"))
    TrainingRun.objects.filter(pk=run.pk).update(
        model="mdl", options=run.options | {"seeds": 2, "seed": 7, "epochs": 2, "modalities": ["text"]} | options
    )
    run.refresh_from_db()
    return run


def after(run: TrainingRun) -> TrainingRun:
    run_job(run.job_id)
    return TrainingRun.objects.select_related("job").get(pk=run.pk)


@pytest.fixture
def stopping(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The worker is asked to end in the second epoch of the second seed."""
    real, calls = Fit._learn, iter(range(100))

    def learn(fit: Fit, epoch: int) -> float:
        if next(calls) == 3:
            raise WorkerStopping("This worker was asked to end.")
        return real(fit, epoch)

    with monkeypatch.context() as patch:
        patch.setattr(Fit, "_learn", learn)
        yield patch


def test_a_job_trains_every_seed_and_records_curves_and_results(built: Path, media_root: Path) -> None:
    run = after(asked(stored(built)))
    assert run.job.status == "done", run.job.error
    files = {seed: media_root / run.folder_of(seed) / "metrics.json" for seed in (7, 8)}
    documents = {seed: json.loads(file.read_text()) for seed, file in files.items()}
    results = {one.seed: one for one in SeedResult.objects.filter(run=run)}
    assert {seed: one.metrics for seed, one in results.items()} == documents
    for one in results.values():
        assert sum(map(sum, one.confusion)) == one.metrics["test"]["samples"]
    scores = [one["test"]["weighted_f1"] for one in documents.values()]
    assert run.summary is not None
    assert run.summary["mean"]["weighted_f1"] == pytest.approx(sum(scores) / 2)
    assert run.summary["constant"]["weighted_f1"] == documents[7]["constant"]["weighted_f1"]
    assert "held-out train clips" in run.summary["selection"]
    epochs = Epoch.objects.filter(run=run).values_list("seed", "stage", "number")
    assert list(epochs) == [(7, 1, 1), (7, 1, 2), (8, 1, 1), (8, 1, 2)]
    assert {"train_loss", "validation_loss", "validation_weighted_f1"} <= set(Epoch.objects.all()[0].measures)
    assert not list(media_root.glob("trainings/*/*.attempt-*"))


def test_a_training_that_was_interrupted_goes_on_to_the_same_result(
    built: Path, media_root: Path, stopping: pytest.MonkeyPatch
) -> None:
    release = stored(built)
    run = after(asked(release))
    assert run.job.status == "waiting"
    kept = media_root / f"trainings/project-{run.project_id}/run-1.attempt-1/run"
    first = (kept / "seed-7" / "weights.pt").stat().st_mtime_ns
    stopping.undo()
    run = after(run)
    assert run.job.status == "done", run.job.error
    assert (media_root / run.folder_of(7) / "weights.pt").stat().st_mtime_ns == first
    whole = after(asked(release, number=2))
    assert [one.metrics for one in run.results.all()] == [one.metrics for one in whole.results.all()]
    curves = [list(one.epochs.values_list("seed", "number", "measures")) for one in (run, whole)]
    assert curves[0] == curves[1]


def test_an_epoch_whose_loss_is_no_number_keeps_what_is_one() -> None:
    row = {"stage": 1, "epoch": 2, "train_loss": 1.5, "validation_loss": float("nan")}
    assert _epoch(7, row) == NewEpoch(7, 1, 2, {"train_loss": 1.5})


def test_a_training_that_was_cancelled_leaves_nothing_and_can_be_tried_again(
    built: Path, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked(stored(built))
    real = Fit._learn

    def learn(fit: Fit, epoch: int) -> float:
        cancel(Job.objects.filter(pk=run.job_id))
        return real(fit, epoch)

    with monkeypatch.context() as patch:
        patch.setattr(Fit, "_learn", learn)
        patch.setattr("workers.reporting.EVERY_SECONDS", 0.0)
        run = after(run)
    assert run.job.status == "cancelled"
    tidy()
    assert not list(media_root.glob("trainings/*/*"))
    assert not SeedResult.objects.exists()
    retry([run.job])
    assert after(run).job.status == "done"


def test_what_cannot_be_trained_on_fails_with_the_reason(built: Path, media_root: Path) -> None:
    release = stored(built)
    shutil.rmtree(media_root / release.path / "data" / "features")
    run = after(asked(release))
    assert (run.job.status, run.job.error_code) == ("failed", "training_refused")
    assert "features" in run.job.error
    assert not list(media_root.glob("trainings/*/*"))


def test_a_machine_that_has_not_built_the_release_unpacks_it(
    built: Path, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server() as endpoint, shared_bucket(endpoint, settings, monkeypatch):
        settings.MEDIA_ROOT = tmp_path / "builder"
        (tmp_path / "builder").mkdir()
        write_zip(built, tmp_path / "builder" / "release.zip")
        media_storage().put(tmp_path / "builder" / "release.zip", "releases/1/release.zip")
        release = stored(built)
        Release.objects.update(archive="releases/1/release.zip")
        settings.MEDIA_ROOT = tmp_path / "trainer"
        run = after(asked(release, seeds=1, epochs=1))
        assert run.job.status == "done", run.job.error
        settings.MEDIA_ROOT = tmp_path / "web"
        assert media_storage().path(f"{run.folder_of(7)}/metrics.json").is_file()


def test_a_model_trained_here_labels_the_clips_of_a_project_and_the_unsure_ones_come_first(built: Path) -> None:
    project, _ = labelled_project(times_ms=(10_000, 40_000))
    (episode,) = project_snapshot(project).episodes
    assert episode.features_path is not None
    write_episode_features(write_media(episode.features_path, b""), features(episode))
    client = APIClient()
    client.force_login(make_user(admin=True))
    answer = client.post(
        f"/api/projects/{project.pk}/trainings/",
        {"release": stored(built, project).pk, "model": "mdl", "epochs": 1, "modalities": ["text"]},
        format="json",
    )
    run_job(TrainingRun.objects.get(pk=answer.data["id"]).job_id)
    answer = client.post(f"/api/trainings/{answer.data['id']}/prelabel/", {"project": project.pk}, format="json")
    assert answer.status_code == 202, answer.data
    job = Job.objects.get(kind="prelabel")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "done", job.error
    unsure = ClipSuggestion.objects.values_list("clip", "entropy")
    assert {clip for clip, _ in unsure} == set(project.clips.values_list("pk", flat=True))
    client.patch(f"/api/projects/{project.pk}/settings/", {"hardest_first": True}, format="json")
    person = project.memberships.get().user
    client.force_login(person)
    given = client.post(f"/api/projects/{project.pk}/next/", {"kind": "states"}, format="json").data
    means: dict[int, list[float]] = {}
    for clip, entropy in unsure:
        means.setdefault(clip, []).append(entropy)
    assert given["clip"]["id"] == max(means, key=lambda clip: max(means[clip]))
