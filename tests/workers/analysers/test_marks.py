"""Marks of punctuation have the width of the letters they stand beside."""

from __future__ import annotations

import pytest

from workers.analysers.ocr.marks import fitting_marks


@pytest.mark.parametrize(
    ("read", "fitting"),
    [
        ("不!", "不！"),
        ("好吧,那不是", "好吧，那不是"),
        ("你疯了吗?!快住手!", "你疯了吗？！快住手！"),
        ("他说:“走吧!”", "他说：“走吧！”"),
        ("爸,妈;我回来了", "爸，妈；我回来了"),
        ("(电话铃响)", "（电话铃响）"),
        ("（笑)你好", "（笑）你好"),
        ("你好(Tom)", "你好（Tom）"),
        ("你认识Tom吗? 我不认识", "你认识Tom吗？我不认识"),
        ("是Tom!", "是Tom！"),
        ("Tom:你好", "Tom：你好"),
        ("他在DNA里,Tom没有", "他在DNA里，Tom没有"),
        ("一……二!", "一……二！"),
        ("好.", "好。"),
        ("他说“好.”", "他说“好。”"),
    ],
)
def test_beside_chinese_letters_they_are_wide(read: str, fitting: str) -> None:
    assert fitting_marks(read) == fitting


@pytest.mark.parametrize(
    ("read", "fitting"),
    [
        ("No！", "No!"),
        ("Well，that's it", "Well,that's it"),
        ("What time is it? 3:30 (in the morning).", "What time is it? 3:30 (in the morning)."),
        ("Café? No;  tea, please...", "Café? No;  tea, please..."),
        ("?!", "?!"),
        ("", ""),
        ("！！", "!!"),
    ],
)
def test_without_chinese_letters_they_are_narrow(read: str, fitting: str) -> None:
    assert fitting_marks(read) == fitting


@pytest.mark.parametrize(
    "text",
    [
        "我3:30到的",
        "花了1,000块",
        "他说“Hello, Tom”就走了",
        "他有DNA，Tom没有",
        "约翰.史密斯来了",
        "涨了3.5倍",
        "走吧...",
        "走吧...我们",
        "走吧……",
        "Yes! Let's go, Mister 王 please!",
        "你好 我是谁",
        "好！ 走吧",
        "《红楼梦》、《水浒》",
    ],
)
def test_numbers_words_and_ellipses_among_chinese_letters_stay(text: str) -> None:
    assert fitting_marks(text) == text


@pytest.mark.parametrize("wide", ["我3：30到的", "花了1，000块"])
def test_inside_a_number_a_wide_mark_becomes_narrow(wide: str) -> None:
    assert fitting_marks(wide) == wide.replace("：", ":").replace("，", ",")
