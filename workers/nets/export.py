"""ONNX files of the networks, made once for a machine from the weights that installed packages carry.

Making one needs torch and onnx, so that it happens in a process of its own (`python -m workers.nets.export NAME FILE`)
and neither stays in the worker's memory; running one needs onnxruntime only. `python -m workers.nets.export` makes all
that are missing: for images and installers, so that the first episode does not wait.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from workers.analysers.errors import AnalysisError
from workers.nets.catalogue import CATALOGUE, Entry

#: Another exporter makes other files; raise it with every change to the modules or to how they are written.
_EXPORTER = 5
_OPSET = 17
#: A table of vectors this large lies in a file beside the network's.
_LARGE_TABLE = 16 << 20
_LONGEST_S = 600


def onnx_file(name: str) -> Path:
    """Return the ONNX file of a network of the catalogue, made now if it is not there.

    Several processes may ask at once: each would make the file beside the other, and the last to finish replaces an
    equal one. Raises AnalysisError `weights_missing`, `weights_unusable`.
    """
    file_name = _file_name(name, CATALOGUE[name])
    for folder in _folders():
        if (folder / file_name).is_file():
            return folder / file_name
    writable = next((folder for folder in _folders() if _may_write(folder)), None)
    if writable is None:
        raise AnalysisError(
            "weights_unusable",
            f"The network {name} cannot be kept anywhere: {', '.join(map(str, _folders()))} cannot be written. "
            "Set AFFECTORY_WEIGHTS to a folder that can.",
        )
    _make(name, writable / file_name)
    return writable / file_name


def _folders() -> list[Path]:
    """Return where the files may be, in the order in which they are looked for."""
    weights, data = os.environ.get("AFFECTORY_WEIGHTS"), os.environ.get("AFFECTORY_DATA")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    roots = [*([Path(weights)] if weights else []), Path(cache) / "affectory", *([Path(data)] if data else [])]
    return [root / "nets" for root in roots]


def _may_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _file_name(name: str, entry: Entry) -> str:
    try:
        version = importlib.metadata.version(entry.package)
    except importlib.metadata.PackageNotFoundError as error:
        raise AnalysisError(
            "weights_missing",
            f"The Python package {entry.package}, which carries the network {name}, is not installed. Install what "
            "requirements/worker.txt and requirements/nodeps.txt list.",
        ) from error
    return f"{name}-{version}-{_EXPORTER}.onnx"


def _make(name: str, target: Path) -> None:
    """Export in a process of its own, to a file beside the target that is then renamed: nobody sees half a file."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{name}-") as folder:
        made = Path(folder) / target.name
        command = [sys.executable, "-m", "workers.nets.export", name, str(made)]
        root = Path(__file__).resolve().parents[2]
        ended = subprocess.run(command, capture_output=True, text=True, cwd=root, timeout=_LONGEST_S, check=False)
        if ended.returncode != 0:
            lines = ended.stderr.strip().splitlines() or [f"it ended with {ended.returncode}"]
            raise AnalysisError("weights_unusable", f"The network {name} could not be made ready: {lines[-1]}")
        for tables in Path(folder).glob("*.tables"):  # first what the network needs
            tables.replace(target.parent / tables.name)
        made.replace(target)


def write_onnx(name: str, target: Path) -> None:
    """Write a network as an ONNX file; imports torch."""
    import torch

    entry = CATALOGUE[name]
    outputs = [f"output{number}" for number in range(entry.outputs)]
    axes = {"input": {axis: f"axis{axis}" for axis in entry.free}, **{output: {0: "axis0"} for output in outputs}}
    with warnings.catch_warnings():
        # The exporter of traced graphs is the old one; the new one needs three more packages for the same six files.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            make_module(entry),
            (torch.zeros(entry.example),),
            str(target),
            dynamo=False,
            opset_version=_OPSET,
            input_names=["input"],
            output_names=outputs,
            dynamic_axes=axes,
        )
    _keep_tables_apart(target)


def _keep_tables_apart(file: Path) -> None:
    """Move large tables whose rows are looked up, such as a vector for each token, to a file of their own beside it.

    From there onnxruntime maps them into memory: only rows that are used take any, and several workers share them.
    """
    import onnx
    from onnx.external_data_helper import set_external_data

    network = onnx.load(str(file))
    looked_up = {node.input[0] for node in network.graph.node if node.op_type == "Gather"}
    tables = [w for w in network.graph.initializer if w.name in looked_up and w.ByteSize() >= _LARGE_TABLE]
    if tables:
        apart = file.with_suffix(".tables")
        for table in tables:
            set_external_data(table, location=apart.name)
        onnx.save(network, str(file))
        apart.chmod(file.stat().st_mode)  # it is made for its owner's eyes only; an image's is another than who runs it


def make_module(entry: Entry):  # type: ignore[no-untyped-def]  # torch.nn.Module, which is not imported here
    """Return the torch module of a network, with its weights."""
    module, function = entry.factory.split(":")
    return getattr(importlib.import_module(f"workers.nets.modules.{module}"), function)()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        write_onnx(sys.argv[1], Path(sys.argv[2]))
    else:
        for every_name in CATALOGUE:
            onnx_file(every_name)
