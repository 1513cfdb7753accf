"""How far something is: a share from 0 to 1 and what is being done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

Progress = Callable[[float, str], None]


def no_progress(share: float, step: str) -> None:
    """Ignore progress."""


@contextmanager
def progress_bar(name: str) -> Iterator[Progress]:
    """Give what reports a share and a step; shown on a terminal only."""
    with tqdm(total=1000, desc=name, bar_format="{desc} {bar} {elapsed} {postfix}", disable=None) as bar:

        def on_progress(share: float, step: str) -> None:
            moved = round(share * 1000) - bar.n
            bar.set_postfix_str(step, refresh=False)
            if moved:
                bar.update(moved)

        yield on_progress
