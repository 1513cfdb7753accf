"""Build the browser application into annotation_ui/dist, only where its sources have changed.

python scripts/build_ui.py              install packages and build
python scripts/build_ui.py --packages   install packages only (for checks and generated types)
"""

import argparse
import hashlib
import sys
import time
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.console import ROOT, StepFailed, run_main, run_step, say, spent
from scripts.node import node_environment

UI = ROOT / "annotation_ui"
BUILT = UI / "dist"
NOT_SOURCE = {"node_modules", "dist", "coverage", "test-results", "playwright-report"}


def sources() -> list[Path]:
    """Return every file that can change the build, in a fixed order."""
    kept = [path for path in UI.iterdir() if path.name not in NOT_SOURCE and path.suffix != ".tsbuildinfo"]
    folders = [path for path in kept if path.is_dir()]
    inside = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return sorted([path for path in kept if path.is_file()] + inside)


def fingerprint(paths: list[Path]) -> str:
    """Return a hash over names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(UI)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_fresh(stamp: Path, expected: str) -> bool:
    return stamp.is_file() and stamp.read_text().strip() == expected


def install_packages() -> None:
    """Run `npm ci`, unless node_modules already holds what the lock file says."""
    lock = UI / "package-lock.json"
    if not lock.is_file():
        raise StepFailed("annotation_ui/package-lock.json is missing: without it no build is like another.")
    expected = fingerprint([UI / "package.json", lock])
    stamp = UI / "node_modules" / ".installed"
    if is_fresh(stamp, expected):
        return
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    run_step(
        "Installing the UI's packages (npm ci, about 140 MB the first time)", command, env=node_environment(), cwd=UI
    )
    stamp.write_text(expected + "\n")


def build() -> None:
    """Run the build, unless `dist` was built from exactly these sources."""
    expected = fingerprint(sources())
    stamp = BUILT / ".built-from"
    if is_fresh(stamp, expected) and (BUILT / "index.html").is_file():
        return
    started = time.monotonic()
    say("Building the browser application")
    install_packages()
    run_step("Building (npm run build)", ["npm", "run", "build"], env=node_environment(), cwd=UI)
    if not (BUILT / "index.html").is_file():
        raise StepFailed("The build ended well but left no annotation_ui/dist/index.html.")
    stamp.write_text(expected + "\n")
    say(f"  The browser application is ready ({spent(time.monotonic() - started)})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", action="store_true", help="install packages only")
    if parser.parse_args().packages:
        install_packages()
    else:
        build()


if __name__ == "__main__":
    run_main(main)
