from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from baselines.data.batches import CellBatch
from baselines.data.modality import Modality
from baselines.layers import attend
from baselines.models.amer import AMER, Config
from tests.baselines.factory import SMALL, amer, batch, changed

PARTS = ("visual", "audio", "text")
VARIANTS = [
    pytest.param({}, id="full"),
    pytest.param({"missing": "paper"}, id="paper"),
    pytest.param({"personality": 0}, id="no personality"),
    pytest.param({"use_intra": False}, id="no intra"),
    pytest.param({"use_inter": False}, id="no inter"),
    pytest.param({"missing": "paper", "personality": 0, "use_inter": False}, id="paper, neither"),
]


def permuted(given: CellBatch, *, persons: list[int] | None = None, segments: list[int] | None = None) -> CellBatch:
    """The same samples with persons or segments in another order, the target with them."""
    n, s = given.features["visual"].mask.shape[1:]
    people, parts = persons or list(range(n)), segments or list(range(s))
    cells = {
        name: Modality.of(part.dense()[:, people][:, :, parts], part.mask[:, people][:, :, parts])
        for name, part in given.features.items()
    }
    return replace(
        given,
        features=cells,
        character=given.character[:, people],
        personality=given.personality[:, people],
        person_mask=given.person_mask[:, people],
        segment_mask=given.segment_mask[:, parts],
        target_person=torch.tensor([people.index(int(t)) for t in given.target_person]),
        target_segment=torch.tensor([parts.index(int(t)) for t in given.target_segment]),
    )


# --- sizes


@pytest.mark.parametrize(
    ("config", "count"),
    [
        (Config(classes=9), 11_581_833),
        (Config(classes=14), 11_583_118),
        (Config(classes=9, personality=0), 10_865_289),
        (Config(classes=14, personality=0), 10_866_574),
        (Config(classes=9, use_intra=False), 11_581_833),
        (Config(classes=14, use_inter=False), 11_583_118),
    ],
)
def test_the_published_sizes_have_the_published_number_of_parameters(config: Config, count: int) -> None:
    with torch.device("meta"):
        assert sum(weights.numel() for weights in AMER(config).parameters()) == count


def test_every_layer_has_the_size_and_name_of_the_official_checkpoint() -> None:
    with torch.device("meta"):
        state = AMER(Config(classes=14)).state_dict()
    sizes = {
        "enc_v": [(512, 4302), (384, 512), (256, 384)],
        "enc_a": [(1024, 6373), (512, 1024), (256, 512)],
        "enc_t": [(512, 1024), (256, 512)],
        "enc_p": [(512, 118), (256, 512)],
        "out_layer": [(256, 512), (14, 256)],
    }
    wanted = {f"{name}.{2 * k}.weight": size for name, layers in sizes.items() for k, size in enumerate(layers)}
    wanted["fusion_layer.weight"] = (512, 1792)
    assert {name: tuple(tensor.shape) for name, tensor in state.items() if name.endswith("weight")} == wanted


@pytest.mark.parametrize("changes", VARIANTS)
def test_logits_have_a_row_per_sample_and_a_column_per_class(changes: dict[str, object]) -> None:
    assert amer(**changes)(batch()).shape == (3, SMALL.classes)


def test_an_unknown_missing_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="'code' or 'paper'"):
        Config(missing="zero")


# --- the equations, one number after the other


def slow_attention(query: Tensor, memory: list[Tensor], keys: list[bool], *, literal: bool) -> Tensor:
    scores = [float(query @ row) / math.sqrt(len(query)) for row in memory]
    if not any(keys):
        if literal:
            return torch.zeros_like(query)
        weights = [1.0 / len(memory)] * len(memory)
    else:
        top = max(score for score, key in zip(scores, keys, strict=True) if key)
        raised = [math.exp(score - top) if key else 0.0 for score, key in zip(scores, keys, strict=True)]
        weights = [value / sum(raised) for value in raised]
    out = torch.zeros_like(query)
    for weight, row in zip(weights, memory, strict=True):
        out = out + weight * row
    return out


def slow_amer(model: AMER, given: CellBatch, row: int) -> Tensor:
    """The equations of the paper and the official code's choices, sample by sample, person by person, by loops."""
    config = model.config
    n, s = int(given.person_mask[row].sum()), int(given.segment_mask[row].sum())
    m, target = int(given.target_person[row]), int(given.target_segment[row])
    literal = config.missing == "paper"
    traits = [model.enc_p(given.personality[row, i]) for i in range(n)] if config.personality else None
    encoders: dict[str, Callable[[Tensor], Tensor]] = {"visual": model.enc_v, "audio": model.enc_a, "text": model.enc_t}
    ends: dict[str, list[Tensor]] = {}
    for part, encoder in encoders.items():
        values, there = given.features[part].dense()[row], given.features[part].mask[row]
        f: list[list[Tensor]] = []
        for i in range(n):
            f.append([])
            for j in range(s):
                cell = encoder(values[i, j])
                if traits is not None:
                    cell = torch.cat([cell, traits[i]])
                f[i].append(torch.zeros_like(cell) if literal and not there[i, j] else cell)
        h1 = [list(line) for line in f]
        if config.use_inter:
            for j in range(s):
                column = [f[i][j] for i in range(n)]
                keys = [bool(there[i, j]) for i in range(n)]
                for i in range(n):
                    h1[i][j] = f[i][j] + slow_attention(f[i][j], column, keys, literal=literal)
        ends[part] = []
        for i in range(n):
            end = h1[i][target]
            if config.use_intra:
                end = end + slow_attention(end, h1[i], [bool(there[i, j]) for j in range(s)], literal=literal)
            ends[part].append(end)
    u = []
    for i in range(n):
        parts = [ends[part][i] for part in ("visual", "audio", "text")]
        u.append(model.fusion_layer(torch.cat(parts if traits is None else [*parts, traits[i]])))
    person = u[m]
    if n > 1 and config.use_inter:
        person = u[m] + slow_attention(u[m], u, [True] * n, literal=False)
    return model.out_layer(person)


@pytest.mark.parametrize("changes", VARIANTS)
@pytest.mark.parametrize("present", [0.0, 0.4, 1.0])
def test_amer_equals_the_equations_written_as_loops(changes: dict[str, object], present: float) -> None:
    model = amer(**changes)
    given = batch(((3, 4), (1, 2), (2, 5), (1, 1), (4, 3)), present=present, extra_persons=1)
    with torch.no_grad():
        logits = model(given)
        for row in range(len(given)):
            torch.testing.assert_close(logits[row], slow_amer(model, given, row), rtol=0, atol=1e-9)


# --- what must change nothing


@pytest.mark.parametrize("changes", VARIANTS)
def test_padding_changes_nothing(changes: dict[str, object]) -> None:
    model, plain = amer(**changes), batch()
    wide = batch(extra_persons=3, extra_segments=2)
    noisy = replace(wide, personality=wide.personality.clone())
    noisy.personality[~noisy.person_mask] = 1e3
    with torch.no_grad():
        expected = model(plain)
        torch.testing.assert_close(model(wide), expected, rtol=0, atol=1e-12)
        torch.testing.assert_close(model(noisy), expected, rtol=0, atol=1e-12)


def test_the_samples_beside_it_change_nothing() -> None:
    model, given = amer(), batch()
    with torch.no_grad():
        together = model(given)
        for row in range(len(given)):
            n, s = int(given.person_mask[row].sum()), int(given.segment_mask[row].sum())
            cells = {
                name: Modality.of(part.dense()[row : row + 1, :n, :s], part.mask[row : row + 1, :n, :s])
                for name, part in given.features.items()
            }
            alone = CellBatch(
                features=cells,
                label=given.label[row : row + 1],
                personality=given.personality[row : row + 1, :n],
                character=given.character[row : row + 1, :n],
                person_mask=given.person_mask[row : row + 1, :n],
                segment_mask=given.segment_mask[row : row + 1, :s],
                target_person=given.target_person[row : row + 1],
                target_segment=given.target_segment[row : row + 1],
                speaks=given.speaks[row : row + 1],
            )
            torch.testing.assert_close(model(alone)[0], together[row], rtol=0, atol=1e-12)


@pytest.mark.parametrize("changes", VARIANTS)
def test_the_order_of_persons_changes_nothing(changes: dict[str, object]) -> None:
    model, given = amer(**changes), batch(((4, 3), (4, 2)))
    with torch.no_grad():
        torch.testing.assert_close(model(permuted(given, persons=[2, 0, 3, 1])), model(given), rtol=0, atol=1e-12)


def test_the_order_of_segments_changes_nothing() -> None:
    model, given = amer(), batch(((2, 4), (3, 4)))
    with torch.no_grad():
        torch.testing.assert_close(model(permuted(given, segments=[3, 1, 0, 2])), model(given), rtol=0, atol=1e-12)


# --- what must change something, and only with the part it goes through


def moved(model: nn.Module, given: CellBatch, part: str, where: tuple[int, ...]) -> bool:
    if part == "personality":
        profile = given.personality.clone()
        profile[where] += 1.0
        other = replace(given, personality=profile)
    else:
        other = changed(given, part, where)
    with torch.no_grad():
        return not torch.equal(model(other)[where[0]], model(given)[where[0]])


@pytest.mark.parametrize(
    ("changes", "other_person", "other_segment"),
    [({}, True, True), ({"use_inter": False}, False, True), ({"use_intra": False}, True, False)],
)
def test_other_cells_are_heard_only_through_their_attention(
    changes: dict[str, object], other_person: bool, other_segment: bool
) -> None:
    model, given = amer(**changes), batch(((3, 4),), present=1.0)
    person, segment = int(given.target_person[0]), int(given.target_segment[0])
    assert moved(model, given, "audio", (0, person, segment))
    assert moved(model, given, "audio", (0, (person + 1) % 3, segment)) == other_person
    assert moved(model, given, "audio", (0, person, (segment + 1) % 4)) == other_segment


def test_personality_is_heard_unless_left_out() -> None:
    given = batch(((2, 2),), present=1.0)
    person = int(given.target_person[0])
    assert moved(amer(), given, "personality", (0, person))
    assert not moved(amer(personality=0), given, "personality", (0, person))


def test_another_target_gives_another_answer() -> None:
    model, given = amer(), batch(((3, 4),), present=1.0)
    with torch.no_grad():
        plain = model(given)
        other_person = model(replace(given, target_person=(given.target_person + 1) % 3))
        other_segment = model(replace(given, target_segment=(given.target_segment + 1) % 4))
    assert not torch.allclose(plain, other_person)
    assert not torch.allclose(plain, other_segment)


# --- attention itself


def test_attention_without_keys_is_uniform_over_real_places_or_zero() -> None:
    memory = torch.tensor([[1.0, 2.0], [3.0, 6.0], [100.0, 100.0]])
    query = torch.ones(1, 2)
    nothing, real = torch.zeros(1, 3, dtype=torch.bool), torch.tensor([[True, True, False]])
    torch.testing.assert_close(attend(query, memory, nothing, real), torch.tensor([[2.0, 4.0]]))
    torch.testing.assert_close(attend(query, memory, nothing, real, zero_without_keys=True), torch.zeros(1, 2))


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_attention_is_finite_in_every_precision(dtype: torch.dtype) -> None:
    memory = torch.full((3, 4), 30.0, dtype=dtype)
    for keys in ([False] * 3, [True, False, False]):
        seen = attend(memory[:1], memory, torch.tensor([keys]), torch.tensor([[True, True, False]]))
        assert torch.isfinite(seen).all()


def test_gradients_are_finite_with_everything_missing() -> None:
    for missing in ("code", "paper"):
        model = amer(missing=missing)
        model(batch(present=0.0)).sum().backward()
        assert all(torch.isfinite(weights.grad).all() for weights in model.parameters() if weights.grad is not None)
