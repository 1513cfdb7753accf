"""The programs that the tests need beside Python: where they are, and how they come where apt may install them.

python scripts/system_tools.py          install what is missing, or say what to install
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.console import StepFailed, run_main, run_step, say

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> Path | None:
    """Return the browser that CHROMIUM names, else one on the path."""
    if named := os.environ.get("CHROMIUM", "").strip():
        if not Path(named).is_file():
            raise StepFailed(f"The environment variable CHROMIUM names {named}, which is not a file.")
        return Path(named)
    return next((Path(found) for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def find_postgresql() -> Path | None:
    """Return the folder that holds `initdb` and `postgres`; Debian keeps it off the path, one per version."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(installed, key=lambda folder: int(folder.parent.name), default=None)


def find_redis() -> Path | None:
    """Return `redis-server`, or its drop-in `valkey-server`."""
    return next((Path(found) for name in ("redis-server", "valkey-server") if (found := shutil.which(name))), None)


def find_nginx() -> Path | None:
    """Return nginx, which Debian keeps in a folder that is not on everybody's path."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    return Path(found) if found else None


def find_chinese_font() -> Path | None:
    """Return any CJK font: the browser's Chinese pages are looked at, and the demo burns Chinese subtitles in."""
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    return next((font for folder in folders for font in folder.glob("**/*CJK*") if font.is_file()), None)


@dataclass(frozen=True)
class Tool:
    """A program, how to find it, and Debian's name for it."""

    title: str
    find: Callable[[], Path | None]
    package: str


TOOLS = (
    Tool("Chromium (browser tests)", find_chromium, "chromium"),
    Tool("PostgreSQL (tests on the production database)", find_postgresql, "postgresql"),
    Tool("Redis (tests on the production broker)", find_redis, "redis-server"),
    Tool("nginx (tests of the reverse proxy)", find_nginx, "nginx"),
    Tool("a Chinese font (browser tests)", find_chinese_font, "fonts-noto-cjk"),
)


def apt_prefix() -> list[str] | None:
    """Return what to put before apt-get, or None where it may not be used without asking."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return ["sudo", "-n"] if allowed.returncode == 0 else None


def install(tools: list[Tool], prefix: list[str]) -> None:
    """Install the packages with apt. Raises StepFailed with apt's words."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = [tool.package for tool in tools]
    run_step("Reading the package lists (apt-get update)", [*prefix, "apt-get", "update", "-qq"], env=environment)
    command = [*prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    run_step(f"Installing {', '.join(packages)} (apt-get install, up to 250 MB)", command, env=environment)


def main() -> None:
    missing = [tool for tool in TOOLS if tool.find() is None]
    if not missing:
        return
    say("The tests need programs that are not here: " + ", ".join(tool.title for tool in missing))
    prefix = apt_prefix()
    if prefix is not None:
        install(missing, prefix)
        missing = [tool for tool in missing if tool.find() is None]
    if missing:
        raise StepFailed(
            "Please install them, then run make test again. On Debian:\n"
            f"    sudo apt install {' '.join(tool.package for tool in missing)}\n"
            "On other systems, install the program itself; the variable CHROMIUM may name any Chromium or Chrome."
        )


if __name__ == "__main__":
    run_main(main)
