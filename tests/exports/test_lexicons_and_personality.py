from __future__ import annotations

from pathlib import Path

import pytest

from exports.errors import ExportError, FormatError
from exports.lexicons import Lexicon, empath_lexicon, liwc_lexicon, words
from exports.personality import QUESTIONNAIRE_COLUMNS, personality_table

DICTIONARY = """%
1\tfunction (Function Words)
20\tposemo
  31\tnegemo
%
the\t1
happ*\t20
happen\t1
hate\t31 20
kind of\t1
like\t(02 134)1/20 20
"""
TINY = Lexicon("tiny 1", ("joy", "pain"), {"happy": (0,), "bittersweet": (0, 1)})


def test_words_are_lower_case_and_keep_inner_apostrophes() -> None:
    assert words("Don’t STOP -- it's 3 o'clock, 'Ann'!") == ["don't", "stop", "it's", "o'clock", "ann"]


def test_frequencies_are_shares_of_all_words_of_all_lines() -> None:
    assert TINY.frequencies(["Happy, happy day", "bittersweet"]) == [0.75, 0.25]


def test_no_words_give_zeros() -> None:
    assert TINY.frequencies([]) == [0.0, 0.0]
    assert TINY.frequencies(["... 12"]) == [0.0, 0.0]


def test_empath_has_its_194_categories_offline() -> None:
    lexicon = empath_lexicon()
    assert len(lexicon.categories) == 194
    found = dict(zip(lexicon.categories, lexicon.frequencies(["I love you!", "Love."]), strict=True))
    assert found["love"] == pytest.approx(2 / 4)
    assert found["war"] == 0


def test_a_liwc_dictionary_knows_whole_words_and_stems(tmp_path: Path) -> None:
    path = tmp_path / "lab.dic"
    path.write_text(DICTIONARY)
    lexicon = liwc_lexicon(path)
    assert lexicon.categories == ("function (Function Words)", "posemo", "negemo")
    # the: function; happily: posemo by its stem; happen: function, the whole word wins; hate: both; like: posemo.
    assert lexicon.frequencies(["the happily happen hate like"]) == pytest.approx([2 / 5, 3 / 5, 1 / 5])
    assert len(lexicon.sha256) == 64


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_a_liwc_dictionary_may_be_written_as_windows_wrote_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "lab.dic"
    path.write_bytes("%\r\n1\tépée\r\n%\r\ncafé*\t1\r\n".encode(encoding))
    lexicon = liwc_lexicon(path)
    assert lexicon.categories == ("épée",)
    assert lexicon.frequencies(["Cafés", "the end"]) == [pytest.approx(1 / 3)]


def test_a_word_of_several_categories_and_lines_belongs_to_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "lab.dic"
    path.write_text("%\n1 a\n2 b\n3 c\n%\ncry 1 2\ncry 3\ncry* 2\n")
    assert liwc_lexicon(path).frequencies(["cry crying"]) == [0.5, 1.0, 0.5]


def test_the_longest_stem_that_fits_counts(tmp_path: Path) -> None:
    path = tmp_path / "lab.dic"
    path.write_text("%\n1 a\n2 b\n%\nhap* 1\nhappi* 2\n")
    assert liwc_lexicon(path).frequencies(["haps happily"]) == [0.5, 0.5]


def test_counts_name_the_words_that_are_said_most() -> None:
    counts = TINY.count(["happy bittersweet happy", "bittersweet happy sad"])
    joy, pain = counts.categories
    assert (counts.total, joy.words, pain.words) == (6, 5, 2)
    assert (joy.examples, pain.examples) == (("happy", "bittersweet"), ("bittersweet",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("word 1\n", "between two lines"),
        ("%\none joy\n%\n", "line 2"),
        ("%\n1 joy\n1 pain\n%\n", "line 3"),
        ("%\n1 joy\n%\nhappy 2\n", "line 4: category 2 of 'happy'"),
        ("%\n1 joy\n%\nhappy\n", "line 4: expected a word"),
        ("%\n1 joy\n%\n\n1\n", "line 5: expected a word"),
        ("%\n1 joy\n%\nhap*y 1\n", "line 4: 'hap\\*y' has its \\*"),
        ("%\n1 joy\n%\n* 1\n", "line 4"),
        ("%\n%\nhappy 1\n", "no category"),
    ],
)
def test_a_malformed_dictionary_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "lab.dic"
    path.write_text(text)
    with pytest.raises(FormatError, match=message):
        liwc_lexicon(path)


def test_a_missing_dictionary_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"none\.dic"):
        liwc_lexicon(tmp_path / "none.dic")


def test_a_profile_is_the_questionnaire_then_the_frequencies() -> None:
    answers = tuple(number / 7 for number in range(26))
    table = personality_table(["ann", "others"], [answers, None], {0: ["happy"]}, TINY)
    assert table.columns == (*QUESTIONNAIRE_COLUMNS, "word_joy", "word_pain")
    assert table.rows == ((*answers, 1.0, 0.0), (0.0,) * 28)
    assert table.questionnaire_present == (True, False)
    lines = table.as_csv().splitlines()
    assert [float(cell) for cell in lines[0].split(",")] == [*answers, 1.0, 0.0]


@pytest.mark.parametrize("answers", [(1.0,) * 25, (float("nan"),) * 26, (float("inf"),) * 26])
def test_a_questionnaire_needs_26_finite_numbers(answers: tuple[float, ...]) -> None:
    with pytest.raises(ExportError, match="questionnaire of ann"):
        personality_table(["ann"], [answers], {}, TINY)
