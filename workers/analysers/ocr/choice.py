"""Which engine reads which languages here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from workers.analysers.errors import AnalysisError
from workers.analysers.ocr import easy, rapid
from workers.analysers.ocr.reader import TextReader


@dataclass(frozen=True, slots=True)
class Engine:
    """`missing(languages)` says what keeps it from reading them, "" if nothing; `make` loads its networks."""

    missing: Callable[[frozenset[str]], str]
    make: Callable[[frozenset[str]], TextReader]


def _rapid_missing(languages: frozenset[str]) -> str:
    unknown = sorted(languages - rapid.LANGUAGES)
    return f"RapidOCR's carried networks do not read {', '.join(unknown)}" if unknown else rapid.missing()


#: In the order they are tried: on a strip of subtitles RapidOCR is several times faster and makes fewer mistakes.
ENGINES: Final[dict[str, Engine]] = {
    "rapidocr": Engine(_rapid_missing, lambda _languages: rapid.RapidReader()),
    "easyocr": Engine(easy.missing, easy.EasyReader),
}


def choose_reader(languages: Iterable[str], engine: str = "auto") -> TextReader:
    """Return a reader for all of `languages` (ISO 639-1 codes such as "en", "zh"), loaded once for the process.

    `engine` is a name of ENGINES, or "auto" for the first that can. Raises what `find_engine` raises.
    """
    wanted = frozenset(languages)
    return _loaded(find_engine(wanted, engine), wanted)


def find_engine(languages: Iterable[str], engine: str = "auto") -> str:
    """Return the name of the engine that `choose_reader` would load. Raises AnalysisError `ocr_engine_unknown`,
    `ocr_languages_missing` (none given) or `ocr_reader_missing`, which says for each engine what it lacks."""
    wanted = frozenset(languages)
    if not wanted:
        raise AnalysisError(
            "ocr_languages_missing", "No language to read was given: name at least one, for example en."
        )
    if engine != "auto" and engine not in ENGINES:
        raise AnalysisError(
            "ocr_engine_unknown", f"There is no text reader {engine!r}: choose {', '.join(ENGINES)} or auto."
        )
    reasons: list[str] = []
    for name in ENGINES if engine == "auto" else (engine,):
        reason = ENGINES[name].missing(wanted)
        if not reason:
            return name
        reasons.append(f"{name}: {reason}")
    raise AnalysisError(
        "ocr_reader_missing", f"No text reader for {', '.join(sorted(wanted))} is installed. {'; '.join(reasons)}."
    )


@cache
def _loaded(engine: str, languages: frozenset[str]) -> TextReader:
    return ENGINES[engine].make(languages)
