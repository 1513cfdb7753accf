from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from baselines.data import SampleSet, collate
from baselines.models.amer import AMER, Config
from baselines.validation import hold_out
from exports.formats.memor.dataset import MemorDataset
from exports.formats.memor.reader import read_memor
from tests.baselines.factory import release


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> MemorDataset:
    return read_memor(release(tmp_path_factory.mktemp("data")))


def test_a_batch_holds_the_cells_of_its_samples_and_their_targets(dataset: MemorDataset) -> None:
    samples = SampleSet(dataset, dataset.train_ids, dataset.train_ids, "primary")
    made = collate([samples[place] for place in range(5)])
    for row, position in enumerate(dataset.train_ids[:5]):
        sample = dataset.samples[position]
        people = samples.persons[sample.clip]
        cells = dataset.cells(sample.clip, people)
        n, s = cells.visual_mask.shape
        np.testing.assert_array_equal(made.visual[row, :n, :s], cells.visual)
        np.testing.assert_array_equal(made.audio_mask[row, :n, :s], cells.audio_mask)
        np.testing.assert_array_equal(made.personality[row, :n], dataset.personality[list(people)])
        assert people[int(made.target_person[row])] == sample.character
        assert int(made.target_segment[row]) == 1  # the moments of the factory are 5 s into clips of 4 s segments
        assert dataset.classes["primary"][int(made.label[row])] == sample.primary
        assert made.person_mask[row].sum() == n
        assert made.segment_mask[row].sum() == s


def test_what_stands_in_a_missing_cell_changes_nothing(dataset: MemorDataset) -> None:
    samples = SampleSet(dataset, dataset.train_ids, dataset.train_ids, "primary")
    items = [samples[place] for place in range(6)]
    noisy = []
    for item in items:
        cells = item.cells
        spoiled = {
            part: np.where(getattr(cells, f"{part}_mask")[..., None], getattr(cells, part), np.float32("nan"))
            for part in ("visual", "audio", "text")
        }
        noisy.append(replace(item, cells=replace(cells, **spoiled)))
    torch.manual_seed(0)
    dims = dataset.dims
    model = AMER(Config(visual=dims.visual, audio=dims.audio, text=dims.text, personality=dims.personality, encoded=8))
    with torch.no_grad():
        assert torch.equal(model(collate(items)), model(collate(noisy)))


def test_fine_grained_labels_are_numbers_of_the_fourteen_classes(dataset: MemorDataset) -> None:
    samples = SampleSet(dataset, dataset.train_ids, dataset.train_ids, "fine_grained")
    assert max(samples.labels) == 9  # serenity, the first after the primary ones


def test_a_moment_in_no_segment_is_counted(dataset: MemorDataset) -> None:
    samples = SampleSet(dataset, dataset.train_ids, dataset.train_ids, "primary")
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
