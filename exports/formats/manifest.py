"""The manifest of a release: what it was made of and with, and the hash of every file. Writer, reader, check.

`manifest.json` stands at the top of the release and does not list itself; the SHA-256 of its bytes names the release.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from exports.errors import FormatError

NAME: Final = "manifest.json"
FORMAT: Final = "affectory-release"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class FileEntry:
    path: str
    """Relative to the release, with `/`."""
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    options: dict[str, Any]
    snapshot_sha256: str
    counts: dict[str, int]
    sources: dict[str, str]
    """Episode id -> its feature file, relative to the release."""
    software: dict[str, str]
    files: tuple[FileEntry, ...]
    sha256: str = ""
    """Of the manifest file itself; filled by the reader."""


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def list_files(release: Path) -> tuple[FileEntry, ...]:
    """Return every file of a release but its manifest, by path, with size and hash."""
    return tuple(
        FileEntry(path.relative_to(release).as_posix(), path.stat().st_size, file_sha256(path))
        for path in _files(release)
        if path != release / NAME
    )


def write_manifest(release: Path, manifest: Manifest) -> str:
    """Write `manifest.json` and return its SHA-256: the name of the release."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "options": manifest.options,
        "snapshot_sha256": manifest.snapshot_sha256,
        "counts": manifest.counts,
        "sources": manifest.sources,
        "software": manifest.software,
        "files": [{"path": entry.path, "size": entry.size, "sha256": entry.sha256} for entry in manifest.files],
    }
    data = (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
    (release / NAME).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def read_manifest(release: Path) -> Manifest:
    """Read a release's manifest. Raises FormatError where it is missing or malformed."""
    path = release / NAME
    try:
        data = path.read_bytes()
        document = json.loads(data)
        if document["format"] != FORMAT or document["version"] != VERSION:
            raise FormatError(f"{path} is {document['format']} {document['version']}, expected {FORMAT} {VERSION}")
        return Manifest(
            options=dict(document["options"]),
            snapshot_sha256=str(document["snapshot_sha256"]),
            counts=dict(document["counts"]),
            sources=dict(document["sources"]),
            software=dict(document["software"]),
            files=tuple(FileEntry(e["path"], int(e["size"]), e["sha256"]) for e in document["files"]),
            sha256=hashlib.sha256(data).hexdigest(),
        )
    except OSError as error:
        raise FormatError(f"{release} is no release: {NAME} cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{path} is no release manifest: {error!r}") from error


def check_files(release: Path, manifest: Manifest) -> None:
    """Raise FormatError naming the first file that is missing, changed, or not listed."""
    listed = {entry.path: entry for entry in manifest.files}
    found = {path.relative_to(release).as_posix(): path for path in _files(release)}
    if missing := sorted(set(listed) - set(found)):
        raise FormatError(f"{release} is incomplete: {missing[0]} is missing ({len(missing)} files in all)")
    if extra := sorted(set(found) - set(listed) - {NAME}):
        raise FormatError(f"{release} holds {extra[0]}, which its manifest does not list ({len(extra)} files in all)")
    for name, entry in listed.items():
        if found[name].stat().st_size != entry.size or file_sha256(found[name]) != entry.sha256:
            raise FormatError(f"{release}: {name} is not what the manifest lists: it was changed or damaged")


def _files(release: Path) -> Iterator[Path]:
    return iter(sorted(path for path in release.rglob("*") if path.is_file()))
