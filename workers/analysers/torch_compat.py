"""Make torchvision importable beside a CPU-only torch.

The registry's torchvision wheels are CUDA builds. Next to a CPU build of torch their compiled operators cannot be
loaded, and `import torchvision` stops with "operator torchvision::nms does not exist". MTCNN and EasyOCR need no other
operator of it than non-maximum suppression, so that one is declared here, written in NumPy.

Import torchvision, facenet_pytorch or easyocr only after `prepare_torchvision()`.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import threading
from pathlib import Path

import numpy as np
import torch

from workers.analysers.errors import AnalysisError

_lock = threading.Lock()
_library: torch.library.Library | None = None
"""Kept for the life of the process: torch withdraws the operators when their Library object is collected."""
_prepared = False


def prepare_torchvision() -> None:
    """Declare `torchvision::nms` and `torchvision::qnms` where torchvision's own cannot be loaded, and import it.

    Does nothing where the compiled operators work (a GPU build, or a matching CPU build). Safe to call often and from
    several threads. Raises AnalysisError `torchvision_missing` or `torchvision_unusable`.
    """
    global _library, _prepared
    with _lock:
        if _prepared:
            return
        compiled = _load_compiled_operators()
        if not compiled:
            _library = _declare_operators()
        _import_torchvision(compiled)
        _prepared = True


def _load_compiled_operators() -> bool:
    """Try to load torchvision's compiled operators without importing torchvision; say whether they are there."""
    spec = importlib.util.find_spec("torchvision")  # finds the package, runs none of its code
    if spec is None or spec.origin is None:
        raise AnalysisError(
            "torchvision_missing",
            "The Python package torchvision is not installed. Install what requirements/worker.txt lists.",
        )
    folder = Path(spec.origin).parent
    libraries = [folder / f"_C{suffix}" for suffix in importlib.machinery.EXTENSION_SUFFIXES]
    for library in filter(Path.is_file, libraries):
        try:
            torch.ops.load_library(str(library))
        except OSError:  # a CUDA library is not there: the wheel does not fit this torch
            return False
        return True
    return False


def _declare_operators() -> torch.library.Library:
    # A fragment may be added to a namespace that others have opened; DEF would claim it for us alone.
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.impl(name, suppress_overlaps, "CPU")
    return library


def _import_torchvision(compiled: bool) -> None:
    try:
        import torchvision
    except (ImportError, OSError, RuntimeError) as error:
        raise AnalysisError(
            "torchvision_unusable",
            f"torchvision cannot be imported beside torch {torch.__version__} ({error}). "
            "Install the two versions that requirements/worker.txt names.",
        ) from error
    if not compiled:
        # torchvision.ops asks this before it calls an operator, and would refuse the ones declared here.
        torchvision.extension._has_ops = lambda: True


def suppress_overlaps(dets: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Greedy non-maximum suppression, as `torchvision::nms` does it.

    `dets` (N, 4) holds boxes as x1, y1, x2, y2, `scores` (N,) their scores. Returns int64 indices of the boxes that
    stay, by falling score: a box goes when its intersection over union with a better one exceeds `iou_threshold`.
    """
    boxes = dets.detach().cpu().to(torch.float64).numpy()
    order = torch.argsort(scores.detach(), descending=True, stable=True).cpu().numpy()
    x1, y1, x2, y2 = boxes.T
    areas = (x2 - x1) * (y2 - y1)
    kept: list[int] = []
    while order.size:
        best, rest = order[0], order[1:]
        kept.append(int(best))
        width = np.clip(np.minimum(x2[best], x2[rest]) - np.maximum(x1[best], x1[rest]), 0, None)
        height = np.clip(np.minimum(y2[best], y2[rest]) - np.maximum(y1[best], y1[rest]), 0, None)
        overlap = width * height
        union = areas[best] + areas[rest] - overlap
        with np.errstate(divide="ignore", invalid="ignore"):  # two empty boxes: 0/0 is no overlap
            order = rest[~(overlap / union > iou_threshold)]
    return torch.tensor(kept, dtype=torch.int64, device=dets.device)
