"""Make the virtual environment and install the lock files into it, only where their content has changed.

python3.11 scripts/install.py run [--extras research]
python3.11 scripts/install.py run test [--extras research]
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

if __package__ in (None, ""):  # started as a file, before anything is installed
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.console import ROOT, StepFailed, run_main, run_step, say, spent

VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Layer:
    """One pip run: lock files that are installed together."""

    name: str
    files: tuple[str, ...]
    no_dependencies: bool = False

    def fingerprint(self) -> str:
        """Return a hash of what would be installed, and for which Python."""
        digest = hashlib.sha256(f"{sys.version_info[:2]} {self.no_dependencies}".encode())
        for file in self.files:
            digest.update((REQUIREMENTS / file).read_bytes())
        return digest.hexdigest()

    @property
    def stamp(self) -> Path:
        return VENV / f".installed-{self.name}"

    def is_installed(self) -> bool:
        return self.stamp.is_file() and self.stamp.read_text().strip() == self.fingerprint()

    def packages(self) -> int:
        """Count the packages that the lock files name."""
        lines = [line for file in self.files for line in (REQUIREMENTS / file).read_text().splitlines()]
        return sum(1 for line in lines if "==" in line.split("#")[0])


def layers(groups: list[str], extras: list[str]) -> list[Layer]:
    """Return what the groups need, in the order of installation."""
    wanted = [Layer("run", ("worker.txt", *(f"{extra}.txt" for extra in extras)))]
    wanted.append(Layer("nodeps", ("nodeps.txt",), no_dependencies=True))
    if "test" in groups:
        wanted.append(Layer("test", ("dev.txt",)))
    return wanted


def make_venv() -> None:
    """Create `.venv` with this Python, unless a working one is there."""
    python = VENV / "bin" / "python"
    if python.exists():
        same = subprocess.run(
            [python, "-c", "import sys, pip; print(*sys.version_info[:2])"], capture_output=True, text=True, check=False
        )
        if same.stdout.split() == [str(part) for part in sys.version_info[:2]]:
            return
        raise StepFailed(
            f"{VENV} is broken or of another Python than {sys.version_info[0]}.{sys.version_info[1]}.\n"
            "Remove it (make clean) and try again."
        )
    run_step("Creating the virtual environment in .venv", [sys.executable, "-m", "venv", VENV])


def install(layer: Layer) -> None:
    """Install one layer and leave its stamp; a failed run leaves none, so that the next one tries again."""
    layer.stamp.unlink(missing_ok=True)
    command: list[str | Path] = [VENV / "bin" / "python", "-m", "pip", "install", "-q", "--no-input"]
    # Compiling all modules takes two minutes; see compile_imported.
    command += ["--disable-pip-version-check", "--root-user-action=ignore", "--no-compile"]
    if layer.no_dependencies:
        command.append("--no-deps")
    for file in layer.files:
        command += ["-r", REQUIREMENTS / file]
    count = layer.packages()
    run_step(f"Installing {count} package{'' if count == 1 else 's'} of {' and '.join(layer.files)}", command)
    layer.stamp.write_text(layer.fingerprint() + "\n")


def compile_imported(groups: list[str]) -> None:
    """Have Python keep what it compiles of the modules that the application imports."""
    run_step("Compiling what is imported", [VENV / "bin" / "python", ROOT / "scripts" / "compile_imported.py", *groups])


def announce() -> None:
    """Say what is about to happen, and before the first run, what it fetches."""
    say("Installing Python packages into .venv")
    if not VENV.exists():
        say(
            "  The first time this downloads about 1 GB (PyTorch for CPU, OCR and face models); where the package index"
        )
        say("  offers only the CUDA build of PyTorch, about 3 GB more. Expect 3 to 15 minutes, once.")


def check_python() -> None:
    """Stop with words, not with a syntax error somewhere, where Python is too old or has no venv."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        raise StepFailed(
            f"Affectory needs Python 3.11 or newer; this is {sys.version.split()[0]}.\n"
            "Install Python 3.11, or name it: make demo PYTHON=/path/to/python3.11"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        raise StepFailed(
            f"This Python lacks its {error.name} module. On Debian and Ubuntu: apt install python3.11-venv"
        ) from error


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="+", choices=["run", "test"])
    parser.add_argument("--extras", default="", help="comma separated: research (openSMILE, free for research only)")
    options = parser.parse_args()
    extras = [extra for extra in options.extras.replace(",", " ").split() if extra]
    for extra in extras:
        if not (REQUIREMENTS / f"{extra}.txt").is_file():
            raise StepFailed(f"There is no extra named {extra}: requirements/{extra}.txt does not exist.")
    check_python()
    os.environ.pop("PYTHONPATH", None)
    missing = [layer for layer in layers(options.groups, extras) if not layer.is_installed()]
    if not missing:
        return
    started = time.monotonic()
    announce()
    make_venv()
    for layer in missing:
        install(layer)
    compile_imported(options.groups)
    say(f"  Python packages are ready ({spent(time.monotonic() - started)})")


if __name__ == "__main__":
    run_main(main)
