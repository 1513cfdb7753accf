"""What can be trained, by name: for lists and forms. No torch, so that the web process can read it too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Which set of classes of a release.
EMOTIONS: Final = ("primary", "fine_grained")
#: Short names of `--modalities`; MMIN's patterns use l for text and z for nothing.
MODALITIES: Final[Mapping[str, str]] = {"v": "visual", "a": "audio", "t": "text", "p": "personality"}


@dataclass(frozen=True, slots=True)
class Listed:
    title: str
    view: str
    """The kind of samples it learns from: `cells`, `dialogue`, `sequence`, `streams`."""
    ablations: tuple[str, ...] = ()


CATALOGUE: Final[dict[str, Listed]] = {
    "amer": Listed("AMER (MEmoR, Shen et al. 2020)", "cells", ("personality", "intra", "inter")),
    "mdl": Listed("MDL (MEmoR's table)", "cells", ("personality",)),
    "mdae": Listed("MDAE (MEmoR's table)", "cells", ("personality",)),
    "bilstm_tfn": Listed("BiLSTM+TFN (MEmoR's table)", "cells", ("personality",)),
    "bilstm_lmf": Listed("BiLSTM+LMF (MEmoR's table)", "cells", ("personality",)),
    "dialogue_gcn": Listed("DialogueGCN (Ghosal et al. 2019)", "dialogue", ("personality", "nodal_attention")),
    "mmgcn": Listed("MMGCN (Hu et al. 2021)", "dialogue", ("personality",)),
    "bc_lstm": Listed("bc-LSTM (Poria et al. 2017)", "dialogue", ("personality",)),
    "amuse": Listed("AMuSE (Biswas et al. 2023)", "dialogue", ("personality", "adaptive_fusion", "attention_network")),
    "mmin": Listed("MMIN (Zhao et al. 2021)", "sequence", ("cycle", "cascade")),
    "mmin_full": Listed("MMIN's full-modality baseline", "sequence"),
    "mmin_augmented": Listed("MMIN's augmented baseline", "sequence"),
    "early_lstm": Listed("Early fusion, LSTM (Williams et al. 2018)", "sequence"),
    "early_blstm": Listed("Early fusion, BLSTM (Williams et al. 2018)", "sequence"),
    "early_cnn": Listed("Early fusion, CNN (Williams et al. 2018)", "sequence"),
    "smta_dot": Listed("SMTA, dot product (Gao et al. 2021)", "streams"),
    "smta_non_local": Listed("SMTA, non-local", "streams"),
    "smta_multi_head": Listed("SMTA, multi-head", "streams"),
    "smta_transformer": Listed("SMTA, transformer", "streams"),
    "attention_dot": Listed("Dot product without SMTA", "streams"),
    "attention_non_local": Listed("Non-local without SMTA", "streams"),
    "attention_multi_head": Listed("Multi-head without SMTA", "streams"),
    "attention_transformer": Listed("Transformer without SMTA", "streams"),
    "lstm": Listed("LSTM beside SMTA", "streams"),
}
