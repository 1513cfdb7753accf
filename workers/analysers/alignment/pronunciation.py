"""How an English word sounds, in the phones of the US English acoustic model (ARPABET without stress).

The dictionary that comes with the model knows most words. The others (names, drawn-out cries) are looked up without
their repeated letters, and at last spelled to sounds by rule: rough, but alignment needs no more than the right length
and most of the right sounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

#: Letters to phones, the longest match first. After common spelling rules of English.
_SOUNDS: Final[dict[str, str]] = {
    "tion": "SH AH N", "sion": "ZH AH N", "ough": "AO", "augh": "AO", "eigh": "EY", "igh": "AY", "tch": "CH",
    "sch": "SH", "dge": "JH", "air": "EH R", "ear": "IH R", "eer": "IH R", "our": "AW R", "oor": "AO R", "ore": "AO R",
    "are": "EH R", "ire": "AY R", "ure": "Y UH R", "qu": "K W", "ch": "CH", "sh": "SH", "th": "TH", "ph": "F",
    "wh": "W", "gh": "G", "ck": "K", "ng": "NG", "kn": "N", "wr": "R", "ps": "P S", "ai": "EY", "ay": "EY", "au": "AO",
    "aw": "AO", "ea": "IY", "ee": "IY", "ei": "EY", "ey": "IY", "eu": "UW", "ew": "UW", "ie": "IY", "oa": "OW",
    "oe": "OW", "oi": "OY", "oy": "OY", "oo": "UW", "ou": "AW", "ow": "OW", "ue": "UW", "ui": "UW", "ar": "AA R",
    "er": "ER", "ir": "ER", "or": "AO R", "ur": "ER", "ah": "AA", "eh": "EH", "oh": "OW", "uh": "AH", "bb": "B",
    "cc": "K", "dd": "D", "ff": "F", "gg": "G", "ll": "L", "mm": "M", "nn": "N", "pp": "P", "rr": "R", "ss": "S",
    "tt": "T", "zz": "Z", "ce": "S EH", "ci": "S IH", "cy": "S IY", "ge": "JH EH", "gi": "JH IH", "a": "AE", "b": "B",
    "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH", "j": "JH", "k": "K", "l": "L", "m": "M",
    "n": "N", "o": "OW", "p": "P", "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S",
    "y": "IY", "z": "Z",
}  # fmt: skip
_LONGEST: Final = max(map(len, _SOUNDS))
_VOICELESS: Final = frozenset({"P", "T", "K", "F", "TH"})
_HISSING: Final = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
#: A vowel before one consonant and a final silent e says its name: "Nate".
_LONG_VOWELS: Final = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW"}
_VOWEL_PHONES: Final = frozenset(
    ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
)

Lookup = Callable[[str], str | None]
"""The dictionary: a word's phones separated by blanks, None for a word it does not have."""


def pronounce(word: str, lookup: Lookup) -> str:
    """Return the phones of a lower-case word; never empty for a word with a letter in it."""
    for candidate in _spellings(word):
        phones = lookup(candidate)
        if phones:
            return phones
    if word.endswith("'s") and len(word) > 2:
        return _with_s(pronounce(word[:-2], lookup))
    return letters_to_sounds(word)


def letters_to_sounds(word: str) -> str:
    """Return the phones of a word by spelling rules alone."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    ending: list[str] = []
    silent_e = re.fullmatch(r"(.*)([aeiou])([bcdfgklmnpstvz])e", letters)
    if silent_e:
        consonant = "s" if silent_e[3] == "c" else silent_e[3]
        letters, ending = silent_e[1], [_LONG_VOWELS[silent_e[2]], _SOUNDS[consonant]]
    phones: list[str] = []
    at = 0
    while at < len(letters):
        for size in range(min(_LONGEST, len(letters) - at), 0, -1):
            sound = _SOUNDS.get(letters[at : at + size])
            if sound is not None:
                phones += sound.split()
                at += size
                break
    phones += ending
    if not any(phone in _VOWEL_PHONES for phone in phones):
        phones.insert(0, "HH" if not phones else "AH")  # "hmm", "shh": the model has no syllable without a vowel
    return " ".join(phones)


def _spellings(word: str) -> list[str]:
    """The word, without apostrophes, and with drawn-out letters shortened: "nooo" is "noo" or "no"."""
    bare = word.replace("'", "")
    return list(dict.fromkeys([word, bare, re.sub(r"(.)\1{2,}", r"\1\1", bare), re.sub(r"(.)\1+", r"\1", bare)]))


def _with_s(phones: str) -> str:
    last = phones.split()[-1]
    return f"{phones} {'IH Z' if last in _HISSING else 'S' if last in _VOICELESS else 'Z'}"
