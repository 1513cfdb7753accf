"""The pickles of MMGCN and conv-emotion: dialogues of IEMOCAP and MELD with features (specification 11.1).

| file | tuple of | holds |
| --- | --- | --- |
| `IEMOCAP_features.pkl` | 9 | ids, speakers M/F, labels, text 100, audio 1582, visual 342, sentences, train, test |
| `MELD_features_raw1.pkl` | 10 | the same with speakers one-hot, text 600, audio 300; the tenth is ignored |
| `MELD_features_raw.pkl` | 9 | ids, speakers one-hot, labels, text 600, audio 300, sentences, train, test, sentiments |

Of the first and the last, the sixth element tells which it is: numbers or sentences. IEMOCAP's validation dialogues are
held out of its train ones; MELD's train ids 1039 to 1152 are the official dev split.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from baselines.data.corpus import Corpus, Shape, Wanted, chosen
from baselines.data.dialogues import Dialogue, check_dialogues, dialogue_side, hold_out_dialogues
from baselines.data.meld import EMOTIONS as MELD_EMOTIONS
from baselines.tasks import Classes
from exports.errors import FormatError
from exports.formats.manifest import file_sha256

IEMOCAP_EMOTIONS: Final = ("happy", "sad", "neutral", "angry", "excited", "frustrated")
_MELD_DEV: Final = range(1039, 1153)
_PUBLISHED: Final = {"iemocap": (120, 31), "meld": (1152, 280)}


def open_mmgcn(path: Path, parts: tuple[Any, ...], wanted: Wanted) -> Corpus:
    """Read one of the three files. Raises FormatError, DataError."""
    if len(parts) not in (9, 10):
        raise FormatError(f"{path} is a tuple of {len(parts)}, MMGCN's files are tuples of 9 or 10")
    try:
        return _open(path, parts, wanted)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise FormatError(f"{path} is not laid out like MMGCN's files: {type(error).__name__} {error}") from error


def _open(path: Path, parts: tuple[Any, ...], wanted: Wanted) -> Corpus:
    first_visual = next(iter(parts[5].values()))[0]
    text_only = isinstance(first_visual, str)
    names = ("text", "audio") if text_only else ("text", "audio", "visual")
    tables = dict(zip(names, parts[3 : 3 + len(names)], strict=True))
    first = 3 + len(names) + 1  # after the sentences
    train_ids, test_ids = list(parts[first]), list(parts[first + 1])
    first_speaker = next(iter(parts[1].values()))[0]
    family = "iemocap" if isinstance(first_speaker, str) else "meld"
    classes = IEMOCAP_EMOTIONS if family == "iemocap" else MELD_EMOTIONS
    sizes = {name: np.shape(next(iter(table.values())))[-1] for name, table in tables.items()}
    sizes = chosen({name: sizes.get(name, 0) for name in ("visual", "audio", "text")}, wanted, path)

    def dialogues(ids: Sequence[Any]) -> list[Dialogue]:
        return [_dialogue(name, parts, {part: tables[part] for part in sizes}) for name in ids]

    train, test = dialogues(train_ids), dialogues(test_ids)
    check_dialogues([*train, *test], len(classes), path)
    whole = _PUBLISHED[family] == (len(train), len(test))
    if family == "meld" and whole:
        held = [one for one, name in zip(train, train_ids, strict=True) if int(name) in _MELD_DEV]
        train = [one for one, name in zip(train, train_ids, strict=True) if int(name) not in _MELD_DEV]
        selection = "the dev split"
    else:
        train, held = hold_out_dialogues(train, wanted.validation_share, wanted.split_seed)
        selection = "held-out train dialogues"
    return Corpus(
        title=f"{family.upper()}, {path.name}",
        family=family,
        kind="dialogue",
        task=Classes(classes),
        shape=Shape(sizes, len(classes), speakers=1 + max(int(one.speaker.max()) for one in [*train, *held, *test])),
        key_names=("dialogue", "utterance"),
        train=dialogue_side(train),
        validation=dialogue_side(held),
        test=dialogue_side(test),
        selection=selection,
        sha256=file_sha256(path),
        published=whole,
        about={"split": "official"},
    )


def _dialogue(name: Any, parts: tuple[Any, ...], tables: Mapping[str, Mapping[Any, Any]]) -> Dialogue:
    speakers = parts[1][name]
    numbers = [("M", "F").index(one) if isinstance(one, str) else int(np.argmax(one)) for one in speakers]
    features = {part: np.asarray(table[name], np.float32) for part, table in tables.items()}
    return Dialogue(str(name), features, np.array(numbers, np.int64), np.array(parts[2][name], np.int64))
