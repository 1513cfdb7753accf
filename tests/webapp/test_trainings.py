"""Starting, stopping and using trainings over HTTP; `tests/workers/test_training_job.py` trains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.webapp.factories import make_job, make_project, make_training, make_user, write_media
from webapp.annotation.models import Project
from webapp.jobs.models import Job
from webapp.jobs.queues import say_present
from webapp.quality.models import Release
from webapp.training.models import Epoch, SeedResult, TrainingRun
from webapp.training.services import NewEpoch, store_epochs

pytestmark = pytest.mark.django_db


def finished_release(**values: Any) -> Release:
    return Release.objects.create(
        project=make_project(), number=1, job=make_job("release-memor", kind="release", status="done"),
        options={"split": "grouped", "group_by": "clip", "seed": 1}, path="releases/1/release", **values,
    )  # fmt: skip


@pytest.fixture
def admin() -> APIClient:
    client = APIClient()
    client.force_login(make_user("boss", admin=True, first_name="Ada"))
    return client


def metrics(weighted_f1: float) -> dict[str, Any]:
    scores = {"samples": 4, "micro_f1": 0.5, "macro_f1": 0.5, "weighted_f1": weighted_f1, "ua": 0.5, "per_class": []}
    return {
        "best_epoch": 2, "epochs": 3, "parameters": 7, "train_samples": 8, "validation": scores, "test": scores,
        "constant": scores, "breakdowns": {}, "conditions": {}, "notes": [],
    }  # fmt: skip


def finished_run(release: Release, **values: Any) -> TrainingRun:
    """A run of two seeds, of which the second was better on the validation side."""
    scores = dict.fromkeys(("micro_f1", "macro_f1", "weighted_f1", "ua"), 0.5)
    summary = {"mean": scores, "deviation": scores, "constant": scores, "selection": "micro_f1 on held-out clips"}
    job = make_job("train-amer", kind="train", status="done")
    options = {"emotions": "primary", "modalities": ["text"], "without": [], "seeds": 2, "seed": 7, "epochs": None}
    run = make_training(release, job=job, path="trainings/1", summary=summary, options=options, **values)
    for seed, score in ((7, 0.3), (8, 0.6)):
        SeedResult.objects.create(run=run, seed=seed, metrics=metrics(score), confusion=[[1, 2], [0, 1]])
    return run


def test_a_training_is_started_as_a_job_that_prefers_a_gpu(admin: APIClient) -> None:
    release = finished_release()
    answer = admin.post(
        f"/api/projects/{release.project_id}/trainings/",
        {"release": release.pk, "model": "amer", "without": ["intra"], "seeds": 3, "modalities": ["text", "audio"]},
        format="json",
    )
    assert answer.status_code == 202, answer.data
    assert (answer.data["number"], answer.data["status"]) == (1, "waiting")
    assert answer.data["title"] == "AMER (MEmoR, Shen et al. 2020)"
    run = TrainingRun.objects.get()
    assert run.options == {
        "emotions": "primary", "modalities": ["audio", "text"], "without": ["intra"], "seeds": 3, "seed": 125,
        "epochs": None,
    }  # fmt: skip
    assert (run.job.kind, run.job.queue, run.seeds) == ("train", "gpu", [125, 126, 127])
    again = admin.post(f"/api/projects/{release.project_id}/trainings/", {"release": release.pk}, format="json")
    assert again.data["number"] == 2
    listed = admin.get(f"/api/projects/{release.project_id}/trainings/").data["results"]
    assert [row["number"] for row in listed] == [2, 1]


@pytest.mark.parametrize("present", [True, False], ids=["a GPU worker", "none"])
def test_who_is_woken_depends_on_which_workers_there_are(
    admin: APIClient, present: bool, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[str] = []
    monkeypatch.setattr("webapp.jobs.services.current_app.send_task", lambda *_, **given: sent.append(given["queue"]))
    if present:
        say_present("big", {"gpu"})
    release = finished_release()
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(f"/api/projects/{release.project_id}/trainings/", {"release": release.pk}, format="json")
    assert sent == ["gpu" if present else "cpu"]


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"model": "gpt"}, "model", "not a valid choice"),
        ({"model": "mdl", "without": ["intra"]}, "without", "it has: personality"),
        ({"model": "lstm", "without": ["x"]}, "without", "it has: none"),
        ({"seeds": 0}, "seeds", "greater than or equal to 1"),
        ({"seeds": 11}, "seeds", "less than or equal to 10"),
        ({"modalities": []}, "modalities", "may not be empty"),
        ({"modalities": ["personality"]}, "modalities", "too"),
        ({"modalities": ["smell"]}, "modalities[0]", "not a valid choice"),
        ({"epochs": -1}, "epochs", "greater than or equal to 1"),
        ({"release": 2**61}, "release", "no such release"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_what_cannot_be_trained_is_refused_with_the_field(
    admin: APIClient, asked: dict[str, Any], field: str, said: str
) -> None:
    release = finished_release()
    address = f"/api/projects/{release.project_id}/trainings/"
    answer = admin.post(address, {"release": release.pk} | asked, format="json")
    assert answer.status_code == 400
    (where,) = [name for name in answer.data["fields"] if name.startswith(field.partition("[")[0])]
    assert said in answer.data["fields"][where][0]
    assert not TrainingRun.objects.exists()


def test_the_release_of_another_project_or_an_unfinished_one_is_refused(admin: APIClient) -> None:
    release, other = finished_release(), make_project()
    assert admin.post(f"/api/projects/{other.pk}/trainings/", {"release": release.pk}, format="json").status_code == 400
    Release.objects.update(path="")
    answer = admin.post(f"/api/projects/{release.project_id}/trainings/", {"release": release.pk}, format="json")
    assert (answer.status_code, answer.data["code"]) == (422, "release_unfinished")
    assert not Job.objects.filter(kind="train").exists()


def test_projects_of_another_protocol_neither_train_nor_get_suggestions(admin: APIClient) -> None:
    run, other = finished_run(finished_release()), finished_release().project
    Project.objects.filter(pk=other.pk).update(protocol="erato")
    for address, body in (
        (f"/api/projects/{other.pk}/trainings/", {"release": other.releases.get().pk}),
        (f"/api/trainings/{run.pk}/prelabel/", {"project": other.pk}),
    ):
        answer = admin.post(address, body, format="json")
        assert (answer.status_code, answer.data["code"]) == (422, "no_emotions")


def test_stopping_and_trying_again(admin: APIClient) -> None:
    run = make_training(finished_release())
    assert admin.post(f"/api/trainings/{run.pk}/cancel/").data["status"] == "cancelled"
    assert admin.post(f"/api/trainings/{run.pk}/retry/").data["status"] == "waiting"
    done = finished_run(run.release, number=2)
    for verb in ("cancel", "retry"):
        assert admin.post(f"/api/trainings/{done.pk}/{verb}/").data["status"] == "done"


def test_a_run_tells_its_curves_and_results(admin: APIClient) -> None:
    run = finished_run(finished_release())
    for seed, stage, number, loss in ((7, 1, 1, 2.0), (7, 1, 2, 1.5), (7, 2, 1, 1.0), (8, 1, 1, 3.0)):
        Epoch.objects.create(run=run, seed=seed, stage=stage, number=number, measures={"train_loss": loss})
    data = admin.get(f"/api/trainings/{run.pk}/").data
    assert [(one["seed"], one["stage"], one["epochs"], one["measures"]) for one in data["curves"]] == [
        (7, 1, [1, 2], {"train_loss": [2.0, 1.5]}),
        (7, 2, [1], {"train_loss": [1.0]}),
        (8, 1, [1], {"train_loss": [3.0]}),
    ]
    assert [(one["seed"], one["test"]["weighted_f1"]) for one in data["results"]] == [(7, 0.3), (8, 0.6)]
    assert data["results"][0]["confusion"] == [[1, 2], [0, 1]]
    assert data["project"]["name"] == run.project.name


def test_the_files_of_a_seed_are_sent_and_no_others(admin: APIClient, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    run = finished_run(finished_release())
    write_media("trainings/1/seed-7/metrics.json", b"{}")
    write_media("trainings/1/seed-7/weights.pt", b"secret")
    answer = admin.get(f"/api/trainings/{run.pk}/files/7/metrics.json")
    assert b"".join(answer) == b"{}"
    assert "run-1-amer-seed-7-metrics.json" in answer["Content-Disposition"]
    for address in ("7/weights.pt", "7/config.json", "9/metrics.json", "8/metrics.json"):
        assert admin.get(f"/api/trainings/{run.pk}/files/{address}").status_code == 404


def test_the_seed_that_was_best_on_the_validation_side_makes_suggestions(admin: APIClient) -> None:
    run, season2 = finished_run(finished_release()), make_project()
    answer = admin.post(f"/api/trainings/{run.pk}/prelabel/", {"project": season2.pk}, format="json")
    assert answer.status_code == 202
    assert answer.data["suggests_for"] == [season2.name]
    season2.refresh_from_db()
    assert season2.prelabeller_folder == "trainings/1/seed-8"
    assert Job.objects.filter(kind="prelabel", parameters__project=season2.pk).count() == 1
    assert admin.post(f"/api/trainings/{run.pk}/prelabel/", {"project": 2**40}, format="json").status_code == 400
    waiting = make_training(run.release, number=2)
    refused = admin.post(f"/api/trainings/{waiting.pk}/prelabel/", {"project": season2.pk}, format="json")
    assert (refused.status_code, refused.data["code"]) == (422, "run_unfinished")


def test_epochs_are_stored_once_and_by_the_attempt_that_holds_the_job_only() -> None:
    from webapp.jobs.services import JobLost

    run = make_training(finished_release())
    first = NewEpoch(125, 1, 1, {"train_loss": 1.0})
    with pytest.raises(JobLost):
        store_epochs(run=run, job=run.job, epochs=[first])
    Job.objects.filter(pk=run.job.pk).update(status="running", attempt=1)
    job = Job.objects.get(pk=run.job.pk)
    for _ in range(2):
        store_epochs(run=run, job=job, epochs=[first])
    assert Epoch.objects.count() == 1
    store_epochs(run=run, job=job, epochs=[NewEpoch(125, 1, 1, {"train_loss": 2.0})], anew=True)
    assert Epoch.objects.get().measures == {"train_loss": 2.0}
