"""DialogueGCN, MMGCN and AMuSE: what is theirs alone."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from baselines.data.corpus import Shape
from baselines.errors import DataError
from baselines.layers import focal_loss
from baselines.models.amuse import AMuSE, Fusion
from baselines.models.dialogue_gcn import DialogueGCN, neighbourhood, relations
from baselines.models.mmgcn import GCNII, MMGCN, graph, similarity
from tests.baselines.factory import SIZES, changed, dialogues, small

SHAPE_OF_TEXT = Shape({"text": SIZES["text"]}, classes=3)

# --- DialogueGCN (S8)


@pytest.mark.parametrize("window", [0, 2, 10, -1])
def test_the_number_of_edges_is_that_of_the_windows(window: int) -> None:
    given = dialogues((7, 1, 13))
    near = neighbourhood(given.time, given.real, window)
    for row, length in enumerate((7, 1, 13)):
        w = length if window < 0 else window
        wanted = sum(min(length, i + w + 1) - max(0, i - w) for i in range(length))
        assert int(near[row].sum()) == wanted


def test_edges_reach_as_far_as_time_says_not_as_places_do() -> None:
    time = torch.tensor([[0, 0, 0, 1, 1, 1, 2]])  # three persons a segment
    near = neighbourhood(time, torch.ones_like(time, dtype=torch.bool), 1)
    assert near[0, 0].tolist() == [True] * 6 + [False]


@pytest.mark.parametrize("compat", [False, True])
def test_edge_weights_add_to_one_and_stay_in_the_window(compat: bool) -> None:
    model = small("dialogue_gcn", "dialogue")
    assert isinstance(model, DialogueGCN)
    model = DialogueGCN(replace(model.config, compat=compat)).double()
    near = neighbourhood(*(getattr(dialogues(), name) for name in ("time", "real")), 2)
    g = torch.randn(*near.shape[:2], 20, dtype=torch.float64)
    shares = model.edge_weights(g, near)
    assert (shares[~near] == 0).all()
    real = dialogues().real
    torch.testing.assert_close(shares.sum(dim=2)[real], torch.ones(int(real.sum()), dtype=torch.float64))


def test_relations_are_by_pair_of_speakers_and_by_who_comes_first() -> None:
    found = relations(torch.tensor([[0, 1, 0]]), 2)[0]
    assert found[0, 1] == (0 * 2 + 1) * 2  # 0 before 1
    assert found[1, 0] == (1 * 2 + 0) * 2 + 1  # 1 after 0
    assert found[0, 2] == 0
    assert found[2, 0] == found[0, 0] == 1  # oneself is not before oneself
    assert int(relations(torch.tensor([[1, 1]]), 2).max()) == 7  # 2 * 2^2 relations


def test_with_tied_relations_it_does_not_matter_who_is_who() -> None:
    model, given = small("dialogue_gcn", "dialogue"), dialogues(speakers=2)
    assert isinstance(model, DialogueGCN)
    other = replace(given, speaker=1 - given.speaker)
    with torch.no_grad():
        assert not torch.allclose(model(given), model(other))
        model.mixture[:] = model.mixture[0]
        torch.testing.assert_close(model(given), model(other))


def test_messages_are_the_sum_over_relations_written_as_loops() -> None:
    model, given = small("dialogue_gcn", "dialogue"), dialogues((5,), speakers=2)
    assert isinstance(model, DialogueGCN)
    torch.manual_seed(0)
    g, into = torch.randn(1, 5, 20, dtype=torch.float64), torch.rand(1, 5, 5, dtype=torch.float64)
    relation = relations(given.speaker, 5)
    with torch.no_grad():
        found = model._messages(g, into, relation)[0]
        for i in range(5):
            total = torch.zeros(10, dtype=torch.float64)
            for j in range(5):
                matrix = sum(
                    share * basis for share, basis in zip(model.mixture[relation[0, i, j]], model.bases, strict=True)
                )
                total = total + into[0, i, j] * (g[0, j] @ matrix)
            torch.testing.assert_close(found[i], total)


def test_the_official_edge_attention_says_how_long_dialogues_may_be() -> None:
    model = small("dialogue_gcn", "dialogue")
    assert isinstance(model, DialogueGCN)
    model = DialogueGCN(replace(model.config, compat=True)).double()
    with pytest.raises(DataError, match="up to 110"):
        model(dialogues((111,)))


# --- MMGCN (S9)


def test_the_graph_is_symmetric_per_dialogue_and_its_largest_eigenvalue_is_one() -> None:
    torch.manual_seed(0)
    given = dialogues((4, 6))
    nodes = torch.randn(2, 3, 6, 5, dtype=torch.float64)
    adjacency = graph(nodes, given.real, 1.0)
    torch.testing.assert_close(adjacency, adjacency.transpose(1, 2))
    for row, length in enumerate((4, 6)):
        real = given.real[row].repeat(3)
        assert (adjacency[row][~real] == 0).all()
        inside = adjacency[row][real][:, real]
        assert float(torch.linalg.eigvalsh(inside).max()) == pytest.approx(1.0, abs=1e-9)
        across = inside[:length, length : 2 * length]
        assert (across[~torch.eye(length, dtype=torch.bool)] == 0).all()  # only the same utterance
        assert (across.diagonal() > 0).all()


def test_similarity_of_same_opposite_and_zero_vectors() -> None:
    cosine = torch.tensor([1.0, -1.0, 0.0], dtype=torch.float64)
    assert similarity(cosine).tolist() == pytest.approx([0.99858, 0.00142, 0.5], abs=1e-5)
    silent = torch.zeros(1, 2, 3, 4, dtype=torch.float64, requires_grad=True)
    adjacency = graph(silent, torch.ones(1, 3, dtype=torch.bool), 1.0)
    adjacency.sum().backward()
    assert torch.isfinite(adjacency).all()
    assert silent.grad is not None
    assert torch.isfinite(silent.grad).all()


def test_gamma_weighs_edges_between_modalities_only() -> None:
    torch.manual_seed(0)
    nodes, real = torch.randn(1, 2, 3, 4), torch.ones(1, 3, dtype=torch.bool)
    apart = graph(nodes, real, 0.0)[0]
    assert (apart[:3, 3:] == 0).all()
    alone = graph(nodes[:, :1], real, 1.0)[0]
    torch.testing.assert_close(apart[:3, :3], alone)


def test_a_gcnii_layer_with_theta_zero_and_alpha_one_returns_the_first_one() -> None:
    layer = GCNII(4, alpha=1.0, theta=0.0)
    first = torch.randn(1, 3, 4)
    torch.testing.assert_close(layer(torch.rand(1, 3, 3), torch.randn(1, 3, 4), first), first)


def test_theta_falls_with_depth() -> None:
    model = small("mmgcn", "dialogue")
    assert isinstance(model, MMGCN)
    thetas = [layer.theta for layer in model.layers if isinstance(layer, GCNII)]
    assert thetas == pytest.approx([math.log(0.5 / layer + 1) for layer in range(1, 5)])
    assert thetas == sorted(thetas, reverse=True)


def test_the_speaker_is_heard_through_text_alone_unless_all_is_asked_for() -> None:
    given = dialogues((4,), present=1.0)
    other = replace(given, speaker=(given.speaker + 1) % 3)
    for speaker, names in (("text", {"text"}), ("all", {"audio", "visual", "text"})):
        model = small("mmgcn", "dialogue")
        assert isinstance(model, MMGCN)
        model = MMGCN(replace(model.config, speaker=speaker)).double().eval()
        with torch.no_grad():
            moved = {
                name
                for name in model.modalities
                if not torch.equal(model._nodes(name, given), model._nodes(name, other))
            }
        assert moved == names


def test_focal_loss_worked_by_hand() -> None:
    logits = torch.log(torch.tensor([[0.8, 0.2], [0.3, 0.7]]))
    labels = torch.tensor([0, 0])
    wanted = [-((1 - p) ** 2.5) * math.log(p) for p in (0.8, 0.3)]
    assert float(focal_loss(logits, labels, 2.5)) == pytest.approx(sum(wanted) / 2)
    assert float(focal_loss(logits, labels, 0.0)) == pytest.approx(float(nn.functional.cross_entropy(logits, labels)))
    weight = torch.tensor([2.0, 1.0])
    plain = nn.functional.cross_entropy(logits, torch.tensor([0, 1]), weight=weight)
    assert float(focal_loss(logits, torch.tensor([0, 1]), 0.0, weight)) == pytest.approx(float(plain))


# --- AMuSE (S11)


def test_one_modality_alone_is_told_nothing_and_runs() -> None:
    given = dialogues((4, 2), present=1.0)
    model = small("amuse", "dialogue", shape=SHAPE_OF_TEXT)
    assert isinstance(model, AMuSE)
    assert model.central["text"].others == []
    with torch.no_grad():
        assert torch.isfinite(model(given)).all()
    model.begin(0)
    assert torch.isfinite(model.loss(given, nn.CrossEntropyLoss()))


@pytest.mark.parametrize("kind", ["fixed", "random", "learned", "gate"])
def test_adaptive_coefficients_lie_between_nothing_and_all(kind: str) -> None:
    torch.manual_seed(0)
    fuse = Fusion(["audio", "text"], 4, kind)
    mine, other = torch.randn(50, 4) * 9, torch.randn(50, 4) * 9
    share = fuse.coefficient(0, 1, mine, other)
    assert ((share >= 0) & (share <= 1)).all()
    fused = fuse({"audio": mine, "text": other})
    assert fused.shape == (50, 8)
    if kind == "fixed":
        torch.testing.assert_close(fused[:, :4], (mine + other) / 4)


def test_an_utterance_of_somebody_else_moves_the_dialogue_but_not_the_speakers_own_context() -> None:
    model = small("amuse", "dialogue")
    assert isinstance(model, AMuSE)
    given = replace(dialogues((4,), present=1.0), speaker=torch.tensor([[0, 1, 0, 1]]))
    utterances = torch.randn(4, 24, dtype=torch.float64)
    other = utterances.clone()
    other[1] += 1.0
    with torch.no_grad():
        before, after = model.context(utterances, given), model.context(other, given)
    own = slice(0, 8)
    torch.testing.assert_close(before[[0, 2], own], after[[0, 2], own], rtol=0, atol=0)
    assert not torch.equal(before[[3], own], after[[3], own])
    assert not torch.equal(before[[0], 8:], after[[0], 8:])


def test_the_first_stage_teaches_the_modalities_and_the_second_the_dialogue() -> None:
    model = small("amuse", "dialogue")
    model.begin(0)
    early = {name.split(".")[0] for name, weight in model.named_parameters() if weight.requires_grad}
    model.begin(1)
    late = {name.split(".")[0] for name, weight in model.named_parameters() if weight.requires_grad}
    assert early == {"encoders", "central", "heads"}
    assert late == {"encoders", "central", "fuse", "dialogue", "own", "head"}


def test_a_dialogue_says_the_same_with_other_numbers_for_its_speakers() -> None:
    model, given = small("amuse", "dialogue"), dialogues(speakers=3)
    with torch.no_grad():
        torch.testing.assert_close(model(given), model(replace(given, speaker=4 - given.speaker)), rtol=0, atol=1e-12)


def test_what_is_said_moves_what_follows() -> None:
    given = dialogues((4,), present=1.0)
    for name in ("dialogue_gcn", "mmgcn", "bc_lstm", "amuse"):
        model = small(name, "dialogue")
        with torch.no_grad():
            moved = (model(changed(given, "text", (0, 0))) - model(given)).abs().amax(dim=1)
        assert (moved > 0).all(), name
