"""Write the OpenAPI document and the browser's types from the API's code, or check that the committed ones are theirs.

python scripts/schema.py            write both
python scripts/schema.py --check    fail if a committed one differs
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.console import ROOT, StepFailed, run_main, say
from scripts.node import node_environment

UI = ROOT / "annotation_ui"
DOCUMENT = UI / "openapi.json"
TYPES = UI / "src" / "api" / "schema.d.ts"


def run(command: list[str], *, env: dict[str, str], cwd: Path) -> None:
    """Run a generator. Raises StepFailed with its words."""
    done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StepFailed(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def generate(document: Path, types: Path) -> None:
    """Write both files. The document is the same whatever database this machine uses, so it is made with SQLite."""
    with tempfile.TemporaryDirectory(prefix="affectory-schema-") as data:
        env = {name: value for name, value in os.environ.items() if not name.startswith("AFFECTORY_")}
        env |= {"AFFECTORY_DATA": data, "DJANGO_SETTINGS_MODULE": "webapp.settings.embedded"}
        command = [sys.executable, "manage.py", "spectacular", "--file", str(document)]
        run([*command, "--format", "openapi-json", "--validate", "--fail-on-warn"], env=env, cwd=ROOT)
    if not document.read_text().endswith("\n"):
        document.write_text(document.read_text() + "\n")
    run(["npx", "--no-install", "openapi-typescript", str(document), "-o", str(types)], env=node_environment(), cwd=UI)


def check() -> None:
    """Raise StepFailed if a committed file is not what the code says."""
    with tempfile.TemporaryDirectory(prefix="affectory-schema-") as folder:
        document, types = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        generate(document, types)
        stale = [
            str(committed.relative_to(ROOT))
            for committed, fresh in ((DOCUMENT, document), (TYPES, types))
            if not committed.is_file() or committed.read_bytes() != fresh.read_bytes()
        ]
    if stale:
        raise StepFailed(f"Not what the API's code says any more: {', '.join(stale)}. Run: make schema")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a committed file differs")
    if parser.parse_args().check:
        check()
        return
    generate(DOCUMENT, TYPES)
    say(f"Wrote {DOCUMENT.relative_to(ROOT)} and {TYPES.relative_to(ROOT)}")


if __name__ == "__main__":
    run_main(main)
