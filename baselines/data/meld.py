"""MELD's CSV files (Poria et al., ACL 2019): text, speakers and emotions; the text's vectors are made on the spot.

Columns Sr No., Utterance, Speaker, Emotion, Sentiment, Dialogue_ID, Utterance_ID, Season, Episode, StartTime, EndTime.
Dialogue_ID starts anew in each file. The published split has 9,989, 1,109 and 2,610 utterances.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np

from baselines.data.corpus import Corpus, Shape, Wanted, chosen
from baselines.data.dialogues import Dialogue, check_dialogues, dialogue_side
from baselines.data.sentences import sentence_vectors, vectors_now
from baselines.progress import Progress
from baselines.tasks import Classes
from exports.errors import FormatError
from exports.formats.manifest import file_sha256

EMOTIONS: Final = ("neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger")
_PUBLISHED: Final = (9989, 1109, 2610)
_NAMES: Final = {side: (f"{side}.csv", f"{side}_sent_emo.csv") for side in ("train", "dev", "test")}
_NEEDED: Final = ("Utterance", "Speaker", "Emotion", "Dialogue_ID", "Utterance_ID")


def find_meld(folder: Path) -> dict[str, Path] | None:
    """Return the three files of a folder by side, None if it does not hold them."""
    found = {
        side: next((folder / name for name in names if (folder / name).is_file()), None)
        for side, names in _NAMES.items()
    }
    whole = {side: path for side, path in found.items() if path is not None}
    return whole if len(whole) == len(found) else None


def open_meld(folder: Path, files: dict[str, Path], wanted: Wanted, cache: Path, on_progress: Progress) -> Corpus:
    """Read the three files; the dev file is the validation side. Raises FormatError naming file and line."""
    rows = {side: _rows(path) for side, path in files.items()}
    sentences = [row["Utterance"] for side in rows.values() for row in side]
    vectors = sentence_vectors(sentences, cache, on_progress)
    vectors = _scaled(vectors)
    sides: dict[str, list[Dialogue]] = {}
    first = 0
    for side, table in rows.items():
        sides[side] = list(_dialogues(side, table, vectors[first : first + len(table)]))
        check_dialogues(sides[side], len(EMOTIONS), files[side])
        first += len(table)
    everything = [one for side in sides.values() for one in side]
    return Corpus(
        title="MELD, text only",
        family="meld",
        kind="dialogue",
        task=Classes(EMOTIONS),
        shape=Shape(
            sizes=chosen({"text": vectors.shape[1]}, wanted, folder),
            classes=len(EMOTIONS),
            speakers=1 + max(int(one.speaker.max()) for one in everything),
        ),
        key_names=("dialogue", "utterance"),
        train=dialogue_side(sides["train"], Words(sides["train"], rows["train"])),
        validation=dialogue_side(sides["dev"], Words(sides["dev"], rows["dev"])),
        test=dialogue_side(sides["test"], Words(sides["test"], rows["test"])),
        selection="the dev split",
        sha256="+".join(file_sha256(path)[:20] for path in files.values()),
        published=tuple(len(table) for table in rows.values()) == _PUBLISHED,
        about={"split": "official"},
    )


class Words:
    """The words of one side's utterances, for explanations."""

    def __init__(self, dialogues: Sequence[Dialogue], rows: Sequence[dict[str, str]]) -> None:
        self.dialogues, self.rows = dialogues, rows
        self.first = np.cumsum([0, *(len(one) for one in dialogues)])

    def words(self, item: int, row: int) -> tuple[str, ...]:
        return tuple(self.rows[int(self.first[item]) + row]["Utterance"].split())

    def without(self, item: int, row: int, kept: np.ndarray) -> list[Dialogue]:
        words, dialogue = self.words(item, row), self.dialogues[item]
        said = [" ".join(word for word, there in zip(words, bits, strict=True) if there) for bits in kept]
        vectors = _scaled(vectors_now(said))
        copies = []
        for vector in vectors:
            text = np.array(dialogue.features["text"])
            text[row] = vector
            copies.append(replace(dialogue, features={"text": text}))
        return copies


def _scaled(vectors: np.ndarray) -> np.ndarray:
    """Unit length makes every number small, 0.05 here; networks begin better where their size is about 1."""
    scaled: np.ndarray = vectors * np.float32(np.sqrt(vectors.shape[1]))
    return scaled


def _rows(path: Path) -> list[dict[str, str]]:
    # Windows' dashes and quotes stand in the file as the control characters that Latin-1 has in their place.
    text = "".join(_windows(letter) for letter in path.read_text("utf-8-sig", errors="replace"))
    reader = csv.DictReader(text.splitlines(keepends=True))
    if lacking := set(_NEEDED) - set(reader.fieldnames or ()):
        raise FormatError(f"{path} is no file of MELD: it has no column {sorted(lacking)[0]!r}")
    rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if row["Emotion"] not in EMOTIONS:
            raise FormatError(f"{path}, row {number}: {row['Emotion']!r} is none of {', '.join(EMOTIONS)}")
    if not rows:
        raise FormatError(f"{path} holds no utterance")
    return rows


def _windows(letter: str) -> str:
    return bytes([ord(letter)]).decode("cp1252", errors="ignore") if 0x80 <= ord(letter) < 0xA0 else letter


def _dialogues(side: str, rows: Sequence[dict[str, str]], vectors: np.ndarray) -> list[Dialogue]:
    """Return the dialogues in file order; speakers are numbered as they come in."""
    dialogues = []
    first = 0
    for number, group in groupby(rows, key=lambda row: row["Dialogue_ID"]):
        lines = list(group)
        names = list(dict.fromkeys(row["Speaker"] for row in lines))
        dialogues.append(
            Dialogue(
                name=f"{side} {number}",
                features={"text": vectors[first : first + len(lines)]},
                speaker=np.array([names.index(row["Speaker"]) for row in lines], np.int64),
                label=np.array([EMOTIONS.index(row["Emotion"]) for row in lines], np.int64),
            )
        )
        first += len(lines)
    return dialogues
