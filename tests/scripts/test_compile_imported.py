"""The installation compiles what is imported, on whatever machine, and leaves nothing else behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "settings",
    [
        {"DJANGO_SETTINGS_MODULE": "webapp.settings.production"},  # without a key, as before it is set up
        {"DJANGO_SETTINGS_MODULE": "webapp.settings.embedded", "DATABASE_URL": "nonsense"},
    ],
)
def test_no_setting_of_the_machine_stops_it_and_no_data_is_made(settings: dict[str, str], tmp_path: Path) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, **settings, "AFFECTORY_DATA": str(tmp_path / "data")}
    ended = subprocess.run(
        [sys.executable, ROOT / "scripts" / "compile_imported.py", "run"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert not (tmp_path / "data").exists()
