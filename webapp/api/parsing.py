"""Request bodies: JSON in UTF-8 (RFC 8259), of a size and depth that people send."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, Never

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

LARGEST_BODY = 1024 * 1024


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = f"A request has at most {LARGEST_BODY} bytes."


class JsonParser(BaseParser):
    """Refuses what the usual parser lets through or dies of: endless bodies, thousands of brackets, NaN."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        content = stream.read(LARGEST_BODY + 1)
        if len(content) > LARGEST_BODY:
            raise TooLarge
        try:
            return json.loads(content.decode("utf-8"), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise ParseError("The request is not JSON that can be read.") from error


def _no_number(name: str) -> Never:
    raise ValueError(f"{name} is no number")
