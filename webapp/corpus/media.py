"""Media for people who are logged in: files with byte ranges, or a word to the reverse proxy to send them."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.http import http_date, parse_http_date_safe

from webapp.corpus.storage import S3Storage, media_storage

CHUNK = 256 * 1024
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)


def send(request: HttpRequest, name: str, *, download_as: str = "") -> HttpResponseBase:
    """Return a file of the media storage; `name` comes from the database, never from the request.

    Behind a reverse proxy (settings.MEDIA_ACCEL) only a header is returned, and the proxy sends the bytes; of an S3
    store only a signed address, and the store sends them.
    """
    if not name:
        raise Http404("There is no such file.")
    storage = media_storage()
    if isinstance(storage, S3Storage):
        return _described(HttpResponseRedirect(storage.signed_url(name, download_as)), "")
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if settings.MEDIA_ACCEL:
        accelerated = HttpResponse(content_type=content_type)
        accelerated["X-Accel-Redirect"] = settings.MEDIA_ACCEL + quote(name)
        return _described(accelerated, download_as)
    path = storage.path(name)
    if not path.is_file():
        raise Http404("The file is not there any more.")
    return _described(_ranged(request, path, content_type), download_as)


def _described(response: HttpResponseBase, download_as: str) -> HttpResponseBase:
    response["Cache-Control"] = "private, max-age=3600"
    if download_as:
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(download_as, safe='')}"
    return response


def _ranged(request: HttpRequest, path: Path, content_type: str) -> HttpResponseBase:
    """Return the whole file, the one range asked for (206), or 416 for a range outside of the file (RFC 9110, 14)."""
    facts = path.stat()
    size, changed = facts.st_size, int(facts.st_mtime)
    if_range = request.headers.get("If-Range")
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or asked.groups() == ("", "") or (if_range and parse_http_date_safe(if_range) != changed):
        response: HttpResponseBase = FileResponse(path.open("rb"), content_type=content_type)
    else:
        first, last = _limits(*asked.groups(), size=size)
        if first > last or first >= size:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
            return response
        response = StreamingHttpResponse(_part(path, first, last), status=206, content_type=content_type)
        response["Content-Length"] = str(last - first + 1)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["Last-Modified"] = http_date(changed)
    return response


def _limits(first: str, last: str, *, size: int) -> tuple[int, int]:
    if not first:  # the last N bytes
        return max(0, size - int(last)), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1


def _part(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:  # opened when it is read: an answer nobody reads leaves no file open
        file.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
