"""Find the weights of networks that no package carries; nothing is ever downloaded from here."""

from __future__ import annotations

import os
from pathlib import Path

from workers.analysers.errors import AnalysisError

ENVIRONMENT_NAME = "AFFECTORY_WEIGHTS"


def find_weights(file_name: str, fetch_url: str) -> Path:
    """Return the path of a weights file, in the folder AFFECTORY_WEIGHTS names or in torch hub's cache.

    Raises AnalysisError `weights_missing`, which names the file, where to put it and how to fetch it from `fetch_url`.
    """
    folders = weight_folders()
    for folder in folders:
        if (folder / file_name).is_file():
            return folder / file_name
    own = os.environ.get(ENVIRONMENT_NAME)
    target = Path(own) if own else folders[0]
    raise AnalysisError(
        "weights_missing",
        f"The weights file {file_name} is not on this machine. Fetch it with `curl -L --create-dirs "
        f"-o {target / file_name} {fetch_url}`, or put it into a folder and set {ENVIRONMENT_NAME} to that folder. "
        f"Looked in: {', '.join(map(str, folders))}.",
    )


def weight_folders() -> list[Path]:
    """Return where weights are looked for, first the lab's own folder; the folders need not exist."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    torch_home = Path(os.environ.get("TORCH_HOME") or Path(cache) / "torch")
    own = os.environ.get(ENVIRONMENT_NAME)
    # facenet-pytorch writes to `checkpoints`, torch hub itself to `hub/checkpoints`.
    return [*([Path(own)] if own else []), torch_home / "hub" / "checkpoints", torch_home / "checkpoints"]
