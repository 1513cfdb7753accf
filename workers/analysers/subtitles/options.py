"""What may be chosen about reading burned-in subtitles."""

from __future__ import annotations

from dataclasses import dataclass

from workers.analysers.errors import AnalysisError


@dataclass(frozen=True, slots=True)
class Options:
    languages: tuple[str, ...] = ("en",)
    """ISO 639-1 codes of the subtitles' languages."""
    engine: str = "auto"
    """A reader's name (`rapidocr`, `easyocr`), or `auto`."""
    lower_area: float = 0.38
    """This share of the picture's height, from the bottom, is looked at for subtitles."""
    upper_area: float = 0.2
    """And this share from the top."""
    min_confidence: float = 0.6
    """Rows that the reader is less sure of are no text."""
    same_text_ratio: float = 0.8
    """Levenshtein ratio from which on two readings of the same letters are one line."""

    def check(self) -> None:
        """Raise AnalysisError `options_invalid` for areas that overlap or are empty."""
        if not (self.lower_area > 0 and self.upper_area >= 0 and self.lower_area + self.upper_area <= 1):
            raise AnalysisError(
                "options_invalid",
                "lower_area must be above 0, upper_area 0 or more, and together they must not exceed 1.",
            )
