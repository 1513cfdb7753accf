"""Freed memory goes back to the system."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

#: Frees 160 MB in pieces that lie between others, as the pass over an episode does, and tells what it holds.
_FRAGMENTS = """
from pathlib import Path
from workers.analysers import freed

def held_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20

pieces = [bytes(8000) for _ in range(20_000)]
pieces = pieces[::50]
before = held_mb()
freed.give_back()
print(before, held_mb())
"""


def has_glibc() -> bool:
    try:
        return hasattr(ctypes.CDLL(None), "malloc_trim")
    except (OSError, TypeError):
        return False


@pytest.mark.skipif(not has_glibc(), reason="only glibc can be asked")
def test_memory_between_pieces_that_stay_is_given_back() -> None:
    told = subprocess.run([sys.executable, "-c", _FRAGMENTS], cwd=ROOT, capture_output=True, text=True, check=True)
    before, after = map(int, told.stdout.split())
    assert before > 160
    assert after < 100


def test_a_library_that_cannot_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from workers.analysers import freed

    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    freed._trim.cache_clear()
    try:
        freed.give_back()
    finally:
        freed._trim.cache_clear()
