"""The models that can be trained: a new one is a file in `baselines/models`, an entry here and one in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

from baselines.data.corpus import Shape
from baselines.data.views import View, seen_shape, view
from baselines.errors import RunError
from baselines.models import (
    amer,
    amuse,
    bc_lstm,
    bilstm_fusion,
    dialogue_gcn,
    early_fusion,
    mdae,
    mdl,
    mmgcn,
    mmin,
    smta,
)
from baselines.models.base import Model
from baselines.recipe import Recipe


class UnknownModel(RunError):
    """No model of that name; the message lists the known ones."""


@dataclass(frozen=True, slots=True)
class Baseline:
    view: str
    """See `catalogue.Listed`, which must say the same."""
    config: type
    model: type[Model]
    recipe: Recipe
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """What makes this variant, of its config."""
    without: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Published ablation -> what it changes in the config."""
    for_kind: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Kind of the data -> what is different there."""
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    """Family of the data -> its own published recipe."""
    tasks: tuple[str, ...] = ("classes",)

    def recipe_for(self, family: str) -> Recipe:
        return self.recipes.get(family, self.recipe)


_MEMOR: Final = Recipe()
_NO_PERSONALITY: Final = {"personality": {"personality": 0}}
_DIALOGUES: Final = Recipe(
    epochs=60,
    patience=15,
    batch_size=32,
    learning_rate=3e-4,
    amsgrad=False,
    schedule="constant",
    sampler="shuffled",
    select="weighted_f1",
)
#: Cells of a clip, one of which is scored: what MEmoR's sampler and measure are made for.
_ON_MEMOR: Final = replace(_DIALOGUES, sampler="balanced", select="micro_f1", batch_size=16, epochs=200, patience=30)
_MMIN: Final = Recipe(
    epochs=60,
    patience=60,
    batch_size=128,
    learning_rate=2e-4,
    amsgrad=False,
    schedule="linear",
    decay_every=30,
    sampler="shuffled",
    select="ua",
    clip=1.0,
)
_BASELINE_OF_MMIN: Final = replace(_MMIN, epochs=20, patience=20, decay_every=10, clip=0.5)
_EARLY: Final = Recipe(
    epochs=200,
    patience=10,
    batch_size=64,
    learning_rate=1e-3,
    amsgrad=False,
    schedule="constant",
    sampler="shuffled",
    select="loss",
)
_SMTA: Final = Recipe(
    epochs=50,
    patience=50,
    batch_size=16,
    learning_rate=5e-3,
    amsgrad=False,
    decay_every=15,
    decay=0.1,
    sampler="shuffled",
    select="micro_f1",
    clip=1.0,
)
_AMUSE: Final = replace(_DIALOGUES, learning_rate=1e-4, batch_size=16, patience=10)


def _early(kind: str) -> Baseline:
    return Baseline(
        "sequence",
        early_fusion.Config,
        early_fusion.EarlyFusion,
        _EARLY,
        fixed={"kind": kind},
        tasks=("classes", "intensities"),
    )


def _smta(attention: str, memory: bool) -> Baseline:
    return Baseline("streams", smta.Config, smta.SMTA, _SMTA, fixed={"attention": attention, "memory": memory})


MODELS: Final[dict[str, Baseline]] = {
    "amer": Baseline(
        "cells",
        amer.Config,
        amer.AMER,
        _MEMOR,
        without=_NO_PERSONALITY | {"intra": {"use_intra": False}, "inter": {"use_inter": False}},
    ),
    "mdl": Baseline("cells", mdl.Config, mdl.MDL, _MEMOR, without=_NO_PERSONALITY),
    "mdae": Baseline("cells", mdae.Config, mdae.MDAE, _MEMOR, without=_NO_PERSONALITY),
    "bilstm_tfn": Baseline(
        "cells",
        bilstm_fusion.Config,
        bilstm_fusion.BiLSTMFusion,
        _MEMOR,
        fixed={"fusion": "tfn"},
        without=_NO_PERSONALITY,
    ),
    "bilstm_lmf": Baseline(
        "cells",
        bilstm_fusion.Config,
        bilstm_fusion.BiLSTMFusion,
        _MEMOR,
        fixed={"fusion": "lmf"},
        without=_NO_PERSONALITY,
    ),
    "dialogue_gcn": Baseline(
        "dialogue",
        dialogue_gcn.Config,
        dialogue_gcn.DialogueGCN,
        _DIALOGUES,
        without=_NO_PERSONALITY | {"nodal_attention": {"nodal_attention": False}},
        for_kind={"cells": {"encoded": 256}, "dialogue": {"input_dropout": 0.4}},
        recipes={"memor": _MEMOR, "meld": replace(_DIALOGUES, learning_rate=1e-3)},
    ),
    "mmgcn": Baseline(
        "dialogue",
        mmgcn.Config,
        mmgcn.MMGCN,
        replace(_DIALOGUES, batch_size=16, weight_decay=3e-5),
        without=_NO_PERSONALITY,
        recipes={"memor": _ON_MEMOR, "meld": replace(_DIALOGUES, batch_size=16, learning_rate=1e-3)},
    ),
    "bc_lstm": Baseline(
        "dialogue",
        bc_lstm.Config,
        bc_lstm.BcLSTM,
        _DIALOGUES,
        without=_NO_PERSONALITY,
        recipes={"memor": _ON_MEMOR},
    ),
    "amuse": Baseline(
        "dialogue",
        amuse.Config,
        amuse.AMuSE,
        _AMUSE,
        without=_NO_PERSONALITY | {"adaptive_fusion": {"fusion": "fixed"}, "attention_network": {"layers": 0}},
        recipes={"memor": replace(_ON_MEMOR, learning_rate=1e-4)},
    ),
    "mmin": Baseline(
        "sequence",
        mmin.Config,
        mmin.MMIN,
        _MMIN,
        without={"cycle": {"cycle": 0.0}, "cascade": {"autoencoder": True}},
    ),
    "mmin_full": Baseline(
        "sequence",
        mmin.Config,
        mmin.FullModality,
        _BASELINE_OF_MMIN,
    ),
    "mmin_augmented": Baseline(
        "sequence",
        mmin.Config,
        mmin.FullModality,
        replace(_BASELINE_OF_MMIN, epochs=40, patience=40, decay_every=20),
        fixed={"augmented": True},
    ),
    "early_lstm": _early("lstm"),
    "early_blstm": _early("blstm"),
    "early_cnn": _early("cnn"),
    "smta_dot": _smta("dot", True),
    "smta_non_local": _smta("non_local", True),
    "smta_multi_head": _smta("multi_head", True),
    "smta_transformer": _smta("transformer", True),
    "attention_dot": _smta("dot", False),
    "attention_non_local": _smta("non_local", False),
    "attention_multi_head": _smta("multi_head", False),
    "attention_transformer": _smta("transformer", False),
    "lstm": _smta("none", False),
}


def baseline(name: str) -> Baseline:
    """Return a model's entry. Raises UnknownModel."""
    if name not in MODELS:
        raise UnknownModel(f"there is no model {name!r}: use one of {', '.join(MODELS)}")
    return MODELS[name]


def view_for(name: str, kind: str, task: str, shape: Shape) -> View:
    """Return what makes a model's batches of those of a data set. Raises RunError where the two do not fit."""
    entry = baseline(name)
    found = view(kind, entry.view, shape)
    if found is None or task not in entry.tasks:
        fitting = [
            other for other, one in MODELS.items() if view(kind, one.view, shape) is not None and task in one.tasks
        ]
        raise RunError(
            f"{name} learns {' or '.join(entry.tasks)} from {entry.view}, these data hold {task} of {kind}: "
            f"use one of {', '.join(fitting)}"
        )
    return found


def configure(
    name: str, kind: str, shape: Shape, without: tuple[str, ...], settings: Mapping[str, str]
) -> dict[str, Any]:
    """Return a model's config as plain values: sizes of the data, what the variant and the ablations fix, and what the
    user set (in words). Raises RunError for an ablation or a setting that the model does not have."""
    entry = baseline(name)
    known = {one.name: one for one in fields(entry.config)}
    seen = seen_shape(kind, entry.view, shape)
    values: dict[str, Any] = {
        one: getattr(seen, one) for one in known if one in ("sizes", "classes", "personality", "speakers", "scene")
    }
    values |= entry.fixed
    given = set(values)
    values |= entry.for_kind.get(kind, {})
    for ablation in without:
        if ablation not in entry.without:
            names = ", ".join(entry.without) or "none"
            raise RunError(f"{name} has no ablation {ablation!r}; it has: {names}")
        values |= entry.without[ablation]
    for setting, word in settings.items():
        if setting not in known or setting in given:
            free = ", ".join(one for one in known if one not in given)
            raise RunError(f"{name} has no setting {setting!r}; it has: {free}")
        values[setting] = _value(setting, word, str(known[setting].type))
    try:
        made = asdict(entry.config(**values))
    except ValueError as error:
        raise RunError(f"{name}: {error}") from error
    return made | {"sizes": dict(values["sizes"])}


def build(name: str, config: Mapping[str, Any]) -> Model:
    """Return the model of such a config. Raises RunError for one that cannot be built."""
    entry = baseline(name)
    try:
        listed = {key: tuple(value) if isinstance(value, list) else value for key, value in config.items()}
        made: Model = entry.model(entry.config(**listed))
    except (TypeError, ValueError) as error:
        raise RunError(f"{name}: {error}") from error
    return made


def _value(setting: str, word: str, kind: str) -> Any:
    """Return the value that a word stands for, of the type that a config's field says."""
    try:
        if kind == "bool":
            return {"true": True, "false": False}[word.lower()]
        if kind.startswith("tuple"):
            return tuple(float(part) for part in word.split(","))
        return {"int": int, "float": float}.get(kind, str)(word)
    except (ValueError, KeyError) as error:
        raise RunError(f"{setting} must be {kind}, not {word!r}") from error
