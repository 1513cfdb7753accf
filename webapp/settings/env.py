"""Typed readers of environment variables: each stops at start-up and names the variable if its value cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or the default; without a default it must be set."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} must be set; see docs/install.md.")
    return value


def flag(name: str, default: bool) -> bool:
    """Return True for 1/true/yes/on, False for 0/false/no/off."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return value in ("1", "true", "yes", "on") if value else default
    raise ImproperlyConfigured(f"The environment variable {name} is {value!r}, but must be true or false.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number of at least `least`."""
    value = os.environ.get(name, "").strip() or str(default)
    try:
        parsed = int(value)
    except ValueError:
        parsed = least - 1
    if parsed < least:
        raise ImproperlyConfigured(
            f"The environment variable {name} is {value!r}, but must be a whole number >= {least}."
        )
    return parsed


def numbers(name: str, default: tuple[int, ...], *, least: int = 0) -> tuple[int, ...]:
    """Return comma-separated whole numbers of at least `least`; at least one."""
    given = names(name) or [str(number) for number in default]
    if not all(part.isdecimal() and int(part) >= least for part in given):
        raise ImproperlyConfigured(
            f"The environment variable {name} is {','.join(given)!r}, but must be whole numbers >= {least}, "
            "separated by commas."
        )
    return tuple(int(part) for part in given)


def names(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return a comma-separated list."""
    value = os.environ.get(name, "").strip()
    return [part.strip() for part in value.split(",") if part.strip()] if value else list(default)


def folder(name: str, default: Path) -> Path:
    """Return an absolute folder path; it is made when it is first written to."""
    value = os.environ.get(name, "").strip()
    path = Path(value).expanduser().resolve() if value else default
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(f"The environment variable {name} names {path}, which is not a folder.")
    return path


def file(name: str) -> Path | None:
    """Return a file that is there, or None for an empty variable."""
    value = os.environ.get(name, "").strip()
    if not value:
        return None
    path = Path(value).expanduser().resolve()
    if not path.is_file():
        raise ImproperlyConfigured(f"The environment variable {name} is {value!r}, but there is no such file.")
    return path
