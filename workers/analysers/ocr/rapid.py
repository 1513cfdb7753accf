"""RapidOCR (PP-OCR in onnxruntime or OpenVINO): its package carries one network for Chinese and English."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.errors import AnalysisError
from workers.analysers.ocr.marks import WIDTHS, fitting_marks
from workers.analysers.ocr.reader import Image, RowText, TextBox, in_reading_order, upright

LANGUAGES: Final = frozenset({"en", "zh"})
_DETECTOR: Final = "PP-OCRv6_det_small.onnx"
_RECOGNISER: Final = "PP-OCRv6_rec_small.onnx"
#: The longer side of what the detector looks at. Its default enlarges the *shorter* side to 736 px, which blows a
#: strip of subtitles up to 5000 px: eight times slower and no better.
_DETECTOR_SIDE_PX: Final = 960
#: The recogniser's rows are as high as it was trained on; shorter ones than this are filled up (its default, 320 px, is
#: five times the work for a "No!").
_ROW_PX, _NARROWEST_PX = 48, 128
#: OpenVINO prepares for every width that it meets (20 ms): rows are filled up to the next of few.
_STEP_PX: Final = 32
#: Where Linux says what the processor can do, and how it calls multiplying in bfloat16: there OpenVINO reads a row in
#: half of onnxruntime's time, elsewhere it is no faster.
_PROCESSOR: Final = Path("/proc/cpuinfo")
_BFLOAT16: Final = frozenset({"amx_bf16", "avx512_bf16"})
#: Rows are read at this width first, at as much of the cost; where the reading is less sure than this, at full width
#: too. Letters of a narrow face run together when they are squeezed: of 433 letters in Liberation Sans Narrow 69 were
#: wrong so, and 14 with the second look (13 at full width alone); DejaVu's letters need none.
_SQUEEZE, _SURE = 0.7, 0.97


def missing() -> str:
    """Return what keeps this reader from being used, "" if nothing."""
    folder = _model_folder()
    if folder is None:
        return "the Python package rapidocr is not installed (pip install rapidocr onnxruntime)"
    absent = [name for name in (_DETECTOR, _RECOGNISER) if not (folder / name).is_file()]
    return f"the file {folder / absent[0]} is not there (install the rapidocr package again)" if absent else ""


class RapidReader:
    def __init__(self, threads: int = 1) -> None:
        reason = missing()
        folder = _model_folder()
        if reason or folder is None:
            raise AnalysisError("ocr_reader_missing", f"RapidOCR cannot be used: {reason}.")
        from rapidocr import EngineType, RapidOCR

        bfloat16 = reads_in_bfloat16()
        # Paths are given for all networks, because RapidOCR downloads what it finds by name alone. Parts are switched
        # here, never in a call: a `use_det=False` in one call stays in force for every later one.
        self._engine = RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.use_cls": False,
                "Det.model_path": str(folder / _DETECTOR),
                "Det.limit_type": "max",
                "Det.limit_side_len": _DETECTOR_SIDE_PX,
                "Rec.model_path": str(folder / _RECOGNISER),
                "Rec.rec_batch_num": 1,  # a batch is as wide as its widest row: on a CPU that costs more than it gains
                "Rec.rec_img_shape": [3, _ROW_PX, _NARROWEST_PX],
                "Rec.engine_type": EngineType.OPENVINO if bfloat16 else EngineType.ONNXRUNTIME,
                "EngineConfig.openvino.inference_num_threads": threads,
                "EngineConfig.openvino.num_streams": 1,
                # Pinned to a core, every process of a machine would want the first one.
                "EngineConfig.openvino.enable_cpu_pinning": False,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        network = self._engine._load_rec_model()
        network.postprocess_op = _OneWidth(network.postprocess_op)
        if bfloat16:
            network.resize_norm_img = _in_steps(network.resize_norm_img)
        self.name = f"rapidocr-{importlib.metadata.version('rapidocr')}"
        self.languages = LANGUAGES

    def read(self, image: Image) -> list[TextBox]:
        result: Any = self._engine(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
        if result.boxes is None or result.txts is None:
            return []
        return in_reading_order(
            [
                TextBox(fitting_marks(text.strip()), upright(np.asarray(corners, dtype=np.float64)), float(score))
                for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
                if text.strip()
            ]
        )

    def read_rows(self, rows: Sequence[Image]) -> list[RowText]:
        # The network itself, not `use_det=False`, which would stay in force for the calls of `read`.
        from rapidocr.ch_ppocr_rec import TextRecInput

        network = self._engine._load_rec_model()

        def recognised(row: Image) -> RowText:
            result: Any = network(TextRecInput(img=[cv2.cvtColor(row, cv2.COLOR_RGB2BGR)], return_word_box=False))
            return RowText(fitting_marks(result.txts[0].strip()), float(result.scores[0]))

        def squeezed_first(row: Image) -> RowText:
            if row.shape[1] * _ROW_PX * _SQUEEZE <= _NARROWEST_PX * row.shape[0]:
                return recognised(row)  # squeezed it would be filled up again: nothing is saved
            best = recognised(np.asarray(cv2.resize(row, None, fx=_SQUEEZE, fy=1.0, interpolation=cv2.INTER_AREA)))
            if best.confidence < _SURE and best.text:
                best = max(best, recognised(row), key=lambda text: text.confidence)
            return best

        return [squeezed_first(row) for row in rows]


def _in_steps(scaled: Callable[[Image, float], NDArray[np.float32]]) -> Callable[[Image, float], NDArray[np.float32]]:
    """Fill rows up to the next of few widths. What is filled up gets a row and its width, as a share of its height."""

    def filled_up(row: Image, width: float) -> NDArray[np.float32]:
        return scaled(row, math.ceil(width * _ROW_PX / _STEP_PX) * _STEP_PX / _ROW_PX)

    return filled_up


class _OneWidth:
    """Decodes what the recogniser says of a row's columns; a mark in two widths counts as one, in the likelier width.

    The network cannot tell ！ from ! in a narrow picture: each has half of its confidence, and a blank may have more
    than either.
    """

    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder
        places = {letter: i for i, letter in enumerate(decoder.character)}
        self._pairs = [(places[a], places[b]) for a, b in WIDTHS if a in places and b in places]

    def __call__(self, columns: NDArray[np.float32], *arguments: Any, **options: Any) -> Any:
        """`columns` are shares of each letter, (rows, columns, letters)."""
        for row in columns:
            for pair in self._pairs:
                both = row[:, pair]
                row[:, pair] = 0
                row[:, pair[int(both.sum(axis=0).argmax())]] = both.sum(axis=1)
        return self._decoder(columns, *arguments, **options)


def late_modules() -> tuple[str, ...]:
    """Return what a reader imports only when it is made."""
    return ("rapidocr.main", "openvino") if reads_in_bfloat16() else ("rapidocr.main",)


def reads_in_bfloat16() -> bool:
    """Say whether rows are read by OpenVINO, in bfloat16: where the processor multiplies that by itself."""
    try:
        told = _PROCESSOR.read_text()
    except OSError:
        return False
    flags = told.partition("\nflags")[2].partition("\n")[0].split()
    return not _BFLOAT16.isdisjoint(flags) and importlib.util.find_spec("openvino") is not None


def _model_folder() -> Path | None:
    spec = importlib.util.find_spec("rapidocr")
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / "models"
