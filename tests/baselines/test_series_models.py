"""MMIN, the early-fusion models and SMTA: what is theirs alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from baselines.data.batches import SequenceBatch
from baselines.data.modality import Modality
from baselines.errors import DataError
from baselines.models.early_fusion import Config as EarlyConfig
from baselines.models.early_fusion import EarlyFusion
from baselines.models.mmin import MMIN, FullModality, draw, encode, subsets
from baselines.models.smta import SMTA, Config, Dot, Mixer, NonLocal, mixer
from tests.baselines.factory import SIZES, series, small

# --- MMIN (S10)


def mmin() -> MMIN:
    model = small("mmin", "sequence")
    assert isinstance(model, MMIN)
    return model


def test_there_are_six_conditions_and_every_sample_draws_its_own() -> None:
    patterns = subsets(("audio", "text", "visual"))
    assert len(patterns) == 6
    torch.manual_seed(0)
    given = series((2,) * 3000)
    kept = draw(patterns, ("audio", "text", "visual"), given)
    assert not kept.all(dim=1).any()
    assert kept.any(dim=1).all()
    codes = (kept.long() * torch.tensor([4, 2, 1])).sum(dim=1)
    assert torch.bincount(codes, minlength=7)[1:].double().div(3000).tolist() == pytest.approx([1 / 6] * 6, abs=0.03)


def test_the_augmented_baseline_meets_the_full_condition_too(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[tuple[str, ...], ...]] = []
    real = draw
    monkeypatch.setattr(
        "baselines.models.mmin.draw", lambda patterns, *rest: seen.append(patterns) or real(patterns, *rest)
    )
    model = small("mmin_augmented", "sequence")
    model.loss(series(), nn.CrossEntropyLoss())
    assert len(seen[0]) == 7
    assert len(model.patterns) == 6  # what the epoch is chosen on


def test_the_second_stage_starts_from_the_first_and_its_teacher_stays() -> None:
    model = mmin()
    model.begin(0)
    with torch.no_grad():
        for weight in model.baseline.parameters():
            weight.add_(0.5)
    model.begin(1)
    model.train()
    for mine, taught in zip(model.encoders.parameters(), model.baseline.encoders.parameters(), strict=True):
        assert torch.equal(mine, taught)
        assert mine.requires_grad
        assert not taught.requires_grad
    assert not model.baseline.training
    assert model.training
    model.loss(series(), nn.CrossEntropyLoss()).backward()
    assert all(weight.grad is None for weight in model.baseline.parameters())


def test_the_teacher_sees_what_the_network_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    model, given = mmin().train(), series((3,) * 40, present=1.0)
    shown: list[Tensor] = []
    real = encode

    def spied(encoders: nn.ModuleDict, batch: SequenceBatch) -> Tensor:
        shown.append(torch.stack([batch.features[name].mask.any(dim=1) for name in SIZES], dim=1))
        return real(encoders, batch)

    monkeypatch.setattr("baselines.models.mmin.encode", spied)
    model.loss(given, nn.CrossEntropyLoss())
    ours, teachers = shown
    assert (ours ^ teachers).all()


def test_no_gradient_goes_into_the_encoders_through_what_the_way_back_must_hit() -> None:
    model, given = mmin(), series()
    with torch.no_grad():  # nothing of the way forth reaches the loss: h' is zero whatever h is
        for weight in model.forth.out[2].parameters():
            weight.zero_()
    model.config = replace(model.config, imagination=0.0)
    model.loss(given, lambda outputs, labels: outputs.sum() * 0).backward()
    reached = [weight.grad for weight in model.encoders.parameters() if weight.grad is not None]
    assert all(float(grad.abs().sum()) == 0 for grad in reached)


def test_decoders_of_zero_imagine_nothing_and_the_codes_stand_side_by_side() -> None:
    model = mmin()
    with torch.no_grad():
        for decoder in model.forth.decode:
            for weight in decoder.parameters():
                weight.zero_()
        h = torch.randn(4, 30, dtype=torch.float64)
        imagined, code = model.forth(h)
        torch.testing.assert_close(imagined, model.forth.out(h))
    assert code.shape == (4, 5 * 5)


def test_without_the_way_back_nothing_of_it_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    model = small("mmin", "sequence", without=("cycle",))
    monkeypatch.setattr(model.back, "forward", lambda h: pytest.fail("computed"))
    model.loss(series(), nn.CrossEntropyLoss())


@pytest.mark.parametrize("compat", [False, True])
def test_padding_is_never_the_maximum_but_in_the_official_code(compat: bool) -> None:
    model = small("mmin_full", "sequence")
    assert isinstance(model, FullModality)
    model = FullModality(replace(model.config, pool_padding=compat)).double().eval()
    with torch.no_grad():
        moved = (model(series(extra=20)) - model(series())).abs().max()
    assert (float(moved) > 1e-6) == compat


# --- early fusion (S12)


def early(kind: str, **changes: object) -> EarlyFusion:
    torch.manual_seed(0)
    return EarlyFusion(EarlyConfig(kind=kind, sizes=SIZES, classes=3, longest=10, **changes)).double().eval()  # type: ignore[arg-type]


def shortened(given: SequenceBatch, first: int) -> SequenceBatch:
    features = {k: Modality.of(part.dense()[:, first:], part.mask[:, first:]) for k, part in given.features.items()}
    return replace(given, features=features, real={k: mask[:, first:] for k, mask in given.real.items()})


@pytest.mark.parametrize("kind", ["lstm", "blstm", "cnn"])
def test_of_a_long_series_the_last_steps_stay(kind: str) -> None:
    given = series((16, 16))
    model = early(kind)
    with torch.no_grad():
        torch.testing.assert_close(model(given), model(shortened(given, 6)))
        assert not torch.allclose(model(given), model(shortened(given, 7)))


@pytest.mark.parametrize(
    ("kind", "compat", "moves"), [("lstm", False, False), ("blstm", False, False), ("lstm", True, True)]
)
def test_zeros_in_front_change_nothing_unless_they_are_read(kind: str, compat: bool, moves: bool) -> None:
    given = series((4, 4))
    torch.manual_seed(0)
    short, long = (
        EarlyFusion(EarlyConfig(kind=kind, sizes=SIZES, classes=3, longest=steps, compat=compat)).double().eval()
        for steps in (4, 9)
    )
    long.load_state_dict(short.state_dict())
    with torch.no_grad():
        long.norm.running_mean.add_(0.3)
        short.load_state_dict(long.state_dict())
        assert torch.allclose(short(given), long(given)) != moves


def test_outputs_are_in_the_order_of_the_label_columns() -> None:
    model, given = early("blstm"), series()
    with torch.no_grad():
        plain = model(given)
        for weight in model.head.parameters():
            weight.copy_(weight[[2, 0, 1]])
        torch.testing.assert_close(model(given), plain[:, [2, 0, 1]])


def test_series_that_are_not_aligned_are_refused() -> None:
    given = series()
    other = replace(given, real=given.real | {"audio": given.real["audio"][:, :-1]})
    with pytest.raises(DataError, match="aligned"):
        early("lstm")(other)
    with pytest.raises(DataError, match="aligned"):
        small("smta_dot", "sequence")(other)


@pytest.mark.parametrize(("layers", "longest"), [(3, 15), (3, 20)])
def test_too_few_steps_for_the_convolutions_are_refused(layers: int, longest: int) -> None:
    with pytest.raises(ValueError, match="too few"):
        EarlyConfig(kind="cnn", layers=layers, longest=longest)
    EarlyConfig(kind="cnn", layers=3, longest=22)


def test_intensities_can_be_learned_by_heart() -> None:
    given = replace(series((5,) * 8, present=1.0), label=torch.rand(8, 3, dtype=torch.float64) * 3)
    model = early("blstm", dropout=0.0).train()
    optimiser = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(300):
        loss = (model(given) - given.label).abs().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert float(loss) < 0.15


# --- SMTA (S13)


class Silent(Mixer):
    def forward(self, z: Tensor, keys: Tensor) -> Tensor:
        return torch.zeros_like(z)


def test_with_one_stream_and_a_silent_attention_it_is_a_two_layer_lstm() -> None:
    torch.manual_seed(0)
    d = 6
    model = SMTA(Config("dot", {"text": 5}, 3, width=d)).double()
    model.mix = Silent()
    two = nn.LSTM(d, d, num_layers=2, batch_first=True).double()
    first, second = model.past, model.temporal[0]
    with torch.no_grad():
        for gate in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(two, f"{gate}_l0").copy_(getattr(first, f"{gate}_l0"))
            upper = getattr(second, f"{gate}_l0")
            getattr(two, f"{gate}_l1").copy_(upper[:, :d] if gate == "weight_ih" else upper)
        given = series((7, 7), present=1.0)
        only = replace(given, features={"text": given.features["text"]}, real={"text": given.real["text"]})
        states = two(model.project["text"](only.features["text"].dense()))[0]
        torch.testing.assert_close(model(only), model.head(states[:, -1]), rtol=0, atol=1e-9)


def test_non_local_attention_starts_as_the_identity() -> None:
    z = torch.randn(2, 3, 4, 8)
    assert torch.equal(NonLocal(8)(z, torch.ones(2, 3, 4, dtype=torch.bool)), z)


def test_equal_rows_stay_what_they_are() -> None:
    z = torch.randn(2, 3, 1, 8).expand(2, 3, 4, 8)
    torch.testing.assert_close(Dot()(z, torch.ones(2, 3, 4, dtype=torch.bool)), z)


@pytest.mark.parametrize("kind", ["dot", "non_local", "multi_head", "transformer"])
def test_attention_weights_add_to_one_and_leave_missing_streams_out(kind: str) -> None:
    torch.manual_seed(0)
    keys = torch.tensor([True, False, True, True]).expand(2, 3, 4)
    shares = mixer(kind, 8, 2).eval().weights(torch.randn(2, 3, 4, 8), keys)
    torch.testing.assert_close(shares.sum(dim=-1), torch.ones(2, 3, 4))
    assert (shares[..., 1].abs() < 1e-6).all()


@pytest.mark.parametrize("kind", ["dot", "multi_head", "transformer"])
@pytest.mark.parametrize("shared", [True, False])
def test_the_order_of_streams_matters_only_where_each_has_its_own_lstm(kind: str, shared: bool) -> None:
    """S2."""
    torch.manual_seed(0)
    sizes = {"audio": 5, "text": 5, "visual": 5}
    model = SMTA(Config(kind, sizes, 3, width=8, heads=2, share_temporal=shared)).double().eval()
    given = series((4, 6), present=1.0)
    rows = {name: torch.randn(10, 5, dtype=torch.float64) for name in sizes}
    for name in ("text", "visual"):  # equal projections, so that streams can change places
        model.project[name].load_state_dict(model.project["audio"].state_dict())
    mask = given.real["text"]

    def shown(order: tuple[str, ...]) -> SequenceBatch:
        features = {place: Modality(rows[name], mask) for place, name in zip(sizes, order, strict=True)}
        return replace(given, features=features, real=dict.fromkeys(sizes, mask))

    with torch.no_grad():
        plain, turned = model(shown(("audio", "text", "visual"))), model(shown(("visual", "audio", "text")))
    assert torch.allclose(plain, turned, rtol=0, atol=1e-9) == shared


def test_every_stream_has_a_loss_of_its_own() -> None:
    model, given = small("smta_dot", "sequence"), series()
    assert isinstance(model, SMTA)
    logits, each = model._logits(given)
    criterion = nn.CrossEntropyLoss()
    wanted = criterion(logits, given.label) + sum(criterion(one, given.label) for one in each)
    assert len(each) == 3
    torch.testing.assert_close(model.loss(given, criterion), wanted)


def test_a_later_step_of_padding_does_not_reach_the_state_that_is_read() -> None:
    model = small("smta_multi_head", "sequence")
    with torch.no_grad():
        torch.testing.assert_close(model(series(extra=5)), model(series()), rtol=0, atol=1e-10)
