"""The questionnaires: what is asked and which answers count for what. All of it stands in `data/`, with its sources.

A questionnaire consists of scales; a scale of statements that count as they are (`plus`) or turned round (`minus`).
Statements of the IPIP are shared: one that two scales use is asked once. Pairs have a left and a right side.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from exports.errors import FormatError
from exports.personality import QUESTIONNAIRE_COLUMNS

DATA: Final = Path(__file__).parent / "data"
#: In the order in which they are filled in.
KEYS: Final = ("big5", "16pf", "mbti")


@dataclass(frozen=True, slots=True)
class Words:
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Item:
    """A statement (`left` is None), or a pair between whose sides an answer lies."""

    key: str
    text: Words
    """The statement, or a pair's right side."""
    left: Words | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """One of the 26 numbers."""

    column: str
    name: Words
    low: Words
    high: Words
    plus: tuple[str, ...]
    minus: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        return self.plus + self.minus


@dataclass(frozen=True, slots=True)
class Instrument:
    key: str
    name: Words
    source: str
    url: str
    licence: str
    note: str
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    """In the order in which they are asked: one of every scale, then the next of every scale."""


@cache
def instruments() -> tuple[Instrument, ...]:
    """Return the questionnaires. Raises FormatError, naming the file, where `data/` does not fit together."""
    pool = {key: Item(key, Words(**words)) for key, words in _read("ipip_items.toml").items()}
    found = tuple(_instrument(f"{key}.toml", pool) for key in KEYS)
    columns = {scale.column for instrument in found for scale in instrument.scales}
    if columns != set(QUESTIONNAIRE_COLUMNS):
        wrong = ", ".join(sorted(columns ^ set(QUESTIONNAIRE_COLUMNS)))
        raise FormatError(f"{DATA}: the scales are not the 26 of a profile: {wrong}")
    return found


@cache
def all_items() -> dict[str, Item]:
    """Return key -> what is asked, each once."""
    return {item.key: item for instrument in instruments() for item in instrument.items}


def _instrument(name: str, pool: dict[str, Item]) -> Instrument:
    document = _read(name)
    own = {
        key: Item(key, Words(**pair["right"]), Words(**pair["left"])) for key, pair in document.get("items", {}).items()
    }
    scales = tuple(
        Scale(
            column=row["column"],
            name=Words(**row["name"]),
            low=Words(**row["low"]),
            high=Words(**row["high"]),
            plus=tuple(row["plus"]),
            minus=tuple(row["minus"]),
        )
        for row in document["scales"]
    )
    known = pool | own
    for scale in scales:
        if missing := [key for key in scale.items if key not in known]:
            raise FormatError(f"{name}: {scale.column} uses {', '.join(missing)}, which is not there")
        if len(set(scale.items)) != len(scale.items):
            raise FormatError(f"{name}: {scale.column} uses something twice")
    return Instrument(
        key=document["key"],
        name=Words(**document["name"]),
        source=document["source"],
        url=document["url"],
        licence=document["licence"],
        note=document["note"],
        scales=scales,
        items=tuple(known[key] for key in _asked(scales)),
    )


def _asked(scales: tuple[Scale, ...]) -> dict[str, None]:
    """Return the keys in the order they are asked: scales by turns, each one's plus and minus by turns, each key once.

    So neighbouring statements are about different things, and "agree" is not always the same direction.
    """
    rows = [_by_turns(scale.plus, scale.minus) for scale in scales]
    longest = max(len(row) for row in rows)
    return dict.fromkeys(row[place] for place in range(longest) for row in rows if place < len(row))


def _by_turns(first: tuple[str, ...], second: tuple[str, ...]) -> list[str]:
    mixed = [key for pair in zip(first, second, strict=False) for key in pair]
    return [*mixed, *first[len(second) :], *second[len(first) :]]


def _read(name: str) -> dict[str, Any]:
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)
