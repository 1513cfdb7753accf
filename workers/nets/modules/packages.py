"""Where installed packages keep the weights they carry; the packages themselves are not imported."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from workers.analysers.errors import AnalysisError


def packaged_file(package: str, name: str) -> Path:
    """Return the path of a file inside an installed package. Raises AnalysisError `weights_missing`.

    Importing some of these packages costs seconds (TensorFlow, torchvision) or fails (pkg_resources); only their files
    are wanted.
    """
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or []) if spec is not None else []
    for folder in folders:
        if (Path(folder) / name).is_file():
            return Path(folder) / name
    raise AnalysisError(
        "weights_missing",
        f"The Python package {package} is not installed, or lacks its file {name}. Install what "
        "requirements/worker.txt and requirements/nodeps.txt list.",
    )
