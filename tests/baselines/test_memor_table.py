"""MDL, MDAE, BiLSTM+TFN and BiLSTM+LMF: what is theirs alone."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import numpy as np
import pytest
import torch
from torch import Tensor

from baselines.models.bilstm_fusion import LowRankFusion, outer_product, with_one
from baselines.models.mdae import MDAE, leave_out
from tests.baselines.factory import batch, changed, small


@pytest.mark.parametrize("name", ["mdl", "mdae"])
def test_what_stands_around_the_target_is_not_looked_at(name: str) -> None:
    model, given = small(name, "cells"), batch(((3, 4),), present=1.0)
    person, segment = int(given.target_person[0]), int(given.target_segment[0])
    with torch.no_grad():
        plain = model(given)
        assert torch.equal(model(changed(given, "audio", (0, (person + 1) % 3, segment))), plain)
        assert torch.equal(model(changed(given, "audio", (0, person, (segment + 1) % 4))), plain)


@pytest.mark.parametrize("name", ["bilstm_tfn", "bilstm_lmf"])
def test_the_order_of_segments_is_read_but_other_persons_are_not(name: str) -> None:
    model, given = small(name, "cells"), batch(((3, 4),), present=1.0)
    person, segment = int(given.target_person[0]), int(given.target_segment[0])
    before = (segment + 1) % 4
    with torch.no_grad():
        plain = model(given)
        assert not torch.equal(model(changed(given, "text", (0, person, before))), plain)
        assert torch.equal(model(changed(given, "text", (0, (person + 1) % 3, segment))), plain)
        moved = replace(given, target_segment=(given.target_segment + 1) % 4)
        assert not torch.allclose(model(moved), plain)


# --- the tensors (S7)


def test_with_two_modalities_silent_the_tensor_holds_the_third_alone() -> None:
    z = torch.rand(1, 32) + 0.1
    tensor = outer_product([z, torch.zeros(1, 32), torch.zeros(1, 32)])
    assert tensor.shape == (1, 35_937)
    assert tensor[tensor != 0].tolist() == with_one(z)[0].tolist()


def test_low_rank_fusion_is_the_dense_contraction() -> None:
    torch.manual_seed(0)
    fuse = LowRankFusion(parts=3, size=4, fused=2, rank=3).double()
    parts = [torch.randn(5, 4, dtype=torch.float64) for _ in range(3)]
    dense = torch.einsum("r,raf,rbf,rcf->abcf", fuse.rank_weights[0], *fuse.factors)
    z = [with_one(part) for part in parts]
    wanted = torch.einsum("na,nb,nc,abcf->nf", *z, dense) + fuse.bias
    torch.testing.assert_close(fuse(parts), wanted, rtol=0, atol=1e-10)


def test_factors_of_ones_multiply_the_sums() -> None:
    fuse = LowRankFusion(parts=3, size=4, fused=1, rank=1).double()
    with torch.no_grad():
        for factor in fuse.factors:
            factor.fill_(1.0)
        fuse.rank_weights.fill_(1.0)
    parts = [torch.rand(2, 4, dtype=torch.float64) for _ in range(3)]
    sums: list[Tensor] = [1 + part.sum(dim=1) for part in parts]
    torch.testing.assert_close(fuse(parts)[:, 0], reduce(torch.mul, sums))


# --- the autoencoder


def test_nothing_is_asked_of_a_missing_modality() -> None:
    model, given = small("mdae", "cells"), batch(((2, 3),) * 3, present=1.0)
    assert isinstance(model, MDAE)
    silent = given.keep(("visual", "text"))
    errors = model.reconstruction_errors(torch.randn(3, 8, dtype=torch.float64), silent.at_target())
    assert float(errors["audio"]) == 0.0
    assert float(errors["visual"]) > 0


def test_the_error_is_the_mean_square_of_what_is_there() -> None:
    model, given = small("mdae", "cells"), batch(((2, 3),) * 4, present=0.5)
    assert isinstance(model, MDAE)
    target = given.at_target()
    code = torch.randn(4, 8, dtype=torch.float64)
    with torch.no_grad():
        errors = model.reconstruction_errors(code, target)
        parts = model.spread(code).chunk(3, dim=-1)
        for part, name in zip(parts, ("visual", "audio", "text"), strict=True):
            made, true = model.decoders[name](part).numpy(), target[name].dense().numpy()
            each = [((m - t) ** 2).mean() for m, t, there in zip(made, true, target[name].mask, strict=True) if there]
            assert float(errors[name]) == pytest.approx(np.sum(each) / 4)


def test_denoising_leaves_out_none_one_or_two_equally_often_and_keeps_something() -> None:
    torch.manual_seed(0)
    target = batch(((1, 1),) * 6000, present=1.0).at_target()
    kept = torch.stack([part.mask for part in leave_out(target).values()], dim=1).sum(dim=1)
    shares = [float((kept == count).double().mean()) for count in (3, 2, 1)]
    assert shares == pytest.approx([1 / 3] * 3, abs=0.03)
    thin = batch(((1, 1),) * 500, present=0.4).at_target()
    before = torch.stack([part.mask for part in thin.values()], dim=1)
    after = torch.stack([part.mask for part in leave_out(thin).values()], dim=1)
    assert not (after & ~before).any()
    assert (after.any(dim=1) == before.any(dim=1)).all()
