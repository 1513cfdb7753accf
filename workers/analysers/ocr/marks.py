"""Marks of punctuation that are drawn alike and written in two widths: Chinese is written with ！, English with !."""

from __future__ import annotations

import re
from typing import Final

#: (narrow, wide)
WIDTHS: Final = tuple(zip("!?,:;()", "！？，：；（）", strict=True))
_TO_WIDE: Final = dict(WIDTHS)
_TO_NARROW: Final = {wide: narrow for narrow, wide in WIDTHS}
_CLOSING: Final = "\"'”’」』》)）"


def fitting_marks(text: str) -> str:
    """Return a row of text with its marks in the width of what they stand beside.

    Beside a Chinese letter they are wide, in a text without one narrow; so are those inside a number, and between words
    in Latin letters they stay as they are.
    """
    if not any(_is_chinese(letter) for letter in text):
        return "".join(_TO_NARROW.get(letter, letter) for letter in text)
    mostly = sum(_is_chinese(letter) for letter in text) >= len(re.findall("[A-Za-z]+", text))
    fitting = list(text)
    brackets = _brackets(text)
    for i, letter in enumerate(text):
        narrow = _TO_NARROW.get(letter, letter)
        if letter == "." and _is_full_stop(text, i):
            fitting[i] = "。"
        elif narrow in _TO_WIDE:
            sides = [side for place in brackets.get(i, (i,)) for side in _sides(text, place)]
            if any(_is_chinese(side) for side in sides):
                fitting[i] = _TO_WIDE[narrow]
            elif _is_in_number(text, i, narrow):
                fitting[i] = narrow
            elif "" in sides:
                fitting[i] = _TO_WIDE[narrow] if mostly else narrow
        if fitting[i] != letter and fitting[i] in _TO_NARROW:
            _drop_blank(fitting, i)
    return "".join(fitting)


def _is_chinese(letter: str) -> bool:
    """Whether it is a Chinese sign, or of the Japanese syllables, which are written with the same marks."""
    return bool(re.match("[\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]", letter))


def _sides(text: str, place: int) -> tuple[str, str]:
    """Return the letters or digits that stand next before and after a place ("": none)."""
    before = next((letter for letter in reversed(text[:place]) if letter.isalnum()), "")
    return before, next((letter for letter in text[place + 1 :] if letter.isalnum()), "")


def _brackets(text: str) -> dict[int, tuple[int, int]]:
    """Return the places of each pair of brackets, under both: they have one width."""
    pairs: dict[int, tuple[int, int]] = {}
    opened: list[int] = []
    for i, letter in enumerate(text):
        if letter in "(（":
            opened.append(i)
        elif letter in ")）" and opened:
            start = opened.pop()
            pairs[start] = pairs[i] = (start, i)
    return pairs


def _is_in_number(text: str, place: int, mark: str) -> bool:
    """Whether it stands as in 3:30 or in 1,000."""
    after = {":": r"[0-9]", ",": r"[0-9]{3}(?![0-9])"}.get(mark)
    return after is not None and bool(re.search("[0-9]$", text[:place]) and re.match(after, text[place + 1 :]))


def _is_full_stop(text: str, place: int) -> bool:
    """Whether a point ends what is said in Chinese: it is no ellipsis, and no point inside a name or number."""
    return place > 0 and _is_chinese(text[place - 1]) and not text[place + 1 :].strip(_CLOSING + " ")


def _drop_blank(fitting: list[str], place: int) -> None:
    """Drop the blank that was seen on the empty side of a mark: it is part of a wide one."""
    beside = place - 1 if fitting[place] == "（" else place + 1
    if 0 <= beside < len(fitting) and fitting[beside] == " ":
        fitting[beside] = ""
