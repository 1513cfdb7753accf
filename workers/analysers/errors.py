"""The one exception that every analyser raises for input it cannot use."""

from __future__ import annotations


class AnalysisError(Exception):
    """Analysis is not possible, in words its user understands.

    `code` is stable and for programs (`not_a_video`); `message` says what is wrong, where, and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[AnalysisError], tuple[str, str]]:
        return AnalysisError, (self.code, self.message)  # it crosses processes
