"""A release as one zip file whose bytes depend on the release alone."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from exports.errors import ExportError

#: The earliest time a zip file can hold: every entry has it, so that two zips of one release are equal.
_TIME: Final = (1980, 1, 1, 0, 0, 0)


def write_zip(release: Path, target: Path) -> None:
    """Pack a release folder under its own name. The file appears complete or not at all.

    Raises ExportError if `release` is no folder or `target` exists.
    """
    if not release.is_dir():
        raise ExportError(f"{release} is no folder")
    if target.exists():
        raise ExportError(f"{target} exists already: choose another name or remove it")
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w") as archive:
            for path in sorted(path for path in release.rglob("*") if path.is_file()):
                entry = zipfile.ZipInfo(f"{release.name}/{path.relative_to(release).as_posix()}", _TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                entry.create_system = 3  # Unix, on every machine
                with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as packed:
                    shutil.copyfileobj(source, packed, 1 << 20)
        partial.chmod(0o644)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
