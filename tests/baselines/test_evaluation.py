from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from baselines.data.views import view
from baselines.evaluation import Judge, by_group, conditions
from baselines.reporting import draw_confusion
from baselines.tasks import Classes, Intensities, confusion, score_classes
from tests.baselines.factory import SHAPES, amer, batch
from workers.analysers.torch_compat import prepare_torchvision


def test_scores_worked_by_hand() -> None:
    # true    a a a b b c    predicted a a b b c c    (class d never occurs)
    labels, predicted = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 2, 2])
    scores = score_classes(labels, predicted, ("a", "b", "c", "d"))
    # F1: a 2*2/(2+3) = 0.8, b 2*1/(2+2) = 0.5, c 2*1/(2+1) = 2/3, d 0.
    assert [row.f1 for row in scores.per_class] == pytest.approx([0.8, 0.5, 2 / 3, 0])
    assert scores.micro_f1 == pytest.approx(4 / 6)
    assert scores.macro_f1 == pytest.approx((0.8 + 0.5 + 2 / 3) / 4)
    assert scores.weighted_f1 == pytest.approx((3 * 0.8 + 2 * 0.5 + 2 / 3) / 6)
    assert scores.absent == ("d",)
    assert [row.support for row in scores.per_class] == [3, 2, 1, 0]


def test_scores_agree_with_torchmetrics() -> None:
    prepare_torchvision()  # torchmetrics imports it
    from torchmetrics.functional.classification import multiclass_f1_score

    draw = np.random.default_rng(0)
    labels, predicted = draw.integers(0, 9, 500), draw.integers(0, 9, 500)
    scores = score_classes(labels, predicted, [str(k) for k in range(9)])
    for average in ("micro", "macro", "weighted"):
        wanted = multiclass_f1_score(torch.tensor(predicted), torch.tensor(labels), num_classes=9, average=average)
        assert getattr(scores, f"{average}_f1") == pytest.approx(float(wanted), abs=1e-6)


def test_the_weighted_score_is_that_of_the_classes_and_their_support() -> None:
    draw = np.random.default_rng(1)
    scores = score_classes(draw.integers(0, 4, 90), draw.integers(0, 4, 90), list("abcd"))
    total = sum(row.support * row.f1 for row in scores.per_class) / sum(row.support for row in scores.per_class)
    assert scores.weighted_f1 == pytest.approx(total)


def test_a_confusion_matrix_has_true_rows_and_predicted_columns(tmp_path: Path) -> None:
    matrix = confusion(np.array([0, 0, 1]), np.array([1, 1, 1]), ("joy", "fear", "anger"))
    assert matrix.tolist() == [[0, 2, 0], [0, 1, 0], [0, 0, 0]]
    draw_confusion(tmp_path / "c.png", matrix, ("joy", "fear", "anger"), "test")
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def judge_of_cells() -> Judge:
    return Judge(Classes(("a", "b", "c")), view("cells", "cells", SHAPES["cells"]), torch.device("cpu"))


def test_predictions_come_with_their_loss_and_leave_the_model_as_it_was() -> None:
    model = amer()
    found = judge_of_cells().predict(model, [batch(), batch(seed=1)])
    assert found.said.sum(axis=1) == pytest.approx([1] * 6)
    assert found.loss == pytest.approx(-np.log(found.said[range(6), found.labels]).mean(), abs=1e-5)
    assert model.training


def test_only_the_modalities_that_are_kept_are_heard() -> None:
    model, judge = amer(), judge_of_cells()
    full, text = batch(present=1.0), batch(present=1.0)
    text = replace(text, features={k: part if k == "text" else part.none() for k, part in text.features.items()})
    kept = judge.predict(model, [full], ("text",))
    np.testing.assert_array_equal(kept.said, judge.predict(model, [text]).said)
    assert kept.groups == judge.predict(model, [full]).groups  # what was there before something was taken away


def test_breakdowns_are_scores_of_their_own_samples() -> None:
    given = batch(((2, 3),) * 12, present=0.5, seed=3)
    found = judge_of_cells().predict(amer(), [given])
    tables = by_group(Classes(("a", "b", "c")), found)
    assert set(tables) == {"role", "modalities"}
    speaks = given.speaks.numpy()
    right = found.said.argmax(axis=1) == found.labels
    assert tables["role"]["speaker"]["samples"] == speaks.sum()
    assert tables["role"]["non-speaker"]["micro_f1"] == pytest.approx(right[~speaks].mean())
    assert sum(table["samples"] for table in tables["modalities"].values()) == 12


def test_there_are_seven_conditions_of_three_modalities() -> None:
    found = conditions(("visual", "audio", "text"))
    assert len(found) == len(set(found)) == 7
    assert found[0] == ("visual",)
    assert found[-1] == ("visual", "audio", "text")


# --- constants that everybody can compute (S14)


@pytest.mark.parametrize(
    ("supports", "accuracy", "weighted"),
    [
        pytest.param((1256, 281, 50, 208, 402, 68, 345), 48.12, 31.27, id="MELD, always neutral"),
        pytest.param((384, 144, 245, 170, 299, 381), 23.66, None, id="IEMOCAP session 5, always neutral"),
    ],
)
def test_the_constant_predictor_has_the_published_scores(
    supports: tuple[int, ...], accuracy: float, weighted: float | None
) -> None:
    labels = np.repeat(np.arange(len(supports)), supports)
    task = Classes(tuple(map(str, range(len(supports)))))
    scores = task.score(labels, np.tile(np.eye(len(supports))[0], (len(labels), 1)))
    assert round(100 * scores.micro_f1, 2) == accuracy
    if weighted is not None:
        assert round(100 * scores.weighted_f1, 2) == weighted


def test_the_constant_predictor_says_what_training_says_most() -> None:
    said = Classes(("a", "b")).constant(np.array([1, 1, 0]), 2)
    assert said.tolist() == [[0, 1], [0, 1]]
    medians = Intensities(("x", "y")).constant(np.array([[0.0, 3.0], [0.0, 2.0], [1.0, 1.0]]), 1)
    assert medians.tolist() == [[0, 2]]


# --- intensities


def test_intensity_scores_worked_by_hand() -> None:
    true = np.array([[0.0], [1 / 3], [1.0], [3.0]])
    said = np.array([[0.1], [0.2], [2.6], [3.0]])
    scores = Intensities(("joy",)).score(true, said)
    assert scores.mae == pytest.approx((0.1 + (1 / 3 - 0.2) + 1.6 + 0) / 4)
    assert scores.acc2 == 1.0  # rounded: 0 0 1 3 against 0 0 3 3; a third is nothing
    assert scores.presence == 1.0  # there from 1/6 on: no, yes, yes, yes
    assert scores.acc_rounded == 0.75
    assert scores.pearson == pytest.approx(np.corrcoef(true[:, 0], said[:, 0])[0, 1])


def test_intensities_are_brought_into_their_range_only_when_scored() -> None:
    task = Intensities(("joy",))
    wild = torch.tensor([[-1.0], [5.0]])
    assert task.finish(wild).tolist() == [[0.0], [3.0]]
    assert float(task.loss(wild, torch.tensor([[0.0], [3.0]]))) == pytest.approx(1.5)


def test_a_constant_prediction_has_no_correlation() -> None:
    assert Intensities(("joy",)).score(np.array([[0.0], [1.0]]), np.array([[1.0], [1.0]])).pearson == 0.0
