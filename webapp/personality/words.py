"""Which words a character uses: categories of the lab's LIWC dictionary, or of Empath."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from exports.errors import FormatError
from exports.lexicons import Lexicon, empath_lexicon, liwc_lexicon
from webapp.annotation.rules import RuleError


def lexicon() -> Lexicon:
    """Return the dictionary of this installation, read once for each version of its file. Raises RuleError."""
    path: Path | None = settings.LIWC_DICTIONARY
    if path is None:
        return _empath()
    try:
        return _liwc(path, path.stat().st_mtime_ns if path.exists() else 0)
    except FormatError as error:
        raise RuleError("bad_dictionary", f"The word categories cannot be read: {error}") from error


@lru_cache(maxsize=1)
def _empath() -> Lexicon:
    return empath_lexicon()


@lru_cache(maxsize=1)
def _liwc(path: Path, changed_ns: int) -> Lexicon:
    return liwc_lexicon(path)


def word_categories(texts: Iterable[str], most: int) -> dict[str, Any]:
    """Return the most frequent categories of what somebody says, with the words that made them so. Raises RuleError."""
    book = lexicon()
    counts = book.count(texts)
    ranked = sorted(counts.categories, key=lambda one: (-one.words, one.name))
    return {
        "lexicon": book.name,
        "words": counts.total,
        "categories": [
            {"name": one.name, "share": one.words / counts.total, "examples": one.examples}
            for one in ranked[:most]
            if one.words
        ],
    }
