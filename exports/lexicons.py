"""Word categories for personality profiles: Empath's, or a LIWC dictionary file where the lab owns one.

A word counts once for each category it belongs to; a frequency is its share of all words (0 to 1), in category order.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from exports.errors import FormatError

#: LIWC 2007 has a few rules that look at the word before or after, as in `like (02 134)125/464 253`: left out.
_CONDITION = re.compile(r"(?:\([^)]*\)|<[^>]*>)\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def words(text: str) -> list[str]:
    """Return the words of a text, lower-case; an apostrophe inside a word stays (`don't`)."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


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

    def frequencies(self, texts: Iterable[str]) -> list[float]:
        """Return one frequency per category over all words of all texts; zeros where there is no word."""
        counts = [0] * len(self.categories)
        total = 0
        for text in texts:
            for word in words(text):
                total += 1
                for category in self._categories_of(word):
                    counts[category] += 1
        return [count / total if total else 0.0 for count in counts]

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

    Raises FormatError with the line where the file is not like that.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(f"the LIWC dictionary {path} cannot be read: {error.strerror}") from error
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = data.decode("cp1252", errors="replace").splitlines()  # how LIWC 2007 files were written
    fences = [number for number, line in enumerate(lines) if line.strip() == "%"]
    if len(fences) < 2:
        raise FormatError(f"{path} is no LIWC dictionary: its categories must stand between two lines with % alone")
    positions: dict[str, int] = {}
    names: list[str] = []
    for number, line in enumerate(lines[fences[0] + 1 : fences[1]], start=fences[0] + 2):
        parts = line.split(None, 1)
        if not parts:
            continue
        if len(parts) != 2 or not parts[0].isdigit() or parts[0] in positions:
            raise FormatError(f"{path}, line {number}: expected a new category number and a name, got {line.strip()!r}")
        positions[parts[0]] = len(names)
        names.append(parts[1].strip())
    entries: dict[str, tuple[int, ...]] = {}
    stems: dict[str, tuple[int, ...]] = {}
    for number, line in enumerate(lines[fences[1] + 1 :], start=fences[1] + 2):
        parts = line.split()
        if not parts:
            continue
        tail = [part for part in parts if part in positions]
        word = line[: line.index(tail[0], len(parts[0]))].strip().lower() if tail else ""
        word = _CONDITION.sub("", word).strip()
        rest = [part for part in _CONDITION.sub(" ", line).split()[len(word.split()) :] if part not in positions]
        if not word or rest:
            raise FormatError(
                f"{path}, line {number}: expected a word and known category numbers, got {line.strip()!r}"
            )
        found = tuple(sorted({positions[part] for part in tail}))
        if " " in word:  # LIWC 2015 has a few phrases; words are looked up one by one, so they cannot match
            continue
        if word.endswith("*"):
            stems[word[:-1]] = found
        else:
            entries[word] = found
    return Lexicon(f"liwc {path.stem}", tuple(names), entries, stems, hashlib.sha256(data).hexdigest())
