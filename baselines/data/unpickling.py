"""Pickles of strangers, read without running what they say: only containers, numbers, text and NumPy arrays."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, Final

from exports.errors import FormatError

_NUMPY: Final = (
    "numpy",
    "numpy.core.multiarray",
    "numpy._core.multiarray",
    "numpy.core.numeric",
    "numpy._core.numeric",
)
_ALLOWED: Final = {
    *((module, name) for module in _NUMPY for name in ("_reconstruct", "ndarray", "dtype", "scalar", "_frombuffer")),
    ("_codecs", "encode"),  # how Python 3 writes bytes for Python 2
    ("builtins", "set"),
    ("builtins", "frozenset"),
    ("builtins", "bytearray"),
    ("__builtin__", "set"),
    ("collections", "OrderedDict"),
}
_CODECS: Final = ("latin1", "latin-1")


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise FormatError(f"it asks for {module}.{name}, which is not data")
        if (module, name) == ("_codecs", "encode"):
            return _encode
        return super().find_class(module, name)


def _encode(text: str, codec: str = "latin1") -> bytes:
    if codec not in _CODECS:
        raise FormatError(f"it encodes text as {codec}")
    return text.encode("latin1")


def read_pickle(path: Path) -> Any:
    """Return what a pickle holds. Raises FormatError for what is no pickle, and for one that asks for more than data.

    Text of Python 2 is read as Latin-1, as the authors' own loaders do.
    """
    try:
        with path.open("rb") as stream:
            return _Unpickler(stream, encoding="latin1").load()
    except FormatError as error:
        raise FormatError(
            f"{path} is refused: {error}. Only numbers, text, lists, dicts and NumPy arrays are read"
        ) from error
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from error
    except Exception as error:  # what a damaged pickle raises is anything
        raise FormatError(f"{path} is no pickle, or is damaged: {error}") from error
