"""A trained model on clips that nobody has labelled: the same input as in training, and only where it fits."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from baselines.errors import RunError
from baselines.inputs import read_inputs
from baselines.prelabel import check_run, prelabel
from baselines.progress import no_progress
from baselines.runs import load_run
from baselines.training import TrainingConfig, train
from exports.formats.features import read_episode_features, write_episode_features
from exports.release import ReleaseOptions, build_release
from tests.exports.factory import clip, episode, feature_files, moment, project, snapshot

PRIMARIES = {"neutral", "joy", "anger", "disgust", "sadness", "surprise", "fear", "anticipation", "trust"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of a project, and runs on both emotion sets of it."""
    path = tmp_path_factory.mktemp("trained")
    made = project()
    build_release(made, feature_files(made, path / "features"), path / "release", ReleaseOptions())
    for emotions in ("primary", "fine_grained"):
        train(TrainingConfig(emotions=emotions, epochs=2, settings={"encoded": "8"}), path / "release", path / emotions)
    return path


def features_of(folder: Path) -> dict[int, Path]:
    return {number: folder / "features" / f"{number}.npz" for number in (1, 2)}


def test_known_clips_get_what_the_run_itself_predicted_for_them(folder: Path) -> None:
    """The test samples of the run: there the model's input was made by the release, here without any label."""
    made = project()
    unlabelled = replace(made, states=())
    found = prelabel(folder / "primary", unlabelled, features_of(folder), {c.id for c in made.clips}, no_progress)
    by_pair = {(one.clip_id, one.character_id): dict(one.probabilities) for one in found}
    names = {one.name: one.id for one in made.clips}
    rows = (folder / "primary" / "predictions.csv").read_text().splitlines()
    header = rows[0].split(",")
    compared = 0
    for row in rows[1:]:
        values = dict(zip(header, row.split(","), strict=True))
        character = {"ann": 1, "ben": 2}[values["character"]]
        ours = by_pair.get((names[values["clip"]], character))
        others = {key for key in by_pair if key[0] == names[values["clip"]]}
        if ours is None or len(others) < 2:
            continue  # a label for somebody who is neither seen nor heard
        compared += 1
        for emotion in PRIMARIES:
            assert ours[emotion] == pytest.approx(float(values[f"p_{emotion}"]), abs=2e-6)
    assert compared


def test_everybody_seen_or_heard_gets_all_primaries_likeliest_first(folder: Path) -> None:
    made = project()
    found = prelabel(folder / "primary", made, features_of(folder), {100}, no_progress)
    # clip 100 holds segments 0 to 2, spoken by Ann, Ben and a guest
    assert [(one.clip_id, one.character_id) for one in found] == [(100, 1), (100, 2)]
    for one in found:
        shares = [share for _, share in one.probabilities]
        assert {emotion for emotion, _ in one.probabilities} == PRIMARIES
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1)


def test_fine_grained_classes_are_added_up_to_their_primary(folder: Path) -> None:
    run = load_run(folder / "fine_grained")
    assert "serenity" in run.classes
    found = prelabel(folder / "fine_grained", project(), features_of(folder), {100}, no_progress)
    assert {emotion for emotion, _ in found[0].probabilities} == PRIMARIES
    assert sum(share for _, share in found[0].probabilities) == pytest.approx(1)


def test_clips_without_moment_too_long_or_without_features_are_left_out(folder: Path) -> None:
    one, other = episode(1), episode(2)
    clips = (clip(1, one, 0, 2), clip(2, one, 0, 9, too_long=True), clip(3, one, 3, 4), clip(4, other, 0, 2))
    made = snapshot(
        episodes=(one, other), clips=clips, moments=tuple(moment(f"m{c.id}", c) for c in clips if c.id != 3)
    )
    only_first = {1: features_of(folder)[1]}
    found = prelabel(folder / "primary", made, only_first, {1, 2, 3, 4}, no_progress)
    assert {label.clip_id for label in found} == {1}
    assert prelabel(folder / "primary", made, only_first, {3}, no_progress) == ()


def test_several_moments_give_the_mean(folder: Path) -> None:
    one = episode(1)
    only = clip(1, one, 0, 2)
    early, late = moment("a", only, 1_000), moment("b", only, 9_000)

    def said(*moments: object) -> dict[str, float]:
        made = snapshot(episodes=(one,), clips=(only,), moments=moments)
        return dict(prelabel(folder / "primary", made, features_of(folder), {1}, no_progress)[0].probabilities)

    both, first, second = said(early, late), said(early), said(late)
    assert first != second
    for emotion, share in both.items():
        assert share == pytest.approx((first[emotion] + second[emotion]) / 2, abs=1e-6)


def test_features_of_another_extractor_are_refused_with_both_names(folder: Path, tmp_path: Path) -> None:
    features = read_episode_features(features_of(folder)[1])
    other = replace(features.extractors["text"], name="bigger-text")
    path = tmp_path / "1.npz"
    write_episode_features(path, replace(features, extractors=features.extractors | {"text": other}))
    with pytest.raises(RunError, match=r"text features by synthetic-text.*bigger-text"):
        prelabel(folder / "primary", snapshot(), {1: path}, {1}, no_progress)


def test_a_run_that_cannot_be_used_says_why(folder: Path, tmp_path: Path) -> None:
    check_run(folder / "primary")
    copy = tmp_path / "run"
    copy.mkdir()
    for name in ("config.json", "weights.pt"):
        (copy / name).write_bytes((folder / "primary" / name).read_bytes())
    with pytest.raises(RunError, match=r"no inputs\.json.*Train it again"):
        check_run(copy)
    (copy / "inputs.json").write_text("{}")
    with pytest.raises(RunError, match="damaged"):
        check_run(copy)
    document = json.loads((folder / "primary" / "inputs.json").read_text())
    (copy / "inputs.json").write_text(json.dumps(document | {"lexicon": "liwc my-own"}))
    with pytest.raises(RunError, match="liwc my-own"):
        check_run(copy)
    with pytest.raises(RunError, match="no run folder"):
        check_run(tmp_path / "nowhere")


def test_a_run_remembers_the_normalisation_of_its_release(folder: Path) -> None:
    inputs = read_inputs(folder / "primary")
    scores = json.loads((folder / "release" / "data" / "features" / "audio_normalisation.json").read_text())
    np.testing.assert_array_equal(inputs.scores.mean, scores["mean"])
    profiles = np.loadtxt(folder / "release" / "data" / "features" / "character_features.csv", delimiter=",")
    np.testing.assert_allclose(inputs.personality_lengths, np.linalg.norm(profiles, axis=0))
