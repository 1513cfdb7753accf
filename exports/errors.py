"""What can go wrong with an export, in words its user understands."""

from __future__ import annotations


class ExportError(Exception):
    """A release cannot be built, or is not what it says: the message names what, where and what to do."""

    code = "export_refused"
    """For programs, stable."""

    @property
    def message(self) -> str:
        return str(self)


class FormatError(ExportError):
    """A file of a release, or one that a release is made of, does not hold what its format asks for."""

    code = "bad_export_file"
