from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from baselines.data.memor import SampleSet, collate
from baselines.data.packed import PackedCells, open_packed
from baselines.data.validation import hold_out
from baselines.progress import no_progress
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
