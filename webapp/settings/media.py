"""Reads AFFECTORY_MEDIA_STORAGE: where media are kept when not in a local folder."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

NAME = "AFFECTORY_MEDIA_STORAGE"
#: How long a signed address works: longer than an episode is watched in one go.
SIGNED_SECONDS = 6 * 3600
_OPTIONS = {"endpoint": "endpoint_url", "public": "public_endpoint", "region": "region_name"}


def storage_options(url: str) -> dict[str, Any]:
    """Return django-storages' options for `s3://bucket?endpoint=…&public=…&region=…`; none for an empty URL.

    The keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from wherever boto3 finds them. Raises
    ImproperlyConfigured.
    """
    if not url:
        return {}
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.netloc or parts.path.strip("/") or not given.keys() <= _OPTIONS.keys():
        raise ImproperlyConfigured(
            f"The environment variable {NAME} is {url!r}, but must be empty or "
            "s3://bucket?endpoint=https://host&public=https://host&region=name (all three optional)."
        )
    return {
        "bucket_name": parts.netloc,
        "querystring_expire": SIGNED_SECONDS,
        "signature_version": "s3v4",
        # a bucket as part of the path works with every server, one as part of the host name with some
        "addressing_style": "path" if "endpoint" in given else "auto",
        **{_OPTIONS[name]: value for name, value in given.items()},
    }
