from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from baselines.evaluation import confusion, draw_confusion, predict, score, write_confusion_csv
from tests.baselines.factory import amer, batch
from workers.analysers.torch_compat import prepare_torchvision


def test_scores_worked_by_hand() -> None:
    # true    a a a b b c    predicted a a b b c c    (class d never occurs)
    labels, predicted = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 2, 2])
    scores = score(labels, predicted, ("a", "b", "c", "d"))
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
    scores = score(labels, predicted, [str(k) for k in range(9)])
    for average in ("micro", "macro", "weighted"):
        wanted = multiclass_f1_score(torch.tensor(predicted), torch.tensor(labels), num_classes=9, average=average)
        assert getattr(scores, f"{average}_f1") == pytest.approx(float(wanted), abs=1e-6)


def test_the_weighted_score_is_that_of_the_classes_and_their_support() -> None:
    draw = np.random.default_rng(1)
    scores = score(draw.integers(0, 4, 90), draw.integers(0, 4, 90), list("abcd"))
    total = sum(row.support * row.f1 for row in scores.per_class) / sum(row.support for row in scores.per_class)
    assert scores.weighted_f1 == pytest.approx(total)


def test_a_confusion_matrix_has_true_rows_and_predicted_columns(tmp_path: Path) -> None:
    matrix = confusion(np.array([0, 0, 1]), np.array([1, 1, 1]), ("joy", "fear", "anger"))
    assert matrix.tolist() == [[0, 2, 0], [0, 1, 0], [0, 0, 0]]
    write_confusion_csv(tmp_path / "c.csv", matrix, ("joy", "fear", "anger"))
    assert (tmp_path / "c.csv").read_text().splitlines()[1] == "joy,0,2,0"
    draw_confusion(tmp_path / "c.png", matrix, ("joy", "fear", "anger"), "test")
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def test_predictions_do_not_depend_on_how_samples_are_batched() -> None:
    model = amer()
    sizes = ((3, 4), (1, 2), (2, 5))
    together = predict(model, [batch(sizes)], torch.device("cpu"))
    assert together.probabilities.sum(axis=1) == pytest.approx([1, 1, 1])
    assert together.loss == pytest.approx(-np.log(together.probabilities[range(3), together.labels]).mean())
    assert model.training  # as it was before
