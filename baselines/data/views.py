"""Samples of one kind seen as another, so that every model trains on every data set that holds what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import torch
from torch import Tensor

from baselines.data.batches import Batch, CellBatch, DialogueBatch, SequenceBatch
from baselines.data.corpus import Shape

View = Callable[[Batch], Batch]
#: The streams of a pair: who is asked for, who is seen beside them most, where they are, what is heard and said.
STREAMS: Final = ("person_a", "person_b", "background", "audio", "text")


def dialogue_of_cells(batch: CellBatch) -> DialogueBatch:
    """Return every cell as a node, in order of segments and then of persons; only the target is scored."""
    n, s = batch.person_mask.shape[1], batch.segment_mask.shape[1]
    real = (batch.segment_mask[:, :, None] & batch.person_mask[:, None, :]).flatten(1)  # (B, S*N)
    order = torch.argsort((~real).long(), dim=1, stable=True)  # padding to the end
    segment, person = order // n, order % n
    rows = torch.arange(len(batch), device=order.device)[:, None]
    real = real.gather(1, order)
    places = ((rows * n + person) * s + segment).masked_fill(~real, -1)
    target = (segment == batch.target_segment[:, None]) & (person == batch.target_person[:, None])
    return DialogueBatch(
        features={name: part.select(places) for name, part in batch.features.items()},
        label=batch.label,
        personality=batch.personality[rows, person],
        speaker=batch.character[rows, person],
        time=segment,
        real=real,
        scored=target & real,
    )


def sequence_of_cells(batch: CellBatch) -> SequenceBatch:
    """Return the target person's segments up to the target, which is the last one."""
    places, real = _up_to_target(batch, batch.target_person)
    return SequenceBatch(
        features={name: part.select(places) for name, part in batch.features.items()},
        label=batch.label,
        personality=batch.target_personality(),
        real=dict.fromkeys(batch.features, real),
    )


def streams_of_cells(batch: CellBatch, scene: int) -> SequenceBatch:
    """Return the five streams of the target and the person seen beside them, up to the target segment.

    `scene` columns at the end of the visual vectors are objects and environment: the background, which is the same
    for everybody who is seen. Sound and words are those of whoever speaks.
    """
    mine, real = _up_to_target(batch, batch.target_person)
    features = {}
    if "visual" in batch.features:
        visual = batch.features["visual"]
        features["person_a"] = visual.select(mine)
        features["person_b"] = visual.select(_up_to_target(batch, _partner(batch, visual.mask))[0])
        anybody = visual.select(_anybody(batch, visual.mask))
        if scene:
            features["background"] = type(anybody)(anybody.rows[:, -scene:], anybody.mask)
    for name in ("audio", "text"):
        if name in batch.features:
            features[name] = batch.features[name].select(_anybody(batch, batch.features[name].mask))
    return SequenceBatch(features, batch.label, batch.target_personality(), dict.fromkeys(features, real))


def sequence_of_dialogue(batch: DialogueBatch) -> SequenceBatch:
    """Return every scored utterance alone, as a series of one step (or of its positions)."""
    places = torch.arange(batch.scored.numel(), device=batch.scored.device).view_as(batch.scored)[batch.scored]
    features, real = {}, {}
    for name, part in batch.features.items():
        steps = part.mask.shape[2] if part.mask.dim() > 2 else 1
        grid = places[:, None] * steps + torch.arange(steps, device=places.device)
        features[name] = part.select(grid)
        real[name] = torch.ones_like(grid, dtype=torch.bool)
    return SequenceBatch(features, batch.label, batch.personality[batch.scored], real)


def view(given: str, wanted: str, shape: Shape) -> View | None:
    """Return what makes batches of kind `wanted` of such of kind `given`; None if nothing can."""
    if given == wanted:
        return lambda batch: batch
    known: Mapping[tuple[str, str], Callable[..., Batch]] = {
        ("cells", "dialogue"): dialogue_of_cells,
        ("cells", "sequence"): sequence_of_cells,
        ("cells", "streams"): lambda batch: streams_of_cells(batch, shape.scene),
        ("dialogue", "sequence"): sequence_of_dialogue,
        ("dialogue", "streams"): sequence_of_dialogue,
        ("sequence", "streams"): lambda batch: batch,
    }
    return known.get((given, wanted))


def seen_shape(given: str, wanted: str, shape: Shape) -> Shape:
    """Return the sizes that a model finds in batches so seen."""
    if (given, wanted) != ("cells", "streams"):
        return shape
    visual = shape.sizes.get("visual", 0)
    sizes = {"person_a": visual, "person_b": visual, "background": shape.scene if visual else 0}
    sizes |= {name: shape.sizes.get(name, 0) for name in ("audio", "text")}
    return shape.with_sizes({name: size for name, size in sizes.items() if size})


def _up_to_target(batch: CellBatch, person: Tensor) -> tuple[Tensor, Tensor]:
    """Return the places (B, T) of a person's segments up to the target, -1 after it, and which are real."""
    n, s = batch.person_mask.shape[1], batch.segment_mask.shape[1]
    steps = torch.arange(s, device=person.device)[None]
    real = steps <= batch.target_segment[:, None]
    rows = torch.arange(len(batch), device=person.device)
    places = ((rows * n + person) * s)[:, None] + steps
    length = int(batch.target_segment.max()) + 1
    return places.masked_fill(~real | (person < 0)[:, None], -1)[:, :length], real[:, :length]


def _partner(batch: CellBatch, seen: Tensor) -> Tensor:
    """Return who but the target is seen in most segments (B,), of equals the lower character; -1: nobody else."""
    rows = torch.arange(len(batch), device=seen.device)
    many = int(batch.character.max()) + 1
    counts = (seen.sum(dim=2) * many - batch.character).masked_fill(~batch.person_mask, -many)  # (B, N)
    counts[rows, batch.target_person] = -many
    best, person = counts.max(dim=1)
    return person.masked_fill(best == -many, -1)


def _anybody(batch: CellBatch, there: Tensor) -> Tensor:
    """Return per segment up to the target the place of who is there: the target, else the lowest character."""
    n, s = batch.person_mask.shape[1], batch.segment_mask.shape[1]
    rows = torch.arange(len(batch), device=there.device)
    many = int(batch.character.max()) + 1
    weight = there * (many - batch.character)[:, :, None]
    weight[rows, batch.target_person] *= many + 1
    best, person = weight.max(dim=1)  # (B, S)
    steps = torch.arange(s, device=there.device)[None]
    places = (rows[:, None] * n + person) * s + steps
    gone = (best == 0) | (steps > batch.target_segment[:, None])
    return places.masked_fill(gone, -1)[:, : int(batch.target_segment.max()) + 1]
