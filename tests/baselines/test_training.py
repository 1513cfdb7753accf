from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch.utils.data import WeightedRandomSampler

from baselines.data.corpus import Wanted
from baselines.data.opening import open_corpus
from baselines.data.packed import cache_folder
from baselines.errors import RunError
from baselines.evaluation import Judge
from baselines.loop import Fit, class_weights
from baselines.progress import no_progress
from baselines.registry import MODELS, UnknownModel
from baselines.runs import load_run
from baselines.train import main
from baselines.training import TrainingConfig, resume, train
from exports.errors import FormatError
from exports.formats.manifest import read_manifest
from tests.baselines.factory import release

SHORT = TrainingConfig(epochs=3, device="cpu", learning_rate=1e-3, settings={"encoded": "8"})
#: What makes the others small, where they have it.
SMALLER = {"encoded": "8", "hidden": "8", "node": "8", "width": "8"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def run_dir(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "one"
    train(SHORT, made, folder)
    return folder


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
    side = open_corpus(made, Wanted(), cache_folder(), no_progress).test
    judge = Judge(loaded.task, loaded.view, torch.device("cpu"))
    found = judge.predict(loaded.model, judge.batches(side))
    with (run_dir / "predictions.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [(int(row["sample"]), row["clip"]) for row in rows] == [key[:2] for key in side.keys]
    assert [row["predicted"] for row in rows] == [loaded.classes[number] for number in found.said.argmax(axis=1)]
    written = [[float(row[f"p_{name}"]) for name in loaded.classes] for row in rows]
    np.testing.assert_allclose(written, found.said, atol=1e-6)


def test_the_run_folder_can_repeat_itself(made: Path, run_dir: Path) -> None:
    config = json.loads((run_dir / "config.json").read_text())
    assert config["data"]["sha256"] == read_manifest(made).sha256
    assert TrainingConfig.of(config["training"]) == SHORT
    assert config["data"]["samples"] == {"train": 14, "validation": 4, "test": 6}
    assert config["recipe"]["learning_rate"] == 1e-3
    assert config["recipe"]["amsgrad"] is True
    assert set(config["software"]) == {"commit", "affectory", "torch", "numpy", "scikit-learn"}
    metrics = json.loads((run_dir / "metrics.json").read_text())
    assert metrics["test"]["samples"] == 6
    assert metrics["epochs"] == 3
    assert set(metrics["breakdowns"]) == {"role", "modalities"}
    assert len(metrics["conditions"]) == 7
    assert metrics["constant"]["samples"] == 6
    header, *rows = (run_dir / "confusion.csv").read_text().splitlines()
    assert header.startswith("true \\ predicted,neutral,joy")
    assert sum(int(count) for row in rows for count in row.split(",")[1:]) == 6
    card = (run_dir / "card.md").read_text()
    assert f"epoch {metrics['best_epoch']} of 3 was chosen by micro_f1 on held-out train clips" in card
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
    given = iter(values)
    monkeypatch.setattr(Judge, "measures", lambda *arguments: {"micro_f1": next(given)})


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
        {"settings": {"missing": "paper", "encoded": "8"}},
        {"without": ("personality", "intra", "inter")},
        {"batch_size": 100},
        {"modalities": ("text",)},
        {"sampler": "shuffled", "select": "macro_f1"},
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


@pytest.mark.parametrize("name", sorted(set(MODELS) - {"amer"}))
def test_every_model_trains_on_a_release_and_loads_again(made: Path, tmp_path: Path, name: str) -> None:
    entry = MODELS[name]
    known = {one.name for one in fields(entry.config)} - set(entry.for_kind.get("cells", {}))
    config = TrainingConfig(
        model=name, epochs=1, device="cpu", settings={k: v for k, v in SMALLER.items() if k in known}
    )
    report = train(config, made, tmp_path / "run")
    assert report.test.samples == 6
    check_written_predictions(made, tmp_path / "run")


# --- interrupted, and gone on with


@pytest.mark.parametrize("model", ["amer", "mmin"])
@pytest.mark.parametrize("stop", ["in the second epoch", "while the second epoch is stored"])
def test_an_interrupted_run_ends_with_the_same_result(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, stop: str
) -> None:
    small = {"amer": {"encoded": "8"}, "mmin": {"hidden": "8"}}[model]
    config = TrainingConfig(model=model, epochs=3, device="cpu", batch_size=4, learning_rate=1e-3, settings=small)
    train(config, made, tmp_path / "whole")
    method = "_learn" if stop.startswith("in") else "_save"
    real, calls = getattr(Fit, method), iter(range(100))

    def stopping(*arguments: Any) -> Any:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Fit, method, stopping)
        with pytest.raises(KeyboardInterrupt):
            train(config, made, tmp_path / "stopped")
    assert not (tmp_path / "stopped" / "metrics.json").exists()
    torch.manual_seed(999)  # another process has other numbers
    resume(tmp_path / "stopped")
    for name in ("metrics.json", "epochs.jsonl", "predictions.csv"):
        assert (tmp_path / "stopped" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert not (tmp_path / "stopped" / "state.pt").exists()


def test_a_run_that_has_ended_or_never_began_is_not_gone_on_with(run_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="has ended"):
        resume(run_dir)
    with pytest.raises(RunError, match="no run folder"):
        resume(tmp_path)


def test_a_run_is_not_gone_on_with_on_other_data(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopping(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Fit, "_learn", stopping)
        with pytest.raises(KeyboardInterrupt):
            train(SHORT, made, tmp_path / "run")
    with pytest.raises(RunError, match="nothing to go on with"):
        resume(tmp_path / "run")
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    config["data"]["sha256"] = "0"
    (tmp_path / "run" / "config.json").write_text(json.dumps(config))
    with pytest.raises(RunError, match="has changed"):
        resume(tmp_path / "run")


# --- refusals


@pytest.mark.parametrize(
    "changes",
    [
        {"emotions": "seven"},
        {"modalities": ("smell",)},
        {"epochs": 0},
        {"sampler": "sorted"},
        {"select": "luck"},
        {"validation_share": 1.0},
        {"learning_rate": 0.0},
        {"batch_size": -1},
    ],
)
def test_an_impossible_config_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(RunError):
        TrainingConfig(**changes)


def test_an_unknown_model_lists_the_known_ones() -> None:
    with pytest.raises(UnknownModel, match="amer"):
        TrainingConfig(model="bert")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"without": ("text",)}, "no ablation 'text'; it has: personality, intra, inter"),
        ({"settings": {"depth": "3"}}, "no setting 'depth'; it has: .*missing"),
        ({"settings": {"missing": "zero"}}, "'code' or 'paper'"),
        ({"settings": {"encoded": "many"}}, "encoded must be int, not 'many'"),
        ({"settings": {"use_intra": "maybe"}}, "use_intra must be bool"),
        ({"select": "mae"}, "have no mae: choose the epoch by one of .*micro_f1"),
        ({"model": "mmin", "modalities": ("text",), "settings": {}}, "at least two"),
    ],
)
def test_what_a_model_does_not_have_is_refused_in_words(
    made: Path, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(RunError, match=message):
        train(replace(SHORT, **changes), made, tmp_path / "run")


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
    words = [str(made), "--model", "amer", "--epochs", "1", "--device", "cpu", "--set", "encoded=8"]
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


def test_several_seeds_give_mean_and_deviation(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [str(made), "--model", "mdl", "--epochs", "1", "--seed", "7", "--seeds", "3", "--out", str(tmp_path / "s")]
    assert main([*words, "--modalities", "a,t"]) == 0
    document = json.loads((tmp_path / "s" / "seeds.json").read_text())
    each = [json.loads((tmp_path / "s" / f"seed-{k}" / "metrics.json").read_text())["test"]["ua"] for k in (7, 8, 9)]
    assert document["seeds"] == [7, 8, 9]
    assert document["mean"]["ua"] == pytest.approx(sum(each) / 3)
    assert document["deviation"]["ua"] == pytest.approx(np.std(each, ddof=1))
    shown = capsys.readouterr().out
    assert "constant" in shown
    assert "held-out train clips" in shown


def test_several_seeds_are_gone_on_with_to_the_same_result(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(made), "--model", "mdl", "--epochs", "2", "--seed", "7", "--seeds", "3"]
    assert main([*words, "--out", str(tmp_path / "whole")]) == 0
    real, calls = Fit._learn, iter(range(100))

    def stopping(fit: Fit, epoch: int) -> float:
        if next(calls) == 3:  # in the second epoch of the second seed
            raise KeyboardInterrupt
        return real(fit, epoch)

    stopped = tmp_path / "stopped"
    with monkeypatch.context() as patch:
        patch.setattr(Fit, "_learn", stopping)
        assert main([*words, "--out", str(stopped)]) == 1
    assert f"--resume {stopped} goes on" in capsys.readouterr().err
    before = (stopped / "seed-7" / "weights.pt").stat().st_mtime_ns
    assert main(["--resume", str(stopped)]) == 0
    assert (stopped / "seed-7" / "weights.pt").stat().st_mtime_ns == before
    for name in ("seeds.json", "seed-8/metrics.json", "seed-8/epochs.jsonl", "seed-9/metrics.json"):
        assert (stopped / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert main(["--resume", str(stopped)]) == 1
    assert "has ended" in capsys.readouterr().err


def test_a_config_file_says_what_the_words_do_not(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"model": "mdl", "epochs": 1, "without": ["personality"], "settings": {"dropout": "0"}}))
    assert main([str(made), "--config", str(file), "--epochs", "2", "--out", str(tmp_path / "run")]) == 0
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert (config["model"], config["recipe"]["epochs"], config["model_config"]["personality"]) == ("mdl", 2, 0)
    assert config["model_config"]["dropout"] == 0.0
    file.write_text('{"modle": "mdl"}')
    assert main([str(made), "--config", str(file)]) == 1
    assert "'modle' is no setting" in capsys.readouterr().err


def test_the_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert "python -m baselines.train releases/season-1 --model amer" in capsys.readouterr().out
