"""The `.pt` files of the layout: one float32 tensor each, with bytes that depend on the values alone."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import numpy as np

from exports.errors import FormatError


def write_tensor(path: Path, array: np.ndarray) -> None:
    """Save a 2-d array as a float32 tensor that `torch.load` reads.

    Goes through memory because torch names the archive inside after the file; no time is stored.
    """
    import torch

    buffer = io.BytesIO()
    torch.save(torch.from_numpy(np.array(array, np.float32, order="C", copy=True)), buffer)
    path.write_bytes(buffer.getvalue())


def read_tensor(path: Path) -> np.ndarray:
    """Read one tensor as float32 [rows, D]; nothing but tensors is unpickled. Raises FormatError."""
    import torch

    try:
        tensor = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise FormatError(f"{path} is missing") from error
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError, ValueError) as error:
        why = str(error).partition("\n")[0].partition(". ")[0]  # torch goes on for a page
        raise FormatError(f"{path} is no saved tensor, or damaged: {why}") from error
    if not isinstance(tensor, torch.Tensor) or tensor.dim() != 2:
        raise FormatError(f"{path} must hold one tensor with two axes")
    array = tensor.detach().to(torch.float32).numpy()
    if not np.isfinite(array).all():
        raise FormatError(f"{path} holds numbers that are not finite")
    return array
