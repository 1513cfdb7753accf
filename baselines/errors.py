"""What can go wrong with data and runs; every message says what, where and what to do."""

from __future__ import annotations

from exports.errors import FormatError


class DataError(FormatError):
    """The data can be read, but nothing can be learned from them."""


class RunError(Exception):
    """A run cannot be started or read."""
