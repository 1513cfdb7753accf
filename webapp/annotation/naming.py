"""What clips are called in files."""

from __future__ import annotations

import re


def clip_name(series: str, title: str, start_ms: int) -> str:
    """Return a clip's name in files: letters, digits, `_` and `-` alone."""
    words = re.sub(r"[^0-9A-Za-z]+", "-", f"{series} {title}").strip("-").lower() or "clip"
    return f"{words}_{start_ms:08d}"
