"""Words: as written, as compared, as spoken."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.alignment.pronunciation import letters_to_sounds, pronounce
from workers.analysers.alignment.words import compared, joined, number_words, spoken_words, written_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Well, I - umm…", ["Well,", "I -", "umm…"]),
        ("真的吗？！", ["真", "的", "吗？！"]),
        ("我叫 Rachel。", ["我", "叫", "Rachel。"]),
        ("- ? -", []),
    ],
)
def test_punctuation_stays_with_its_word_and_a_chinese_sign_is_a_word(text: str, words: list[str]) -> None:
    assert written_words(text) == words


def test_words_become_text_again() -> None:
    assert joined(written_words("Well, I guess.")) == "Well, I guess."
    assert joined(written_words("我真高兴，没有问题。")) == "我真高兴，没有问题。"


def test_comparison_overlooks_case_marks_and_kinds_of_apostrophe() -> None:
    assert compared("“Don’t!”") == compared("don't") == "dont"
    assert compared("Café") == "cafe"


@pytest.mark.parametrize(
    ("word", "spoken"),
    [
        ("No-ho-ho!", ["no", "ho", "ho"]),
        ("that’s", ["that's"]),
        ("'Hello'", ["hello"]),
        ("R&B", ["r", "and", "b"]),
        ("12,250", ["twelve", "thousand", "two", "hundred", "fifty"]),
        ("是", []),
        ("—", []),
    ],
)
def test_a_written_word_is_spoken_as_dictionary_words(word: str, spoken: list[str]) -> None:
    assert spoken_words(word) == spoken


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "zero"), (13, "thirteen"), (40, "forty"), (86, "eighty six"), (300, "three hundred"),
        (1000, "one thousand"), (1005, "one thousand five"), (1100, "eleven hundred"), (1906, "nineteen oh six"),
        (1999, "nineteen ninety nine"), (2024, "two thousand twenty four"),
        (1_234_567, "one two three four five six seven"),
    ],
)  # fmt: skip
def test_numbers_are_read_out(number: int, said: str) -> None:
    assert " ".join(number_words(number)) == said


VOWELS = set(re.findall(r"\w+", "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW"))
CONSONANTS = set(re.findall(r"\w+", "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH"))
DICTIONARY = {"oh": "OW", "no": "N OW", "um": "AH M", "june": "JH UW N", "price": "P R AY S", "cat": "K AE T"}


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("oh", "OW"), ("ohhh", "OW"), ("noooo", "N OW"), ("umm", "AH M"),
        ("june's", "JH UW N Z"), ("cat's", "K AE T S"), ("price's", "P R AY S IH Z"),
    ],
)  # fmt: skip
def test_drawn_out_and_possessive_words_are_found_in_the_dictionary(word: str, phones: str) -> None:
    assert pronounce(word, DICTIONARY.get) == phones


@pytest.mark.parametrize(
    ("word", "phones"),
    [("nate", "N EY T"), ("chip", "CH IH P"), ("shoo", "SH UW"), ("phat", "F AE T"), ("brick", "B R IH K")],
)
def test_an_unknown_word_is_spelled_to_sounds(word: str, phones: str) -> None:
    assert letters_to_sounds(word) == phones


@given(st.text("abcdefghijklmnopqrstuvwxyz'", min_size=1).filter(lambda w: w.strip("'")))
def test_every_word_has_a_sound_the_model_can_speak(word: str) -> None:
    phones = set(pronounce(word, {}.get).split())
    assert phones & VOWELS
    assert phones <= VOWELS | CONSONANTS
