"""The sample data beside the repository: where it is, and the mark for tests that need it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

#: `../shared` next to the checkout, or what AFFECTORY_SHARED names.
SHARED: Path = Path(
    os.environ.get("AFFECTORY_SHARED") or Path(__file__).resolve().parents[1] / ".." / "shared"
).resolve()

needs_shared = pytest.mark.skipif(
    not (SHARED / "data").is_dir(),
    reason=f"the sample data are not at {SHARED}; set AFFECTORY_SHARED to the folder that holds data/",
)
