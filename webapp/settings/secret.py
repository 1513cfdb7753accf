"""The secret key of an embedded installation: made once, kept beside its data."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret(data: Path) -> str:
    """Return AFFECTORY_SECRET_KEY, or the key kept in the data folder, made on first use for its owner's eyes."""
    if given := os.environ.get("AFFECTORY_SECRET_KEY", "").strip():
        return given
    path = data / "secret_key"
    data.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()
