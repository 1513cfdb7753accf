"""Run the project's checks: quick ones side by side, then tests as they go, and a summary of all of them.

    python scripts/checks.py lint types ui schema tests services

All checks run, also after one has failed, so that one run tells everything. pytest's own summary comes last.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.console import ROOT, run_main, say, spent
from scripts.node import node_environment

#: So many checks of one core each run side by side.
AT_ONCE = 2
BIN = ROOT / ".venv" / "bin"
UI = ROOT / "annotation_ui"
PYTHON_FOLDERS = ("webapp", "workers", "exports", "baselines", "scripts")
#: Two test processes. A file's tests stay together, since its fixtures may analyse a video once for all of them.
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")


@dataclass(frozen=True)
class Check:
    """One command. What fills all cores runs `alone`; `shows_progress` lets it talk, others speak when they fail."""

    group: str
    title: str
    command: tuple[str, ...]
    cwd: Path = ROOT
    alone: bool = False
    shows_progress: bool = False


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BIN / name), *arguments)


def pytest(*arguments: str) -> tuple[str, ...]:
    return tool("python", "-m", "pytest", *arguments)


CHECKS = (
    Check("lint", "ruff: rules", tool("ruff", "check", ".")),
    Check("lint", "ruff: format", tool("ruff", "format", "--check", ".")),
    Check("lint", "import arrows", tool("lint-imports")),
    Check("lint", "Biome", ("npm", "run", "--silent", "lint"), UI),
    Check("types", "mypy", tool("mypy", *PYTHON_FOLDERS)),
    Check("types", "TypeScript", ("npm", "run", "--silent", "typecheck"), UI),
    Check("schema", "migrations are complete", tool("python", "manage.py", "makemigrations", "--check", "--dry-run")),
    Check("schema", "API schema and types are fresh", tool("python", "scripts/schema.py", "--check")),
    Check("ui", "UI tests (vitest)", ("npm", "run", "--silent", "test"), UI, alone=True),
    Check("tests", "tests on SQLite and the embedded broker", pytest(*SIDE_BY_SIDE), alone=True, shows_progress=True),
    Check(
        "services",
        "tests on PostgreSQL and Redis",
        tool("python", "-m", "tests.services", "--")
        + pytest("--database-tests", "-m", "not models and not browser", *SIDE_BY_SIDE),
        alone=True,
        shows_progress=True,
    ),
)
GROUPS = tuple(dict.fromkeys(check.group for check in CHECKS))


@dataclass(frozen=True)
class Outcome:
    """How a check ended, and what it took."""

    check: Check
    passed: bool
    seconds: float

    def __str__(self) -> str:
        return f"  {'ok    ' if self.passed else 'FAILED'}  {self.check.title} ({spent(self.seconds)})"


def run(check: Check, environment: dict[str, str]) -> Outcome:
    """Run one check and say how it went, with all its words if it failed."""
    started = time.monotonic()
    if check.shows_progress:
        say(f"\n{check.title}")
        code, output = subprocess.run(check.command, cwd=check.cwd, env=environment, check=False).returncode, ""
    else:
        done = subprocess.run(
            check.command,
            cwd=check.cwd,
            env={**environment, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        code, output = done.returncode, done.stdout
    outcome = Outcome(check, code == 0, time.monotonic() - started)
    if not check.shows_progress:
        say(f"{outcome}\n{output}" if code != 0 else str(outcome))
    return outcome


def run_side_by_side(checks: Sequence[Check], environment: dict[str, str]) -> list[Outcome]:
    """Run checks of one core each, the slow ones first."""
    slow_first = sorted(checks, key=lambda check: check.group != "types")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda check: run(check, environment), slow_first))


def environment_of_checks() -> dict[str, str]:
    """Return the environment: this checkout's own, whatever installation the shell it was called from works on."""
    environment = {
        name: value
        for name, value in node_environment().items()
        if not name.startswith("AFFECTORY_") or name in ("AFFECTORY_SHARED", "AFFECTORY_WEIGHTS")
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment.setdefault("OMP_NUM_THREADS", "1")  # two test processes on two cores: more threads only wait
    return environment


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="+", choices=GROUPS)
    groups = parser.parse_args().groups
    wanted = [check for check in CHECKS if check.group in groups]
    environment = environment_of_checks()
    outcomes = run_side_by_side([check for check in wanted if not check.alone], environment)
    for check in wanted:
        if not check.alone:
            continue
        if check is wanted[-1] and check.shows_progress and outcomes:
            say("\nSo far:\n" + "\n".join(str(outcome) for outcome in outcomes))
        outcomes.append(run(check, environment))
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if failed:
        say("\nFailed: " + ", ".join(outcome.check.title for outcome in failed))
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    run_main(main)
