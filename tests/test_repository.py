"""The tree itself: files that a person can read in one go, and nothing of the machine it was made on."""

from __future__ import annotations

import ast
import re
import subprocess
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from scripts.console import ROOT

LONGEST_FILE_LINES = 400
#: Written by programs, or by lawyers.
NOT_WRITTEN_HERE = (
    re.compile(r"^LICENSE$"),
    re.compile(r"package-lock\.json$"),
    re.compile(r"^requirements/.*\.txt$"),
    re.compile(r"^annotation_ui/openapi\.json$"),
    re.compile(r"^annotation_ui/src/api/schema\.d\.ts$"),
    re.compile(r"/migrations/"),
)
#: Home and working folders; a shebang, a container's own folders and Debian's are everybody's.
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:work|root|farm|tmp|home|Users|opt/wheels|opt/pypi)/(?!\W|$)")
#: Paths inside a container image belong to the image.
OWN_FILESYSTEM = re.compile(r"^(docker/|docker-compose\.yml$)")

#: The web process has neither torch nor an analyser, so what it imports must be in its own lock file.
LOCKS_OF = {
    "webapp": ("web",),
    "workers": ("worker", "research", "nodeps"),
    "exports": ("worker", "research", "agreement"),
    "baselines": ("worker", "research"),
    "tests": ("worker", "research", "nodeps", "dev"),
}


def tracked_files() -> list[Path]:
    """Return the files git knows, or skip where this is no checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str | None:
    """Return the file's text, or None for a picture or another binary file."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def test_no_file_is_longer_than_a_person_reads_in_one_go() -> None:
    too_long = {
        str(path): lines
        for path in tracked_files()
        if not any(pattern.search(path.as_posix()) for pattern in NOT_WRITTEN_HERE)
        and (text := text_of(path)) is not None
        and (lines := text.count("\n")) > LONGEST_FILE_LINES
    }
    assert too_long == {}


def test_the_tree_names_no_path_of_one_machine() -> None:
    found = [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in tracked_files()
        if path != Path(__file__).relative_to(ROOT)
        and not OWN_FILESYSTEM.match(path.as_posix())
        and (text := text_of(path)) is not None
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


def test_lock_files_pin_every_package_to_a_version_any_index_has() -> None:
    lines = [
        line.split("#")[0].strip()
        for lock in sorted((ROOT / "requirements").glob("*.txt"))
        for line in lock.read_text().splitlines()
    ]
    pins = [line for line in lines if line]
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.!]+", pin)] == []


def test_every_imported_package_is_in_the_lock_files_of_those_who_import_it() -> None:
    distributions = packages_distributions()
    missing = {
        f"{folder}: {module}"
        for folder, locks in LOCKS_OF.items()
        for module in imported_modules(folder)
        if module in distributions and not locked_names(locks) & {canonical(name) for name in distributions[module]}
    }
    assert missing == set()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked_names(locks: tuple[str, ...]) -> set[str]:
    text = "\n".join((ROOT / "requirements" / f"{lock}.txt").read_text() for lock in locks)
    return {canonical(name) for name in re.findall(r"^([\w.-]+)==", text, flags=re.MULTILINE)}


def imported_modules(folder: str) -> set[str]:
    """Return the top-level names that a folder's Python files import, wherever in the file."""
    modules: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                modules.add(node.module.split(".")[0])
    return modules
