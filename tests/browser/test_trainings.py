"""An admin trains a model on a release, watches it learn, reads its result, and lets it label clips."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.baselines.factory import release as build_small_release
from tests.browser.conftest import LARGE, Visitor, World
from tests.webapp.factories import make_job
from webapp.corpus.storage import media_storage
from webapp.jobs.models import Job
from webapp.quality.models import Release
from webapp.training.models import Epoch, TrainingRun
from workers.tasks import run_job


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_small_release(tmp_path_factory.mktemp("release"), clips=12)


def finished_release(world: World, built: Path) -> Release:
    path = f"releases/project-{world.project.pk}/release-1/release"
    shutil.copytree(built, media_storage().root / path)
    return Release.objects.create(
        project=world.project, number=1, path=path, samples=24, clips=12,
        job=make_job("release-memor", kind="release", status="done", finished_at=timezone.now()),
        options={"split": "grouped", "group_by": "clip", "seed": 1},
    )  # fmt: skip


def test_a_model_is_trained_and_used(
    visit: Callable[..., Visitor], world: World, built: Path, picture: Callable[[Visitor, str], None]
) -> None:
    finished_release(world, built)
    ada = visit()
    page = ada.page
    ada.log_in("ada")
    ada.go(f"/projects/{world.project.pk}?tab=releases")
    page.get_by_role("button", name="Train a model on release 1").click()
    page.get_by_role("combobox", name="Model").select_option("mdl")
    for part in ("Picture", "Sound"):
        page.get_by_role("checkbox", name=part).uncheck()
    page.get_by_role("checkbox", name="personality", exact=True).check()
    page.get_by_role("textbox", name="Seeds").fill("2")
    page.get_by_role("textbox", name="Epochs, at most").fill("3")
    picture(ada, "train-en")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_role("heading", name="MDL (MEmoR's table)")).to_be_visible()
    expect(page.get_by_text("Waiting")).to_be_visible()
    expect(page.get_by_text("The first epoch has not ended yet.")).to_be_visible()

    run = TrainingRun.objects.get()
    assert (run.model, run.options["seeds"], run.options["epochs"], run.options["modalities"]) == (
        "mdl", 2, 3, ["text", "personality"],
    )  # fmt: skip
    Epoch.objects.create(
        run=run, seed=125, stage=1, number=1, measures={"train_loss": 2.0, "validation_loss": 2.125}
    )  # as a worker stores it while it trains
    expect(page.get_by_role("img", name="Loss by epoch; last: training 2.000, validation 2.125")).to_be_visible()
    run_job(run.job_id)
    expect(page.get_by_role("heading", name="Result on the test side")).to_be_visible()
    run.refresh_from_db()
    assert run.summary is not None
    score = f"{100 * run.summary['mean']['weighted_f1']:.1f}"
    expect(page.get_by_role("group", name="Weighted F1")).to_contain_text(score)
    expect(page.get_by_role("group", name="Weighted F1")).to_contain_text("constant")
    matrix = page.get_by_role("table", name="What was said for what is true")
    counted = sum(int(text) for text in matrix.get_by_role("cell").all_inner_texts() if text)
    assert counted == run.results.get(seed=125).metrics["test"]["samples"]
    ada.press("n")
    expect(page.get_by_role("button", name="Seed 126")).to_have_attribute("aria-pressed", "true")
    with page.expect_download() as started:
        page.get_by_role("link", name="metrics.json of seed 126").click()
    assert '"seed": 126' in started.value.path().read_text()
    picture(ada, "run-en")

    ada.press("u")
    page.get_by_role("button", name="Label the clips").click()
    expect(page.get_by_text(f"Suggests emotions in {world.project.name}.")).to_be_visible()
    world.project.refresh_from_db()
    assert world.project.prelabeller_folder.startswith(f"{run.path}/seed-")
    assert Job.objects.filter(kind="prelabel", parameters__project=world.project.pk).exists()
    ada.go(f"/projects/{world.project.pk}?tab=models")
    expect(page.get_by_role("link", name="Run 1: MDL (MEmoR's table)")).to_be_visible()
    expect(page.get_by_role("table", name="Models")).to_contain_text(score)
    picture(ada, "models-en")

    type(world.annotators["anna"]).objects.filter(username="ada").update(language="zh-hans")
    wu = visit(LARGE, "zh-CN", "dark")
    wu.log_in("ada")
    wu.go(f"/projects/{world.project.pk}/models/{run.pk}")
    expect(wu.page.get_by_role("heading", name="测试集结果")).to_be_visible()
    for visitor in (ada, wu):
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(wu, "run-zh")
    wu.page.get_by_role("table", name="各类别").scroll_into_view_if_needed()
    picture(wu, "run-result-zh")


def test_a_training_is_stopped_and_goes_on(visit: Callable[..., Visitor], world: World, built: Path) -> None:
    finished_release(world, built)
    ada = visit()
    page = ada.page
    ada.log_in("ada")
    ada.go(f"/projects/{world.project.pk}?tab=models")
    page.get_by_role("button", name="Train a model").click()
    page.get_by_role("textbox", name="Epochs, at most").press("Enter")
    expect(page.get_by_role("heading", name="AMER (MEmoR, Shen et al. 2020)")).to_be_visible()
    ada.press("x")
    page.get_by_role("button", name="Stop training").last.click()
    expect(page.get_by_role("alert")).to_contain_text("Cancelled")
    assert Job.objects.get(kind="train").status == "cancelled"
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Waiting")).to_be_visible()
    assert Job.objects.get(kind="train").status == "waiting"
