from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch import nn
from torch.utils.data import DataLoader, WeightedRandomSampler

from baselines import training
from baselines.data import SampleSet, collate
from baselines.evaluation import predict
from baselines.registry import UnknownModel
from baselines.runs import RunError, load_run
from baselines.train import main
from baselines.training import TrainingConfig, class_weights, train
from exports.errors import FormatError
from exports.formats.manifest import read_manifest
from exports.formats.memor.reader import read_memor
from tests.baselines.factory import SMALL, amer, batch, release

SHORT = TrainingConfig(epochs=3, device="cpu", learning_rate=1e-3)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def run_dir(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "one"
    train(SHORT, made, folder)
    return folder


def test_eight_samples_can_be_learned_by_heart() -> None:
    given = batch(((3, 4), (1, 2), (2, 5), (2, 2), (3, 3), (1, 1), (2, 4), (4, 2)), present=0.7)
    model = amer()
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3, amsgrad=True)
    for _ in range(200):
        loss = nn.functional.cross_entropy(model(given), given.label)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert len(set(given.label.tolist())) == SMALL.classes
    assert (model(given).argmax(dim=1) == given.label).all()
    assert float(loss.detach()) < 0.05


def test_one_seed_gives_one_result_and_another_seed_another(made: Path, run_dir: Path, tmp_path: Path) -> None:
    train(SHORT, made, tmp_path / "again")
    for name in ("metrics.json", "epochs.jsonl", "predictions.csv", "confusion.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (run_dir / name).read_bytes(), name
    first, second = (torch.load(folder / "weights.pt", weights_only=True) for folder in (run_dir, tmp_path / "again"))
    assert all(torch.equal(first[name], second[name]) for name in first)
    train(replace(SHORT, seed=1), made, tmp_path / "other")
    assert (tmp_path / "other" / "epochs.jsonl").read_text() != (run_dir / "epochs.jsonl").read_text()


def test_a_reloaded_model_gives_the_written_predictions(made: Path, run_dir: Path) -> None:
    check_written_predictions(made, run_dir)


def check_written_predictions(made: Path, run_dir: Path) -> None:
    """The weights that are kept are those that the test set was predicted with."""
    loaded = load_run(run_dir)
    dataset = read_memor(made)
    samples = SampleSet(dataset, dataset.test_ids, dataset.test_ids, "primary")
    found = predict(loaded.model, DataLoader(samples, 8, collate_fn=collate), torch.device("cpu"))
    with (run_dir / "predictions.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["sample"] for row in rows] == [str(position) for position in dataset.test_ids]
    assert [row["predicted"] for row in rows] == [loaded.classes[number] for number in found.predicted]
    written = [[float(row[f"p_{name}"]) for name in loaded.classes] for row in rows]
    np.testing.assert_allclose(written, found.probabilities, atol=1e-6)


def test_the_run_folder_can_repeat_itself(made: Path, run_dir: Path) -> None:
    config = json.loads((run_dir / "config.json").read_text())
    assert config["release"]["sha256"] == read_manifest(made).sha256
    assert config["training"] == {**asdict(SHORT), "without": []}
    assert config["samples"] == {"train": 14, "validation": 4, "test": 6}
    assert set(config["software"]) == {"commit", "affectory", "torch", "numpy", "scikit-learn"}
    metrics = json.loads((run_dir / "metrics.json").read_text())
    assert metrics["test"]["samples"] == 6
    assert metrics["epochs"] == 3
    epochs = [json.loads(line) for line in (run_dir / "epochs.jsonl").read_text().splitlines()]
    assert [row["epoch"] for row in epochs] == [1, 2, 3]
    best = max(row["validation_micro_f1"] for row in epochs)
    assert metrics["best_epoch"] == max(row["epoch"] for row in epochs if row["validation_micro_f1"] == best)
    assert metrics["validation"]["micro_f1"] == best  # the best epoch's weights were used, not the last one's


def test_tensorboard_shows_the_same_curves(run_dir: Path) -> None:
    events = EventAccumulator(str(run_dir / "tensorboard"))
    events.Reload()
    written = [json.loads(line)["validation_loss"] for line in (run_dir / "epochs.jsonl").read_text().splitlines()]
    assert [event.value for event in events.Scalars("validation_loss")] == pytest.approx(written, rel=1e-6)


def fake_scores(monkeypatch: pytest.MonkeyPatch, values: list[float]) -> None:
    """Let validation give these micro-F1 one after the other."""
    real, given = training.score, iter(values)

    def scripted(*arguments: Any) -> Any:
        scores = real(*arguments)
        value = next(given, None)
        return scores if value is None else replace(scores, micro_f1=value)

    monkeypatch.setattr(training, "score", scripted)


@pytest.mark.parametrize(
    ("scores", "best", "epochs"),
    [
        pytest.param([0.5, 0.5, 0.4, 0.4], 2, 4, id="an equal score is taken as better"),
        pytest.param([0.1, 0.9, 0.8, 0.8, 0.95], 2, 4, id="patience ends it before a later better one"),
        pytest.param([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 6, 6, id="the last epoch"),
    ],
)
def test_the_best_epoch_by_validation_is_kept(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scores: list[float], best: int, epochs: int
) -> None:
    fake_scores(monkeypatch, scores)
    report = train(replace(SHORT, epochs=6, patience=2), made, tmp_path / "run")
    assert (report.best_epoch, report.epochs) == (best, epochs)
    check_written_predictions(made, tmp_path / "run")


def test_classes_are_drawn_equally_often() -> None:
    labels = (0,) * 90 + (1,) * 9 + (2,)
    draws = torch.Generator().manual_seed(0)
    sampler = WeightedRandomSampler(class_weights(labels), 100_000, replacement=True, generator=draws)
    counts = Counter(labels[place] for place in sampler)
    assert [counts[k] / 100_000 for k in range(3)] == pytest.approx([1 / 3] * 3, abs=0.01)


@pytest.mark.parametrize(
    "changes",
    [
        {"emotions": "fine_grained"},
        {"missing": "paper"},
        {"without": ("personality", "intra", "inter")},
        {"batch_size": 100},
    ],
)
def test_every_choice_trains(made: Path, tmp_path: Path, changes: dict[str, Any]) -> None:
    report = train(replace(SHORT, epochs=1, **changes), made, tmp_path / "run")
    assert len(report.test.per_class) == (14 if "emotions" in changes else 9)
    load_run(tmp_path / "run")


def test_a_release_of_two_clips_trains_and_says_what_it_is_worth(tmp_path: Path) -> None:
    tiny = release(tmp_path, clips=1, episodes=2)
    report = train(replace(SHORT, epochs=2), tiny, tmp_path / "run")
    assert report.train_samples == 2
    assert any("training set itself" in note for note in report.notes)


def test_a_paper_split_is_reported_as_leaking(tmp_path: Path) -> None:
    leaking = release(tmp_path, split="paper")
    report = train(replace(SHORT, epochs=1), leaking, tmp_path / "run")
    assert any("clips are in train and test" in note for note in report.notes)


# --- refusals


@pytest.mark.parametrize(
    "changes",
    [
        {"emotions": "seven"},
        {"missing": "zero"},
        {"without": ("text",)},
        {"epochs": 0},
        {"learning_rate": 0.0},
        {"batch_size": -1},
    ],
)
def test_an_impossible_config_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(RunError):
        TrainingConfig(**changes)


def test_an_unknown_model_lists_the_known_ones(made: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="amer"):
        train(replace(SHORT, model="bert"), made, tmp_path / "run")


@pytest.mark.parametrize("device", ["tpu", "cuda:99"])
def test_a_device_that_is_not_here_is_refused(made: Path, tmp_path: Path, device: str) -> None:
    with pytest.raises(RunError, match=device):
        train(replace(SHORT, device=device), made, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_run_never_overwrites_another(made: Path, run_dir: Path) -> None:
    before = (run_dir / "metrics.json").read_bytes()
    with pytest.raises(RunError, match="not empty"):
        train(SHORT, made, run_dir)
    assert (run_dir / "metrics.json").read_bytes() == before


def test_an_exploding_loss_ends_with_advice(made: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="lower the learning rate"):
        train(replace(SHORT, epochs=20, learning_rate=1e30), made, tmp_path / "run")


def test_damaged_weights_and_other_folders_are_not_loaded(run_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no run folder"):
        load_run(tmp_path)
    (tmp_path / "config.json").write_bytes((run_dir / "config.json").read_bytes())
    (tmp_path / "weights.pt").write_bytes(b"PK broken")
    with pytest.raises(FormatError, match=r"weights\.pt"):
        load_run(tmp_path)


# --- the command


def test_the_command_trains_prints_scores_and_numbers_its_runs(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [str(made), "--model", "amer", "--epochs", "1", "--device", "cpu"]
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert "best epoch 1 of 1" in shown
    assert main(words) == 0
    runs = made.parent / "runs"
    assert {path.name for path in runs.iterdir()} == {"release-amer-primary-1", "release-amer-primary-2"}


@pytest.mark.parametrize(
    "words",
    [["/nowhere"], ["RELEASE", "--epochs", "0"], ["RELEASE", "--device", "cuda:77"], ["RELEASE", "--out", "RELEASE"]],
)
def test_bad_input_is_one_line_and_exit_code_1(
    made: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main([str(made) if word == "RELEASE" else word for word in words]) == 1
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error:")]
    assert len(lines) == 1


def test_the_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert "python -m baselines.train releases/season-1 --model amer" in capsys.readouterr().out
