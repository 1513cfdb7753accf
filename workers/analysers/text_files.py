"""Text of unknown encoding, as subtitle files and transcripts come: find the encoding, return the text."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from workers.analysers.errors import AnalysisError

#: Larger than any subtitle file of one episode: a video given by mistake is refused before it is read.
MAX_BYTES: Final = 16 * 1024 * 1024

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Encodings whose letters outside ASCII stand next to each other, without Chinese and Japanese: those have own tests.
_OTHER_DENSE: Final = ["big5", "euc_kr", "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"]
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
#: Mean length of a run of bytes above 127 from which on a text is not Latin: accents stand alone, Chinese does not.
_DENSE_RUN: Final = 2.5
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")


def read_text(path: Path) -> str:
    """Return the text of a file, line ends as `\\n`, without byte-order mark.

    UTF-8 and UTF-16/32 are recognised surely; of the older ones GB18030, Big5, Shift-JIS, EUC and Cyrillic by their
    statistics, and what is left is cp1252, or Latin-1 where cp1252 has a hole. Raises AnalysisError `file_unreadable`,
    `file_empty`, `file_too_large`, `not_text`.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise AnalysisError(
                "file_too_large",
                f"{path.name} is larger than {MAX_BYTES >> 20} MiB: this is no subtitle or transcript.",
            )
        raw = path.read_bytes()
    except OSError as error:
        raise AnalysisError("file_unreadable", f"{path.name} could not be read: {error.strerror or error}.") from error
    if not raw.strip(b"\0 \t\r\n"):
        raise AnalysisError("file_empty", f"{path.name} is empty.")
    text = decode(raw).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(_CONTROL.findall(text)) > len(text) / 200:
        raise AnalysisError("not_text", f"{path.name} is not a text file: it holds control characters.")
    return text


def decode(raw: bytes) -> str:
    """Return the text of `raw` (see `read_text`). Never fails: Latin-1 reads everything."""
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    for likely in (_utf16_without_mark(raw), "utf-8"):
        if likely is not None:
            try:
                return raw.decode(likely)
            except UnicodeDecodeError:
                continue
    mostly_utf8 = raw.decode("utf-8", errors="replace")
    if sum(c > "\x7f" for c in mostly_utf8) > 20 * mostly_utf8.count("\ufffd"):  # UTF-8 with a byte cut off somewhere
        return mostly_utf8
    runs = _HIGH_RUN.findall(raw)
    if sum(map(len, runs)) / len(runs) >= _DENSE_RUN:
        dense = _decode_dense(raw)
        if dense is not None:
            return dense
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _utf16_without_mark(raw: bytes) -> str | None:
    """UTF-16 with Western letters or SRT timecodes has a zero in every second byte; no other text has zeros."""
    sample = raw[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) / 8 or len(raw) % 2:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_dense(raw: bytes) -> str | None:
    """Guessers by statistics fail on texts as short as a subtitle; Chinese and Japanese have tests of their own."""
    if _is_common_chinese(raw):
        return raw.decode("gb18030")
    for encoding in ("shift_jis", "euc_jp"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        kana = sum("\u3040" <= c <= "\u30ff" for c in text)
        if kana > sum(c > "\x7f" for c in text) * 0.3:
            return text
    best = from_bytes(raw, cp_isolation=_OTHER_DENSE, enable_fallback=False).best()
    for encoding in (*([best.encoding] if best else []), "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _is_common_chinese(raw: bytes) -> bool:
    """Nine of ten signs are punctuation or level 1 hanzi of GB2312 (first byte 0xB0 to 0xD7, both bytes high).

    Korean (EUC-KR) fills 0xB0 to 0xC8 alone, where Chinese has many signs from 0xC9 on, and
    it uses ASCII punctuation, where Chinese has its own.
    """
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    signs = [c.encode("gb18030") for c in text if c > "\x7f"]
    hanzi = [s for s in signs if len(s) == 2 and 0xB0 <= s[0] <= 0xD7 and s[1] >= 0xA1]
    marks = [s for s in signs if len(s) == 2 and 0xA1 <= s[0] <= 0xA3]
    late = sum(s[0] >= 0xC9 for s in hanzi)
    return bool(hanzi) and len(hanzi) + len(marks) >= 0.9 * len(signs) and (bool(marks) or late >= 0.1 * len(hanzi))
