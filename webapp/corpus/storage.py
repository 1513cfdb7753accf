"""Where media are kept: a folder that all machines see, or an S3-compatible store with a cache on each machine.

Names are relative paths with forward slashes (`episodes/ab12/proxy-34/proxy.mp4`). What is stored under a name never
changes. Work goes on in `root`, a local folder; `publish` puts what was made where everybody sees it.
"""

from __future__ import annotations

import mimetypes
import os
import shutil
import time
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

#: A cached file that was used so lately may be open: it is not thrown away.
IN_USE_SECONDS = 6 * 3600.0


class MediaStorage(Protocol):
    """What workers need; the web process sends a `LocalStorage`'s files itself and others by `signed_url`."""

    root: Path

    def path(self, name: str) -> Path:
        """Return a local path of a stored file. Raises FileNotFoundError."""

    def published(self, name: str, attempt: int) -> str:
        """Return the name under which `publish` puts the folder of a job's attempt."""

    def publish(self, folder: Path, name: str) -> None:
        """Move a folder of `root` to a name, in place of what is there."""

    def put(self, file: Path, name: str) -> None:
        """Move a file of `root` to a name."""

    def remove(self, name: str, *, attempts_up_to: int | None = None) -> None:
        """Remove a file or folder; with `attempts_up_to` what those attempts of a job published under `name`."""


class LocalStorage:
    """A folder that every machine sees: nothing is ever copied."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        return self.root / name

    def published(self, name: str, attempt: int) -> str:
        return name  # a rename is one step: an attempt that lost its job cannot be in the middle of it

    def publish(self, folder: Path, name: str) -> None:
        final = self.root / name
        if final.exists():  # an attempt that was killed between here and its commit
            shutil.rmtree(final)
        folder.rename(final)

    def put(self, file: Path, name: str) -> None:
        final = self.root / name
        final.parent.mkdir(parents=True, exist_ok=True)
        file.rename(final)

    def remove(self, name: str, *, attempts_up_to: int | None = None) -> None:
        path = self.root / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


class S3Storage:
    """A bucket; `root` holds what is being made, and copies of what was used lately.

    Uploads are many steps, so each attempt has a name of its own: one that lost its job writes over nobody's files.
    """

    def __init__(self, options: dict[str, Any], root: Path, cache_bytes: int) -> None:
        from storages.backends.s3 import S3Storage as Backend

        public = options.pop("public_endpoint", None)
        self._backend = Backend(**options)
        self._signer = Backend(**options | {"endpoint_url": public}) if public else self._backend
        self._bucket = self._backend.bucket
        self._cache_bytes = cache_bytes
        self.root = root

    def path(self, name: str) -> Path:
        cached = self.root / name
        if cached.is_file():
            os.utime(cached)
            return cached
        self._make_room()
        cached.parent.mkdir(parents=True, exist_ok=True)
        coming = cached.with_name(f".{uuid.uuid4().hex}.part")
        try:
            self._bucket.download_file(name, str(coming))
            coming.replace(cached)
        except Exception as error:
            if getattr(error, "response", {}).get("Error", {}).get("Code") in ("404", "NoSuchKey"):
                raise FileNotFoundError(f"{name} is not in the media storage.") from error
            raise
        finally:
            coming.unlink(missing_ok=True)
        return cached

    def published(self, name: str, attempt: int) -> str:
        return f"{name}-{attempt}"

    def publish(self, folder: Path, name: str) -> None:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            self._upload(file, f"{name}/{file.relative_to(folder).as_posix()}")
        cached = self.root / name
        shutil.rmtree(cached, ignore_errors=True)
        folder.rename(cached)  # the next step wants it, likely on this machine

    def put(self, file: Path, name: str) -> None:
        self._upload(file, name)
        cached = self.root / name
        cached.parent.mkdir(parents=True, exist_ok=True)
        file.replace(cached)

    def remove(self, name: str, *, attempts_up_to: int | None = None) -> None:
        names = [name] if attempts_up_to is None else [f"{name}-{number}" for number in range(1, attempts_up_to + 1)]
        for one in names:
            self._bucket.objects.filter(Prefix=f"{one}/").delete()
            if attempts_up_to is None:
                self._bucket.Object(one).delete()
            LocalStorage(self.root).remove(one)

    def signed_url(self, name: str, download_as: str) -> str:
        """Return an address that shows this one file for a while, to whoever has it."""
        parameters = {"ResponseContentDisposition": f'attachment; filename="{download_as}"'} if download_as else {}
        return str(self._signer.url(name, parameters=parameters))

    def _upload(self, file: Path, name: str) -> None:
        content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._bucket.upload_file(str(file), name, ExtraArgs={"ContentType": content_type})

    def _make_room(self) -> None:
        """Throw away the copies that were used longest ago, until the cache is within its limit."""
        facts = [(path.stat(), path) for path in self.root.rglob("*") if path.is_file()]
        too_much = sum(fact.st_size for fact, _ in facts) - self._cache_bytes
        for fact, path in sorted(facts, key=lambda pair: pair[0].st_mtime):
            if too_much <= 0 or time.time() - fact.st_mtime < IN_USE_SECONDS:
                return
            path.unlink(missing_ok=True)
            too_much -= fact.st_size


@lru_cache(maxsize=4)
def _s3(root: Path) -> S3Storage:
    return S3Storage(dict(settings.MEDIA_STORAGE), root, settings.MEDIA_CACHE_GB * 10**9)


def media_storage() -> LocalStorage | S3Storage:
    """Return the storage that settings.MEDIA_STORAGE names; an empty one is the folder settings.MEDIA_ROOT itself."""
    root = Path(settings.MEDIA_ROOT)
    return _s3(root) if settings.MEDIA_STORAGE else LocalStorage(root)
