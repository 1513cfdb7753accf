"""Run networks: by onnxruntime on the CPU, by torch in half precision on a GPU, behind one interface."""

from __future__ import annotations

import functools
import importlib
import threading
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workers.analysers import freed
from workers.analysers.errors import AnalysisError
from workers.nets.catalogue import CATALOGUE
from workers.nets.export import make_module, onnx_file

Floats = NDArray[np.float32]

_lock = threading.Lock()
_loaded: dict[str, Net] = {}


class Net(Protocol):
    """A network that is ready to run; safe to use from several threads."""

    def run(self, batch: Floats) -> tuple[Floats, ...]:
        """Return the outputs for a batch (N, ...), each (N, ...), float32."""


class OnnxNet:
    """On the CPU, one thread a call: onnxruntime lets go of Python's lock, so several threads may call at once."""

    def __init__(self, path: Path, *, now_and_then: bool = False) -> None:
        """`now_and_then`: what it works in is given back after each run. Small networks that run all the time would
        lose a sixth of their speed by that, large ones nothing."""
        import onnxruntime

        self._gives_back = now_and_then
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # It remembers a plan for every shape it has seen, and batches have many.
        options.enable_mem_pattern = False
        options.enable_cpu_mem_arena = not now_and_then
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own errors have no common base
            why = str(error).strip().partition("\n")[0]
            raise AnalysisError(
                "weights_unusable", f"The network in {path} does not load ({why}). Remove the file: it is made again."
            ) from error

    def run(self, batch: Floats) -> tuple[Floats, ...]:
        outputs = tuple(self._session.run(None, {"input": np.ascontiguousarray(batch, dtype=np.float32)}))
        if self._gives_back:
            freed.give_back()
        return outputs


class TorchNet:
    """On the GPU, in half precision."""

    def __init__(self, module: Any) -> None:
        self._torch: Any = importlib.import_module("torch")
        self._module = module.to("cuda").half()

    def run(self, batch: Floats) -> tuple[Floats, ...]:
        with self._torch.inference_mode():
            pixels = self._torch.from_numpy(np.ascontiguousarray(batch, dtype=np.float32)).to("cuda").half()
            outputs = self._module(pixels)
            outputs = outputs if isinstance(outputs, tuple) else (outputs,)
            return tuple(output.float().cpu().numpy() for output in outputs)


def load_net(name: str) -> Net:
    """Return a network of the catalogue, loaded once for this process. Raises AnalysisError `weights_missing`,
    `weights_unusable`."""
    with _lock:
        if name not in _loaded:
            entry = CATALOGUE[name]
            _loaded[name] = (
                TorchNet(make_module(entry))
                if has_cuda()
                else OnnxNet(onnx_file(name), now_and_then=entry.now_and_then)
            )
            freed.give_back()  # what it was read into: as much as it takes
        return _loaded[name]


@functools.cache
def has_cuda() -> bool:
    """Say whether torch can use a GPU; imports torch only where the driver of one is there."""
    if not any(Path("/dev").glob("nvidia[0-9]*")) and not Path("/dev/dxg").exists():  # dxg: Windows' Linux
        return False
    return bool(importlib.import_module("torch").cuda.is_available())
