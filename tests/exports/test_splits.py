from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.errors import ExportError
from exports.splits import grouped_split, leak, paper_split

LABELS = st.lists(st.sampled_from("abcde"), min_size=2, max_size=120)


@given(LABELS, st.integers(0, 10**9))
def test_a_paper_split_draws_a_fifth_of_every_label(labels: list[str], seed: int) -> None:
    split = paper_split(labels, seed)
    assert sorted(split.train + split.test) == list(range(len(labels)))
    assert len(split.test) == max(1, round(len(labels) * 0.2))
    drawn = Counter(labels[i] for i in split.test)
    singles = set(Counter(labels).values()) & {1}
    for label, count in Counter(labels).items():
        # Exactly one off only where labels of one sample keep it for training and another label gives one more.
        assert abs(drawn[label] - 0.2 * count) < 1 or (drawn[label] == 0.2 * count + 1 and 1 in singles)


def test_the_published_dataset_would_be_split_as_published() -> None:
    assert len(paper_split(["joy"] * 8536, 1).test) == 1707


@pytest.mark.parametrize("n", range(2, 200, 5))
def test_a_label_alone_never_loses_all_its_samples(n: int) -> None:
    split = paper_split(["a"] * n + ["b"], 3)
    assert n in split.train


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 25)), min_size=2, max_size=80), st.integers(0, 2**40))
def test_a_grouped_split_never_has_a_group_on_both_sides(pairs: list[tuple[str, int]], seed: int) -> None:
    labels, groups = [label for label, _ in pairs], [group for _, group in pairs]
    if len(set(groups)) < 2:
        with pytest.raises(ExportError, match="one side empty"):
            grouped_split(labels, groups, seed)
        return
    split = grouped_split(labels, groups, seed)
    assert sorted(split.train + split.test) == list(range(len(labels)))
    assert split.train
    assert split.test
    assert leak(split, "clip", [(group,) for group in groups]).shared_groups == 0


def test_a_grouped_split_of_many_clips_keeps_every_label_near_a_fifth() -> None:
    labels, groups = [], []
    for clip in range(400):  # three people a clip; rare labels come in runs
        for person in range(3):
            labels.append("neutral" if (clip + person) % 2 else ("rare" if clip % 20 < 2 else "joy"))
            groups.append(f"clip{clip}")
    split = grouped_split(labels, groups, seed=1)
    drawn = Counter(labels[i] for i in split.test)
    for label, count in Counter(labels).items():
        assert drawn[label] / count == pytest.approx(0.2, abs=0.03), label


def test_few_groups_are_searched_for_the_best_test_side() -> None:
    # Five episodes of ten samples: a to d half a, half b, e all a. One of a to d is nearer to 6 of 30 a and 4 of 20 b.
    labels = list("aaaaabbbbb" * 3) + list("aaaaabbbbb") + list("aaaaaaaaaa")
    groups = [episode for episode in "abcde" for _ in range(10)]
    split = grouped_split(labels, groups, seed=5, kind="episode")
    assert len(split.test) == 10
    assert {groups[i] for i in split.test} != {"e"}


def test_two_groups_put_the_smaller_one_into_the_test_side() -> None:
    split = grouped_split(["a"] * 10, ["big"] * 8 + ["small"] * 2, seed=0)
    assert split.test == (8, 9)


@pytest.mark.parametrize("kind", ["paper", "grouped"])
def test_one_seed_gives_one_split_and_another_seed_another(kind: str) -> None:
    labels = list("abcd") * 30
    groups = [i // 2 for i in range(120)]

    def split(seed: int) -> tuple[int, ...]:
        made = paper_split(labels, seed) if kind == "paper" else grouped_split(labels, groups, seed)
        return made.test

    assert split(7) == split(7)
    assert split(7) != split(8)


def test_leaks_of_a_paper_split_are_counted() -> None:
    split = paper_split(["a"] * 10, seed=0)
    found = leak(split, "clip", [("only",)] * 10)
    assert (found.groups, found.shared_groups, found.shared_samples) == (1, 1, 2)


def test_overlapping_clips_are_found_by_their_segments() -> None:
    split = grouped_split(["a"] * 6, list("aaabbb"), seed=0)
    segments = [(1, 2)] * 3 + [(2, 3)] * 3
    assert leak(split, "segment", segments).shared_samples == 3


def test_notes_name_labels_that_a_side_lacks_and_an_odd_share() -> None:
    split = grouped_split(["a", "a", "a", "b"], [1, 1, 2, 2], seed=0)
    notes = " ".join(split.notes)
    assert "no t" in notes
    assert "50.0 %" in notes


def test_fewer_than_two_samples_cannot_be_split() -> None:
    with pytest.raises(ExportError, match="at least two samples"):
        paper_split(["a"], 0)
