"""Word categories for personality profiles: Empath's, or a LIWC dictionary file where the lab owns one.

A word counts once for each category it belongs to; a frequency is its share of all words (0 to 1), in category order.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path

from exports.errors import FormatError

#: LIWC 2007 has a few rules that look at the word before or after, as in `like (02 134)125/464 253`: left out.
_CONDITION = re.compile(r"(?:\([^)]*\)|<[^>]*>)\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def words(text: str) -> list[str]:
    """Return the words of a text, lower-case; an apostrophe inside a word stays (`don't`)."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


@dataclass(frozen=True, slots=True)
class CategoryCount:
    name: str
    words: int
    examples: tuple[str, ...]
    """Its words that are said most, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Counts:
    total: int
    """All words, in a category or not."""
    categories: tuple[CategoryCount, ...]


@dataclass(frozen=True)
class Lexicon:
    """Categories and the words that belong to each. A dictionary entry that ends in `*` takes every continuation."""

    name: str
    """Name and version, for the release's config."""
    categories: tuple[str, ...]
    entries: dict[str, tuple[int, ...]] = field(repr=False)
    """Word -> positions of its categories."""
    stems: dict[str, tuple[int, ...]] = field(repr=False, default_factory=dict)
    """Beginning of a word -> positions of its categories; the longest one that fits counts."""
    sha256: str = ""
    """Of the dictionary file; "" for a lexicon that is part of a package."""

    def count(self, texts: Iterable[str], examples: int = 3) -> Counts:
        """Return how many words of all texts belong to each category, and which are said most."""
        said = Counter(word for text in texts for word in words(text))
        members: list[list[str]] = [[] for _ in self.categories]
        for word in said:  # each different word is looked up once
            for category in self._categories_of(word):
                members[category].append(word)
        return Counts(
            total=said.total(),
            categories=tuple(
                CategoryCount(
                    name=name,
                    words=sum(said[word] for word in found),
                    examples=tuple(sorted(found, key=lambda word: (-said[word], word))[:examples]),
                )
                for name, found in zip(self.categories, members, strict=True)
            ),
        )

    def frequencies(self, texts: Iterable[str]) -> list[float]:
        """Return one frequency per category over all words of all texts; zeros where there is no word."""
        counts = self.count(texts, examples=0)
        return [one.words / counts.total if counts.total else 0.0 for one in counts.categories]

    def _categories_of(self, word: str) -> tuple[int, ...]:
        if word in self.entries:
            return self.entries[word]
        for length in range(len(word), 0, -1):
            if word[:length] in self.stems:
                return self.stems[word[:length]]
        return ()


def empath_lexicon() -> Lexicon:
    """Return the 194 categories of Empath (Fast et al., CHI 2016), which its package carries: no network is used."""
    from empath import Empath

    terms = Empath().cats
    categories = tuple(sorted(terms))
    entries: dict[str, list[int]] = defaultdict(list)
    for position, category in enumerate(categories):
        for term in sorted(set(terms[category])):
            entries[term].append(position)
    return Lexicon(f"empath {version('empath')}", categories, {word: tuple(found) for word, found in entries.items()})


def liwc_lexicon(path: Path) -> Lexicon:
    """Read a LIWC dictionary file: category numbers and names between two `%` lines, then `word number number ...`.

    UTF-8, UTF-16 with its mark, else Windows Latin-1. A word that stands there twice belongs to the categories of both
    lines. Phrases are left out, since words are looked up one by one. Raises FormatError with the line where the file
    is not like that.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(f"the LIWC dictionary {path} cannot be read: {error.strerror}") from error
    lines = _decoded(data).splitlines()
    fences = [number for number, line in enumerate(lines) if line.strip() == "%"]
    if len(fences) < 2:
        raise FormatError(f"{path} is no LIWC dictionary: its categories must stand between two lines with % alone")
    positions, names = _liwc_categories(path, lines[fences[0] + 1 : fences[1]], fences[0] + 2)
    entries: dict[str, set[int]] = defaultdict(set)
    stems: dict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(lines[fences[1] + 1 :], start=fences[1] + 2):
        if not line.strip():
            continue
        word, found = _liwc_entry(f"{path}, line {number}", line, positions)
        if " " in word:
            continue
        if word.endswith("*"):
            stems[word[:-1]] |= found
        else:
            entries[word] |= found
    return Lexicon(
        name=f"liwc {path.stem}",
        categories=tuple(names),
        entries={word: tuple(sorted(found)) for word, found in entries.items()},
        stems={stem: tuple(sorted(found)) for stem, found in stems.items()},
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # how LIWC 2007 files were written


def _liwc_categories(path: Path, lines: Sequence[str], first: int) -> tuple[dict[str, int], list[str]]:
    """Return category number -> position, and the names; `first` is the number of the first line in the file."""
    positions: dict[str, int] = {}
    names: list[str] = []
    for number, line in enumerate(lines, start=first):
        parts = line.split(None, 1)
        if not parts:
            continue
        where = f"{path}, line {number}"
        if len(parts) != 2 or not parts[0].isdigit():
            raise FormatError(f"{where}: expected a category number and a name, got {line.strip()!r}")
        if parts[0] in positions:
            raise FormatError(f"{where}: category {parts[0]} is {names[positions[parts[0]]]!r} already")
        positions[parts[0]] = len(names)
        names.append(parts[1].strip())
    if not names:
        raise FormatError(f"{path}, line {first - 1}: no category stands between the two lines with %")
    return positions, names


def _liwc_entry(where: str, line: str, positions: dict[str, int]) -> tuple[str, set[int]]:
    """Return the word or phrase of a line and the positions of its categories."""
    parts = _CONDITION.sub(" ", line).split()
    numbers = list(takewhile(str.isdigit, reversed(parts[1:])))
    word = " ".join(parts[: len(parts) - len(numbers)]).lower()
    if not word or not numbers:
        raise FormatError(f"{where}: expected a word and its category numbers, got {line.strip()!r}")
    if unknown := [number for number in numbers if number not in positions]:
        raise FormatError(f"{where}: category {unknown[-1]} of {word!r} is not among those between the lines with %")
    if "*" in word[:-1] or word == "*":
        raise FormatError(f"{where}: {word!r} has its * elsewhere than at the end of a word")
    return word, {positions[number] for number in numbers}
