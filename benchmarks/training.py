"""How fast AMER trains at the published size: an epoch over 6,829 samples, beside a straightforward loop per sample.

    python -m benchmarks.training              # on the CPU: some minutes
    python -m benchmarks.training --device cuda

The samples are drawn, of clips like the published ones: 2 to 7 persons, 2 to 8 segments, one speaker a segment, half of
the people seen. Both ways learn from the same samples with the same optimiser, one after the other, in one process.
With `--threads 1` on the CPU time is that of the processor, so that others on the machine do not count.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from baselines.data.memor import Item, collate
from baselines.data.packed import open_packed
from baselines.models.amer import AMER, PUBLISHED, Config
from baselines.progress import no_progress
from benchmarks.memor_folder import write_folder

EPOCH = 6829
#: Seconds since some time.
Clock = Callable[[], float]


def clip(draw: np.random.Generator) -> Item:
    """Return a sample with features of the published sizes."""
    n, s = int(draw.integers(2, 8)), int(draw.integers(2, 9))
    speaker = draw.integers(0, n, s)
    seen = np.nonzero(draw.random((n, s)) < 0.5)
    order = np.lexsort((np.arange(s), speaker))
    spoken = speaker[order], np.arange(s)[order]
    places = {"visual": seen, "audio": spoken, "text": spoken}
    return Item(
        rows={k: draw.normal(size=(len(at[0]), PUBLISHED[k])).astype(np.float32) for k, at in places.items()},
        places={k: (at[0], at[1]) for k, at in places.items()},
        segments=s,
        characters=tuple(range(n)),
        personality=draw.normal(size=(n, 118)).astype(np.float32),
        target_person=int(draw.integers(n)),
        target_segment=int(draw.integers(s)),
        speaks=False,
        label=int(draw.integers(9)),
    )


class PerSample:
    """AMER as it is often written: sample by sample, cell by cell, missing cells like others; nothing is batched."""

    def __init__(self, model: AMER) -> None:
        self.model = model

    def logits(self, item: Item) -> Tensor:
        model, device = self.model, next(self.model.parameters()).device
        n, s = len(item.characters), item.segments
        traits = [model.enc_p(torch.from_numpy(item.personality[i]).to(device)) for i in range(n)]
        ends = []
        for part in ("visual", "audio", "text"):
            dense = np.zeros((n, s, PUBLISHED[part]), np.float32)
            there = np.zeros((n, s), bool)
            dense[item.places[part]], there[item.places[part]] = item.rows[part], True
            cells, keys = torch.from_numpy(dense).to(device), torch.from_numpy(there).to(device)
            encode = model.get_submodule(f"enc_{part[0]}")
            f = [[torch.cat([encode(cells[i, j]), traits[i]]) for j in range(s)] for i in range(n)]
            h1 = [
                [f[i][j] + _attend(f[i][j], [f[k][j] for k in range(n)], keys[:, j]) for j in range(s)]
                for i in range(n)
            ]
            m = item.target_segment
            ends.append([h1[i][m] + _attend(h1[i][m], h1[i], keys[i]) for i in range(n)])
        u = [model.fusion_layer(torch.cat([*(end[i] for end in ends), traits[i]])) for i in range(n)]
        person = u[item.target_person]
        person = person + _attend(person, u, torch.ones(n, dtype=torch.bool, device=device))
        answer: Tensor = model.out_layer(person)
        return answer


def _attend(query: Tensor, memory: Sequence[Tensor], keys: Tensor) -> Tensor:
    rows = torch.stack(list(memory))
    scores = (rows @ query / len(query) ** 0.5).masked_fill(~keys, torch.finfo(query.dtype).min)
    return scores.softmax(dim=0) @ rows


def pace(
    step: Callable[[Sequence[Item]], Tensor], model: AMER, batches: Iterator[list[Item]], seconds: float, clock: Clock
) -> float:
    """Return samples per second of whole training steps: for so long, but two steps at least, after one to warm up."""
    optimiser = torch.optim.Adam(model.parameters(), 5e-5, amsgrad=True)
    done, begun = 0, 0.0
    for number, items in enumerate(batches):
        if number == 1:
            begun = clock()
        optimiser.zero_grad()
        loss = step(items)
        loss.backward()
        optimiser.step()
        loss.item()  # a GPU is waited for
        done += len(items) if number else 0
        if number >= 2 and clock() - begun > seconds:
            break
    return done / (clock() - begun)


def batches(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    """Draw batches without end."""
    draw = np.random.default_rng(1)
    while True:
        yield [items[place] for place in draw.integers(0, len(items), size)]


def first_step(folder: Path, cache: Path, device: torch.device, clock: Clock) -> float:
    """Return the seconds from nothing to the end of the first training step on a folder of the published layout."""
    from baselines.data.memor import SampleSet

    begun = clock()
    dataset, packed = open_packed(folder, cache, no_progress)
    samples = SampleSet(dataset, packed, dataset.train_ids, dataset.train_ids, "primary")
    model = AMER(Config(personality=dataset.dims.personality)).to(device)
    batch = collate([samples[k] for k in range(8)]).to(device)
    nn.functional.cross_entropy(model(batch), batch.label).backward()
    return clock() - begun


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description="How fast AMER trains.")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measurement (%(default)s)")
    parser.add_argument("--clips", type=int, default=200, help="different ones that are drawn from (%(default)s)")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    device = torch.device(arguments.device)
    clock: Clock = time.process_time if (device.type, arguments.threads) == ("cpu", 1) else time.perf_counter
    draw = np.random.default_rng(0)
    items = [clip(draw) for _ in range(arguments.clips)]
    model = AMER(Config()).to(device)

    def batched(given: Sequence[Item]) -> Tensor:
        batch = collate(given).to(device)
        return nn.functional.cross_entropy(model(batch), batch.label)

    def looped(given: Sequence[Item]) -> Tensor:
        slow = PerSample(model)
        labels = torch.tensor([item.label for item in given], device=device)
        return nn.functional.cross_entropy(torch.stack([slow.logits(item) for item in given]), labels)

    with torch.no_grad():
        slow = torch.stack([PerSample(model).logits(item) for item in items[:4]])
        difference = float((model(collate(items[:4]).to(device)) - slow).abs().max())
    print(f"device {device}, {arguments.threads} threads; the logits of both ways differ by {difference:.1e} at most")
    print("| | samples/s | epoch of 6,829 | times the loop | peak memory so far |\n|---|---|---|---|---|")
    base = pace(looped, model, batches(items, 8), arguments.seconds, clock)
    for name, speed in (
        ("per-sample loop, batch 8", base),
        ("batch 8", pace(batched, model, batches(items, 8), arguments.seconds, clock)),
        ("batch 64", pace(batched, model, batches(items, 64), arguments.seconds, clock)),
    ):
        print(f"| {name} | {speed:.1f} | {EPOCH / speed / 60:.1f} min | {speed / base:.1f} | {peak_mb():.0f} MB |")
    with tempfile.TemporaryDirectory() as place:
        folder = write_folder(Path(place) / "data", clips=60, seed=0)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
        cold, warm = (first_step(folder, Path(place) / "cache", device, clock) for _ in range(2))
    print(f"first step on {size:.0f} MB of the published layout: {cold:.1f} s, from the second run on {warm:.2f} s")


if __name__ == "__main__":
    main()
