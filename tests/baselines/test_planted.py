"""The benchmark of planted signals: what is planted is there, and a model that sees it finds it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from baselines.registry import MODELS
from benchmarks.planted import CASES, TRIALS, Trial, corpus, run, sample


@pytest.mark.parametrize("case", CASES)
def test_both_classes_come_equally_often(case: str) -> None:
    draw = np.random.default_rng(0)
    labels = [sample(case, draw, ("visual", "audio", "text", "personality")).label for _ in range(600)]
    assert np.mean(labels) == pytest.approx(0.5, abs=0.06)


def test_every_case_has_a_model_that_solves_it_and_one_that_cannot() -> None:
    for case in set(CASES) - {"own"}:
        assert {trial.solves for trial in TRIALS if trial.case == case} == {True, False}
    assert {trial.model for trial in TRIALS} <= set(MODELS)
    assert all(set(trial.without) <= set(MODELS[trial.model].without) for trial in TRIALS)


def test_what_is_left_out_is_not_in_the_data() -> None:
    made = corpus("modality", 30, ("visual", "audio", "personality"))
    assert set(made.train.collate([made.train.items[0]]).features) == {"visual", "audio"}


@pytest.mark.parametrize(
    ("trial", "found"), [(Trial("own", "mdl"), True), (Trial("personality", "mdl", ("personality",)), False)]
)
def test_a_model_finds_what_it_sees_and_nothing_else(trial: Trial, found: bool, tmp_path: Path) -> None:
    accuracy = run(trial, samples=900, epochs=12, folder=tmp_path)
    assert (accuracy > 0.85) if found else (0.4 < accuracy < 0.6)
