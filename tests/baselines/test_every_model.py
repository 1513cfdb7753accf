"""What must hold for every model of the registry, on every kind of data it can see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from baselines.catalogue import CATALOGUE
from baselines.data.batches import Batch, CellBatch
from baselines.data.modality import Modality
from baselines.data.views import view
from baselines.models.base import Model
from baselines.registry import MODELS
from tests.baselines.factory import SHAPES, batch, changed, dialogues, seen, series, small, with_positions

KINDS = {"cells": batch, "dialogue": dialogues, "sequence": series}
CASES = [
    pytest.param(name, kind, id=f"{name} on {kind}")
    for name, entry in MODELS.items()
    for kind in KINDS
    if view(kind, entry.view, SHAPES[kind]) is not None
    if (kind, entry.view) not in {("dialogue", "sequence"), ("dialogue", "streams")}  # series of one step
]
#: Weights that no loss can move: a softmax does not see what is added to all its scores.
STILL = ("shift",)


def given_for(kind: str, **changes: Any) -> Batch:
    made: Batch = KINDS[kind](**changes)  # type: ignore[operator]
    return made


def outputs(model: Model, name: str, kind: str, given: Batch) -> torch.Tensor:
    with torch.no_grad():
        said: torch.Tensor = model(seen(name, kind, given))
    return said


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_every_answer_is_a_finite_row_also_where_nothing_is_there(name: str, kind: str) -> None:
    model = small(name, kind)
    for present in (0.0, 0.5, 1.0):
        given = given_for(kind, present=present)
        said = outputs(model, name, kind, given)
        assert said.shape == (len(given.label), 3)
        assert torch.isfinite(said).all()


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_what_stood_in_a_missing_cell_changes_nothing(name: str, kind: str) -> None:
    model, given = small(name, kind), given_for(kind)
    noisy = {}
    for part, modality in given.features.items():
        dense = modality.dense()
        dense[~modality.mask] = float("nan")
        noisy[part] = Modality.of(dense, modality.mask)
    assert torch.equal(outputs(model, name, kind, given), outputs(model, name, kind, replace(given, features=noisy)))


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_padding_changes_nothing(name: str, kind: str) -> None:
    model = small(name, kind)
    wider = {"extra_persons": 2, "extra_segments": 3} if kind == "cells" else {"extra": 4}
    plain, wide = given_for(kind), given_for(kind, **wider)
    torch.testing.assert_close(outputs(model, name, kind, wide), outputs(model, name, kind, plain), rtol=0, atol=1e-10)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_what_stands_beside_it_in_the_batch_changes_nothing(name: str, kind: str) -> None:
    """S8, S9: two samples together are as each of them alone."""
    model = small(name, kind)
    sizes: Any = {"cells": ((3, 4), (2, 6)), "dialogue": (4, 9), "sequence": (4, 8)}[kind]
    both = given_for(kind, **({"sizes": sizes} if kind == "cells" else {"lengths": sizes}))
    alone = given_for(kind, **({"sizes": sizes[:1]} if kind == "cells" else {"lengths": sizes[:1]}))
    alone = first_of(both, alone)
    said = outputs(model, name, kind, alone)
    torch.testing.assert_close(outputs(model, name, kind, both)[: len(said)], said, rtol=0, atol=1e-10)


def first_of(both: Any, alone: Any) -> Any:
    """Make `alone` hold what the first sample of `both` holds."""
    features = {}
    for part, modality in both.features.items():
        grid = alone.features[part].mask.shape[1:]
        inside = (slice(0, 1), *(slice(0, size) for size in grid))
        features[part] = Modality.of(modality.dense()[inside], modality.mask[inside])
    changes: dict[str, Any] = {"features": features, "label": both.label[: len(alone.label)]}
    for field in ("personality", "character", "speaker"):
        if hasattr(alone, field):
            own = getattr(alone, field)
            changes[field] = getattr(both, field)[:1, : own.shape[1]]
    for field in ("target_person", "target_segment", "speaks"):
        if hasattr(alone, field):
            changes[field] = getattr(both, field)[:1]
    return replace(alone, **changes)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_gradients_reach_every_weight(name: str, kind: str) -> None:
    if (name, kind) == ("amuse", "cells"):
        pytest.skip("a cell has one vector: nothing to read in order or to look at among positions")
    model = small(name, kind).train()
    given = given_for(kind, present=1.0)
    if name == "amuse":
        given = with_positions(dialogues(present=1.0))
    criterion = nn.CrossEntropyLoss()
    reached: dict[str, bool] = {}
    for stage in range(model.stages):
        model.begin(stage)
        optimiser = torch.optim.SGD((weight for weight in model.parameters() if weight.requires_grad), 0.1)
        for seed in range(6):  # a dropped-out or unlucky ReLU, or a layer that starts at zero, is not out of reach
            torch.manual_seed(seed)
            model.zero_grad()
            model.loss(seen(name, kind, given), criterion).backward()
            optimiser.step()
            for weight, value in model.named_parameters():
                if value.grad is not None and value.grad.abs().sum() > 0:
                    reached[weight] = True
                    assert torch.isfinite(value.grad).all()
                    assert value.requires_grad
    never = [weight for weight, _ in model.named_parameters() if weight not in reached]
    assert [weight for weight in never if weight.split(".")[-1] not in STILL] == []


@pytest.mark.parametrize(("name", "kind"), [case for case in CASES if case.values[1] == "cells"])
def test_the_order_of_persons_changes_nothing(name: str, kind: str) -> None:
    """S2, but for models that read the persons of a segment one after the other."""
    if MODELS[name].view == "dialogue":
        pytest.skip("reads persons in their order")
    model, given = small(name, kind), batch(((3, 4), (3, 2)), present=0.8)
    order = [2, 0, 1]
    turned = turn_persons(given, order)
    torch.testing.assert_close(
        outputs(model, name, kind, turned), outputs(model, name, kind, given), rtol=0, atol=1e-10
    )


def turn_persons(given: CellBatch, order: list[int]) -> CellBatch:
    features = {
        part: Modality.of(modality.dense()[:, order], modality.mask[:, order])
        for part, modality in given.features.items()
    }
    return replace(
        given,
        features=features,
        personality=given.personality[:, order],
        character=given.character[:, order],
        person_mask=given.person_mask[:, order],
        target_person=torch.tensor([order.index(int(person)) for person in given.target_person]),
    )


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_every_modality_is_heard(name: str, kind: str) -> None:
    given = given_for(kind, present=1.0)
    for part in given.features:
        where = (0, *([int(given.target_person[0]), int(given.target_segment[0])] if kind == "cells" else [0]))
        other = changed(given, part, where)
        models = (small(name, kind, seed) for seed in range(5))  # in networks this small, a ReLU may be deaf
        assert any((outputs(m, name, kind, other) - outputs(m, name, kind, given)).abs().max() > 1e-9 for m in models)


@pytest.mark.parametrize(("name", "kind"), [case for case in CASES if case.values[1] != "sequence"])
def test_thirty_two_samples_can_be_learned_by_heart(name: str, kind: str) -> None:
    given: Batch = dialogues((4,) * 8, present=1.0) if kind == "dialogue" else batch(((2, 3),) * 32, present=1.0)
    # Nodal attention mixes a dialogue: shares differ e^2-fold at most, as the scores are those of a tanh.
    without = ("nodal_attention",) if name == "dialogue_gcn" else ()
    model = small(name, kind, without=without)
    shown = seen(name, kind, given)
    criterion = nn.CrossEntropyLoss()
    for stage in range(model.stages):
        model.begin(stage)
        free = [weight for weight in model.parameters() if weight.requires_grad]
        optimiser = torch.optim.Adam(free, lr=1e-2)
        for part in model.modules():
            if isinstance(part, nn.Dropout):
                part.p = 0.0
            if isinstance(part, nn.LSTM):
                part.dropout = 0.0
        for step in range(600):
            model.train()
            loss = model.loss(shown, criterion)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(free, 1.0)
            optimiser.step()
            if step % 20 == 19:
                model.eval()
                with torch.no_grad():
                    right = (model(shown).argmax(dim=1) == given.label).float().mean()
                if right == 1:
                    break
    assert right == 1


def test_the_catalogue_lists_every_model_with_what_it_learns_from_and_its_ablations() -> None:
    registered = {name: (entry.view, set(entry.without)) for name, entry in MODELS.items()}
    assert {name: (one.view, set(one.ablations)) for name, one in CATALOGUE.items()} == registered
