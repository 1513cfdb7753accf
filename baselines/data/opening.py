"""Whatever a user points at, as a corpus."""

from __future__ import annotations

from pathlib import Path

from baselines.data.corpus import Corpus, Wanted
from baselines.data.meld import find_meld, open_meld
from baselines.data.memor import open_memor
from baselines.data.mmgcn import open_mmgcn
from baselines.data.mmsa import open_mmsa
from baselines.data.unpickling import read_pickle
from baselines.progress import Progress
from exports.errors import FormatError


def open_corpus(path: Path, wanted: Wanted, cache: Path, on_progress: Progress) -> Corpus:
    """Read a release, the published MEmoR folder, MELD's CSV files, or a pickle of MMSA, MMGCN or conv-emotion.

    `cache` keeps what takes long to make. Raises FormatError, which says what is wrong with the data.
    """
    if path.is_file():
        document = read_pickle(path)
        if isinstance(document, dict) and "train" in document:
            return open_mmsa(path, document, wanted)
        if isinstance(document, tuple | list):
            return open_mmgcn(path, tuple(document), wanted)
        raise FormatError(f"{path} is neither MMSA's dict of train, valid and test nor a tuple like MMGCN's")
    files = find_meld(path)
    if files is not None:
        return open_meld(path, files, wanted, cache, on_progress)
    if not path.is_dir():
        raise FormatError(f"{path} does not exist: give a release folder, or one of the data sets in docs/baselines.md")
    return open_memor(path, wanted, cache, on_progress)
