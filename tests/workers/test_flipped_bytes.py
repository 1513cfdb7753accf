"""Two hundred damaged files: each is prepared and looked at, or refused with a reason; none crashes, none hangs."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.workers.videos import make_video

FILES = 200
BATCHES = 4
#: For one batch; a file takes a fraction of a second.
LIMIT_S = 240.0

#: Runs in a process of its own, which may crash or hang: says which file it begins, and how that ended.
CHILD = """
import sys, tempfile
from pathlib import Path
from workers.analysers.errors import AnalysisError
from workers.analysers.proxy import make_proxy
from workers.analysers.sweep import sweep

for name in sys.argv[1:]:
    print("begins", name, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        try:
            proxy = make_proxy(Path(name), Path(folder))
            count = sweep(proxy.video_path, duration_ms=proxy.duration_ms)
            outcome = "done" if count else "nothing"
        except AnalysisError as error:
            outcome = error.code if error.message else "silent"
    print(outcome, flush=True)
"""


def flipped(good: bytes, number: int) -> bytes:
    """Return the file with 1 to 64 bytes changed, in its header and index or anywhere."""
    chance = random.Random(number)
    content = bytearray(good)
    reach = len(content) if number % 4 else min(len(content), 2048)
    for _ in range(chance.choice((1, 4, 16, 64))):
        content[chance.randrange(reach)] ^= chance.randrange(1, 256)
    return bytes(content)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_video(tmp_path_factory.mktemp("good") / "good.mp4", seconds=2, size="160x90").read_bytes()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_damaged_file_has_a_clear_outcome(good: bytes, batch: int, tmp_path: Path) -> None:
    paths = []
    for number in range(batch, FILES, BATCHES):
        path = tmp_path / f"{number:03}.mp4"
        path.write_bytes(flipped(good, number))
        paths.append(str(path))
    try:
        done = subprocess.run(
            [sys.executable, "-c", CHILD, *paths], capture_output=True, text=True, timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b"").decode().splitlines()
        pytest.fail(f"it hangs: {said[-1:]}")
    said = done.stdout.splitlines()
    assert done.returncode == 0, f"exit code {done.returncode} at {said[-1:]}: {done.stderr[-2000:]}"
    outcomes = Counter(said[1::2])
    assert sum(outcomes.values()) == FILES // BATCHES
    assert not outcomes.keys() & {"nothing", "silent"}
    assert outcomes["done"], "a single changed byte rarely matters"
    assert len(outcomes) > 1, "one that hits the index does"
