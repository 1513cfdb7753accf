"""Arrays in one `.npz` file whose bytes depend on the values alone, and that appears whole or not at all."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workers.analysers.errors import AnalysisError

#: The oldest date a ZIP member can have; a real one would make equal arrays unequal files.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)


def write_npz(path: Path, arrays: Mapping[str, npt.NDArray[Any]], meta: Mapping[str, Any]) -> None:
    """Write the arrays, and `meta` as JSON under that name.

    Equal values give equal bytes, on any machine: members are stored uncompressed, in the mapping's order, without a
    date. Raises OSError.
    """
    members = {**arrays, "meta": np.array(json.dumps(meta, sort_keys=True))}
    unfinished = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for name, values in members.items():
            with archive.open(_member(f"{name}.npy"), "w", force_zip64=True) as member:  # written as it is, not copied
                array = np.asarray(values, order="C")
                np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)
    unfinished.replace(path)


def read_npz(path: Path, names: Mapping[str, int], step: str) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Return the named arrays, each with as many axes as `names` says, and `meta`.

    Raises AnalysisError `arrays_unreadable`, which names the file and the step that writes it.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in names}
            meta = json.loads(str(stored["meta"]))
    except (OSError, KeyError, ValueError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise _unreadable(path, step, str(error)) from error
    for name, axes in names.items():
        if arrays[name].ndim != axes or arrays[name].dtype.kind not in "iuf":
            raise _unreadable(path, step, f"{name} is {arrays[name].dtype} {list(arrays[name].shape)}")
    if not isinstance(meta, dict):
        raise _unreadable(path, step, "its meta is no JSON object")
    return arrays, meta


def _unreadable(path: Path, step: str, why: str) -> AnalysisError:
    return AnalysisError("arrays_unreadable", f"{path} cannot be read ({why}). Run the {step} step again.")


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, date_time=_NO_DATE)
    member.create_system = 3  # Unix, also where it is not
    member.external_attr = 0o644 << 16
    return member
