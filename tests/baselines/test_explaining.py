"""Why a model said what it said: against models whose reasons are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from django.core.management import CommandError, call_command
from torch import Tensor

from baselines.data.batches import CellBatch, DialogueBatch
from baselines.data.corpus import Side, Wanted
from baselines.data.meld import EMOTIONS
from baselines.data.opening import open_corpus
from baselines.data.packed import cache_folder
from baselines.evaluate import main as evaluate_main
from baselines.evaluation import Judge
from baselines.explain import main as explain_main
from baselines.explaining import explain, lime_weights
from baselines.models.base import Model
from baselines.progress import no_progress
from baselines.tasks import Classes
from baselines.training import TrainingConfig, train
from tests.baselines.factory import release
from tests.baselines.test_public_data import write_meld


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def run_dir(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "one"
    train(TrainingConfig(epochs=2, device="cpu", settings={"encoded": "8"}), made, folder)
    return folder


@pytest.fixture(scope="module")
def side(made: Path) -> Side:
    return open_corpus(made, Wanted(), cache_folder(), no_progress).test


# --- the regression


def test_lime_finds_signs_and_order_of_a_linear_model() -> None:
    draw = np.random.default_rng(0)
    true = np.array([3.0, -2.0, 0.0, 0.5, -1.0])
    bits = draw.random((1000, 5)) < 0.5
    found = lime_weights(bits, bits @ true)
    np.testing.assert_allclose(found, true, atol=0.15)
    assert np.argsort(found).tolist() == np.argsort(true).tolist()


# --- models whose reasons are known


class Counting(Model):
    """Says the first of nine classes the more, the more `wanted` vectors are there; `spoilt` ones speak against it."""

    def __init__(self, wanted: str, spoilt: str) -> None:
        super().__init__()
        self.wanted, self.spoilt = wanted, spoilt

    def forward(self, batch: CellBatch) -> Tensor:
        there = {name: part.mask.flatten(1).sum(dim=1).float() for name, part in batch.features.items()}
        score = 3 + 0.3 * there[self.wanted] - 0.1 * there[self.spoilt]
        return torch.cat([score[:, None], torch.zeros(len(score), 8)], dim=1)


def judge() -> Judge:
    return Judge(Classes(("joy", *"abcdefgh")), lambda batch: batch, torch.device("cpu"))


def test_shapley_values_add_up_and_an_unheard_modality_has_none(side: Side) -> None:
    found = explain(judge(), Counting("audio", "text"), side, 0, perturbations=50)
    assert found.explained == "joy"
    assert found.modalities["visual"] == pytest.approx(0)
    assert found.modalities["audio"] > 0 > found.modalities["text"]
    nothing = torch.softmax(torch.tensor([3.0] + [0.0] * 8, dtype=torch.float64), 0)[0]
    assert sum(found.modalities.values()) == pytest.approx(found.said["joy"] - float(nothing), abs=1e-6)


def test_every_thing_speaks_for_or_against_as_the_model_has_it(side: Side) -> None:
    found = explain(judge(), Counting("audio", "text"), side, 0, perturbations=400)
    batch = side.collate([side.items[0]])
    for name, part in batch.features.items():
        own = [one for one in found.things if one.modality == name]
        assert len(own) == min(6, int(part.mask.sum()))
        assert all(part.mask[(0, *one.place)] for one in own)
    weights = {name: [one.weight for one in found.things if one.modality == name] for name in batch.features}
    assert min(weights["audio"]) > 0 > max(weights["text"])
    assert max(map(abs, weights["visual"])) < min(weights["audio"]) / 3


def test_the_sample_that_is_explained_is_the_one_that_was_asked_for(side: Side) -> None:
    for item in (0, 3):
        found = explain(judge(), Counting("audio", "text"), side, item, perturbations=20)
        assert found.key == side.keys[item]


class Saying(Model):
    """Says the first class the more, the larger the first number of an utterance's text is."""

    def forward(self, batch: DialogueBatch) -> Tensor:
        score = batch.features["text"].dense()[batch.scored][:, :1]
        return torch.cat([score, torch.zeros(len(score), len(EMOTIONS) - 1)], dim=1)


def test_words_speak_for_what_they_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def vectors(sentences: list[str], *rest: Any) -> np.ndarray:
        return np.array([[2.0 * text.count("happy") - text.count("sad"), 1.0] for text in sentences], np.float32)

    monkeypatch.setattr("baselines.data.meld.sentence_vectors", vectors)
    monkeypatch.setattr("baselines.data.meld.vectors_now", vectors)
    side = open_corpus(write_meld(tmp_path / "meld", text="so happy not sad"), Wanted(), tmp_path, no_progress).test
    seven = Judge(Classes(EMOTIONS), lambda batch: batch, torch.device("cpu"))
    found = explain(seven, Saying(), side, item=1, row=2, perturbations=300)
    assert found.key == ("test 1", 2)
    assert [word for word, _ in found.words] == ["so", "happy", "not", "sad", "test", "1", "2"]
    weight = dict(found.words)
    assert weight["happy"] > 0.1
    assert weight["sad"] < -0.05
    assert abs(weight["so"]) < 0.05


# --- the commands


def test_pictures_are_drawn_of_the_first_samples(run_dir: Path, tmp_path: Path) -> None:
    words = [str(run_dir), "--samples", "2", "--perturbations", "40", "--out", str(tmp_path / "why")]
    assert explain_main(words) == 0
    assert sorted(path.name for path in (tmp_path / "why").iterdir()) == ["000.json", "000.png", "001.json", "001.png"]
    assert (tmp_path / "why" / "000.png").read_bytes().startswith(b"\x89PNG")
    document = json.loads((tmp_path / "why" / "000.json").read_text())
    assert set(document["modalities"]) == {"visual", "audio", "text"}
    assert set(document["attention"]) == {"segments", "persons"}
    for looks in document["attention"].values():
        assert looks["rows"] == ["visual", "audio", "text"]
        assert all(sum(row) == pytest.approx(1) and len(row) == len(looks["columns"]) for row in looks["weights"])
    assert any("(asked for)" in thing["name"] for thing in document["things"])


def test_evaluating_again_gives_the_runs_own_numbers(run_dir: Path, tmp_path: Path) -> None:
    assert evaluate_main([str(run_dir), "--out", str(tmp_path / "e.json")]) == 0
    again, first = (json.loads(path.read_text()) for path in (tmp_path / "e.json", run_dir / "metrics.json"))
    assert again["scores"] == first["test"]
    assert again["breakdowns"] == first["breakdowns"]
    assert again["conditions"] == first["conditions"]
    assert again["constant"] == first["constant"]


def test_another_release_can_be_evaluated_and_one_that_does_not_fit_is_refused(
    run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = release(tmp_path / "other", clips=4)
    assert evaluate_main([str(run_dir), str(other), "--side", "train"]) == 0
    assert "train side" in capsys.readouterr().out
    config = json.loads((run_dir / "config.json").read_text())
    config["data"]["sizes"]["audio"] = 999
    broken = tmp_path / "run"
    broken.mkdir()
    (broken / "config.json").write_text(json.dumps(config))
    (broken / "weights.pt").write_bytes((run_dir / "weights.pt").read_bytes())
    assert evaluate_main([str(broken)]) == 1
    assert "was trained on" in capsys.readouterr().err


@pytest.mark.django_db
def test_what_is_no_run_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate_main([str(tmp_path)]) == 1
    assert explain_main([str(tmp_path)]) == 1
    assert explain_main([str(tmp_path), "--samples", "0"]) == 1
    assert capsys.readouterr().err.count("error: ") == 3
    with pytest.raises(CommandError, match="line above"):
        call_command("evaluate_baseline", str(tmp_path))
