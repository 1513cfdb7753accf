from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from baselines.data.corpus import Corpus, Wanted
from baselines.data.memor import SampleSet, collate
from baselines.data.opening import open_corpus
from baselines.data.packed import PackedCells, cache_folder, open_packed
from baselines.data.validation import hold_out
from baselines.errors import DataError
from baselines.progress import no_progress
from baselines.training import TrainingConfig, train
from benchmarks.memor_folder import write_folder
from exports.errors import FormatError
from exports.formats.memor.dataset import MemorDataset
from exports.formats.memor.reader import read_memor
from tests.baselines.factory import release


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def dataset(folder: Path) -> MemorDataset:
    return read_memor(folder)


@pytest.fixture(scope="module")
def packed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> PackedCells:
    return open_packed(folder, tmp_path_factory.mktemp("kept"), no_progress)[1]


def test_a_batch_holds_the_cells_of_its_samples_and_their_targets(dataset: MemorDataset, packed: PackedCells) -> None:
    samples = SampleSet(dataset, packed, dataset.train_ids, dataset.train_ids, "primary")
    made = collate([samples[place] for place in range(5)])
    for row, position in enumerate(dataset.train_ids[:5]):
        sample = dataset.samples[position]
        people = samples.persons[sample.clip]
        cells = dataset.cells(sample.clip, people)
        n, s = cells.visual_mask.shape
        for part, modality in made.features.items():
            np.testing.assert_array_equal(modality.dense()[row, :n, :s], getattr(cells, part))
            np.testing.assert_array_equal(modality.mask[row, :n, :s], getattr(cells, f"{part}_mask"))
            assert not modality.mask[row, n:].any()
            assert not modality.mask[row, :, s:].any()
        assert made.character[row, :n].tolist() == list(people)
        np.testing.assert_array_equal(made.personality[row, :n], dataset.personality[list(people)])
        assert people[int(made.target_person[row])] == sample.character
        assert int(made.target_segment[row]) == 1  # the moments of the factory are 5 s into clips of 4 s segments
        assert dataset.classes["primary"][int(made.label[row])] == sample.primary
        assert made.person_mask[row].sum() == n
        assert made.segment_mask[row].sum() == s


def test_modalities_that_are_not_wanted_are_not_there(dataset: MemorDataset, packed: PackedCells) -> None:
    ids = dataset.train_ids
    made = collate([SampleSet(dataset, packed, ids, ids, "primary", ("audio",))[0]])
    assert set(made.features) == {"audio"}
    assert made.personality.shape[-1] == 0


# --- features are kept between runs


def test_kept_features_are_found_again_and_mapped_into_memory(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, packed = open_packed(folder, tmp_path, no_progress)
    monkeypatch.setattr(MemorDataset, "cells", lambda *arguments: pytest.fail("read again"))
    monkeypatch.setattr("exports.formats.memor.reader.read_vectors", lambda path: pytest.fail("read again"))
    again, kept = open_packed(folder, tmp_path, no_progress)
    assert again.dims == first.dims
    for part, rows in kept.rows.items():
        assert isinstance(rows, np.memmap)
        np.testing.assert_array_equal(rows, packed.rows[part])


def test_features_that_changed_are_read_again(tmp_path: Path) -> None:
    made = release(tmp_path / "one")
    open_packed(made, tmp_path / "kept", no_progress)
    audio = made / "data" / "features" / "audio_features.json"
    document = json.loads(audio.read_text())
    key = next(iter(document))
    document[key][0] = 77.0
    audio.write_text(json.dumps(document))
    _, packed = open_packed(made, tmp_path / "kept", no_progress)
    assert (packed.rows["audio"] == 77).any()


def test_an_interrupted_packing_leaves_nothing_that_looks_whole(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(share: float, step: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_packed(folder, tmp_path, stop)
    assert list((tmp_path / "cells").iterdir()) == []


def test_fine_grained_labels_are_numbers_of_the_fourteen_classes(dataset: MemorDataset, packed: PackedCells) -> None:
    samples = SampleSet(dataset, packed, dataset.train_ids, dataset.train_ids, "fine_grained")
    assert max(samples.labels) == 9  # serenity, the first after the primary ones


def test_a_moment_in_no_segment_is_counted(dataset: MemorDataset, packed: PackedCells) -> None:
    samples = SampleSet(dataset, packed, dataset.train_ids, dataset.train_ids, "primary")
    assert samples.moments_outside() == 0
    first = dataset.train_ids[0]
    strayed = list(dataset.samples)
    strayed[first] = replace(strayed[first], moment_s=1e6)
    samples.dataset = replace(dataset, samples=tuple(strayed))
    assert samples.moments_outside() == 1
    assert samples[0].target_segment == 2


# --- what is held out for validation


def with_samples(dataset: MemorDataset, clips_and_labels: list[tuple[str, str]]) -> MemorDataset:
    samples = tuple(replace(dataset.samples[0], clip=clip, primary=label) for clip, label in clips_and_labels)
    return replace(dataset, samples=samples, train_ids=tuple(range(len(samples))), test_ids=())


def test_whole_clips_are_held_out_and_nothing_of_the_test_side(dataset: MemorDataset) -> None:
    held = hold_out(dataset, "primary", 0.2, 2020)
    assert sorted(held.train + held.validation) == sorted(dataset.train_ids)
    clips = [{dataset.samples[i].clip for i in side} for side in (held.train, held.validation)]
    assert not clips[0] & clips[1]
    assert held.validation


def test_a_label_of_a_single_clip_stays_in_training(dataset: MemorDataset) -> None:
    rows = [(f"c{i}", "joy") for i in range(12)] + [("c12", "fear"), ("c12", "fear")]
    for seed in range(20):
        held = hold_out(with_samples(dataset, rows), "primary", 0.2, seed)
        assert {12, 13} <= set(held.train)
        assert held.validation


def test_one_clip_validates_on_training_and_says_so(dataset: MemorDataset) -> None:
    held = hold_out(with_samples(dataset, [("only", "joy"), ("only", "fear")]), "primary", 0.2, 0)
    assert held.train == held.validation == (0, 1)
    assert "training set itself" in held.notes[0]


def test_labels_that_all_stand_in_single_clips_validate_on_training(dataset: MemorDataset) -> None:
    held = hold_out(with_samples(dataset, [("a", "joy"), ("b", "fear"), ("c", "anger")]), "primary", 0.2, 0)
    assert held.train == held.validation == (0, 1, 2)
    assert "training set itself" in held.notes[0]


def test_a_small_validation_set_is_told(dataset: MemorDataset) -> None:
    held = hold_out(dataset, "primary", 0.2, 2020)
    assert any(f"only {len(held.validation)} samples" in note for note in held.notes)


# --- whole folders, good and bad


def opened(folder: Path, **wanted: Any) -> Corpus:
    return open_corpus(folder, Wanted(**wanted), cache_folder(), no_progress)


def test_the_published_layout_has_the_published_sizes(tmp_path: Path) -> None:
    corpus = opened(write_folder(tmp_path / "data", clips=6, seed=0))
    assert dict(corpus.shape.sizes) == {"visual": 4302, "audio": 6373, "text": 1024}
    assert (corpus.shape.personality, corpus.shape.classes, corpus.shape.scene) == (118, 9, 1230 + 2048)
    assert corpus.title == "MEmoR, as published"
    assert not corpus.published  # it has neither the counts nor the split
    made = corpus.test.collate([corpus.test.items[0]])
    assert int(made.features["audio"].mask.sum()) == 4  # one speaker a segment
    assert int(made.features["visual"].mask.sum()) == 8


def emptied(folder: Path, *parts: str) -> Path:
    features = folder / "data" / "features"
    for part in parts:
        if part == "visual":
            for names in (features / "visual_features" / "face_names").iterdir():
                names.write_text("\n")
        else:
            (features / f"{part}_features.json").write_text("{}")
    return folder


def test_a_modality_without_any_vector_is_left_out_and_told(tmp_path: Path) -> None:
    corpus = opened(emptied(release(tmp_path), "audio"))
    assert set(corpus.shape.sizes) == {"visual", "text"}
    assert "there are no audio features" in corpus.notes
    report = train(TrainingConfig(epochs=1, settings={"encoded": "8"}), tmp_path / "release", tmp_path / "run")
    assert set(report.conditions) == {"visual", "text", "visual+text"}


def test_a_release_without_features_says_what_to_do(tmp_path: Path) -> None:
    bare = release(tmp_path)
    documents = bare / "data" / "data.json"
    clips = json.loads(documents.read_text())
    for clip in clips.values():
        clip["speakers"] = [-1] * len(clip["speakers"])  # nobody speaks, so no key is missing
    documents.write_text(json.dumps(clips))
    with pytest.raises(DataError, match="holds no features: analyse its episodes and export the release again"):
        opened(emptied(bare, "audio", "text", "visual"))
    with pytest.raises(DataError, match=r"holds .*: nothing of personality can be learned from"):
        opened(release(tmp_path / "whole"), modalities=("personality",))


def test_a_release_of_one_class_says_so(tmp_path: Path) -> None:
    dull = release(tmp_path)
    labels = dull / "data" / "anno.json"
    document = json.loads(labels.read_text())
    for sample in document["primary"]:
        sample["emotion"] = "joy"
    labels.write_text(json.dumps(document))
    with pytest.raises(DataError, match="all train samples are 'joy': at least two classes"):
        opened(dull)


@pytest.mark.parametrize("part", ["audio", "visual"])
def test_features_that_are_no_numbers_are_refused_with_their_place(tmp_path: Path, part: str) -> None:
    broken = release(tmp_path) / "data" / "features"
    if part == "audio":
        path = broken / "audio_features.json"
        document = json.loads(path.read_text())
        document[next(iter(document))][1] = float("nan")
        path.write_text(json.dumps(document))
    else:
        path = next((broken / "visual_features" / "environment_features").iterdir())
        torch.save(torch.full_like(torch.load(path, weights_only=True), float("inf")), path)
    with pytest.raises(FormatError, match=path.name):
        opened(tmp_path / "release")


def test_features_of_another_length_are_refused(tmp_path: Path) -> None:
    broken = release(tmp_path)
    path = broken / "data" / "features" / "text_features.json"
    document = {key: vector[:-1] for key, vector in json.loads(path.read_text()).items()}
    path.write_text(json.dumps(document))
    with pytest.raises(FormatError, match=r"says 5 text numbers, the file has 4"):
        opened(broken)
