"""Encodings: what a lab's subtitle files and transcripts come in."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.analysers.errors import AnalysisError
from workers.analysers.text_files import MAX_BYTES, decode, read_text

CHINESE = "我真高兴，没有问题。没关系的，其实我在招聘委员会里。"
FRENCH = "Ça, c’est déjà très naïf, garçon. Où êtes-vous ?"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"), (CHINESE, "utf-8-sig"), (CHINESE, "utf-16"), (CHINESE, "gb18030"), (CHINESE, "utf-32"),
        ("是的。", "gb18030"), ("Rachel：你好！", "gb18030"), ("我真高興，沒有問題。", "big5"),
        (FRENCH, "cp1252"), ("Schöne Grüße aus Köln", "latin-1"), ("¿Qué? ¡Sí, señor!", "latin-1"),
        ("とても嬉しいです。問題ありません。", "shift_jis"), ("とても嬉しいです。", "euc_jp"),
        ("Я так рада, что нет проблем. Как дела?", "cp1251"), ("정말 기뻐요. 문제 없어요.", "euc_kr"),
        ("Plain words.", "ascii"), ("Plain words.", "utf-16-le"), ("Plain words.", "utf-16-be"),
    ],
)  # fmt: skip
def test_text_comes_back_from_its_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).lstrip("\ufeff") == text


def test_a_hole_of_cp1252_is_read_as_latin_1() -> None:
    assert decode(b"caf\xe9 \x81") == "caf\xe9 \x81"


def test_utf_8_with_one_broken_byte_stays_utf_8() -> None:
    assert decode((CHINESE * 3).encode() + b"\xe6\x88") == CHINESE * 3 + "\ufffd"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe"), min_size=1))
def test_utf_8_and_utf_16_with_mark_always_come_back(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode()) == text
    assert decode(text.encode("utf-16")) == text


@given(st.binary(max_size=200))
def test_no_bytes_break_the_decoder(raw: bytes) -> None:
    decode(raw)


def test_line_ends_become_one_kind(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a\r\nb\rc\n")
    assert read_text(tmp_path / "a.txt") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file_empty"), (b" \r\n", "file_empty"), (bytes(range(256)) * 40, "not_text"), (None, "file_unreadable")],
    ids=["empty", "blank", "binary", "missing"],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "a.srt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AnalysisError) as refused:
        read_text(path)
    assert refused.value.code == code
    assert "a.srt" in refused.value.message


def test_a_video_given_by_mistake_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "a.mp4").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(AnalysisError, match="larger") as refused:
        read_text(tmp_path / "a.mp4")
    assert refused.value.code == "file_too_large"
