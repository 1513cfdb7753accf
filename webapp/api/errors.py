"""One shape for every error: `{"code", "message", "fields"}`, with a true status.

400 malformed, 401 not logged in, 403 not allowed, 404 not visible, 409 somebody was faster, 422 against the protocol.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from webapp.annotation.rules import LeaseLost, RuleError


class ErrorSerializer(serializers.Serializer[Any]):
    """What every failed request returns."""

    code = serializers.CharField(help_text="Stable, for programs.")
    message = serializers.CharField(help_text="For people.")
    fields = serializers.DictField(  # type: ignore[assignment]  # the wire name; shadows DRF's attribute on purpose
        child=serializers.ListField(child=serializers.CharField())
    )


def body(code: str, message: str, fields: dict[str, list[str]] | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "fields": fields or {}}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception of a view into the error shape; None lets Django make a 500 of it."""
    if isinstance(error, RuleError):
        code = status.HTTP_409_CONFLICT if isinstance(error, LeaseLost) else status.HTTP_422_UNPROCESSABLE_ENTITY
        _roll_back()
        return Response(body(error.code, error.message, error.fields), status=code)
    if isinstance(error, Http404):
        error = exceptions.NotFound("There is nothing here that you can see.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    if isinstance(error, exceptions.ValidationError):
        fields = _flat(error.detail)
        response.data = body("invalid", "Some of what was sent cannot be used.", fields)
    else:
        detail = error.detail
        text = str(detail.get("detail", detail)) if isinstance(detail, dict) else str(detail)
        codes = error.get_codes()
        response.data = body(codes if isinstance(codes, str) else error.default_code, text)
    return response


def _roll_back() -> None:
    from rest_framework.views import set_rollback

    set_rollback()


def _flat(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Return nested validation messages as dotted field names."""
    if isinstance(detail, dict):
        merged: dict[str, list[str]] = {}
        for name, inner in detail.items():
            merged.update(_flat(inner, f"{prefix}.{name}" if prefix else str(name)))
        return merged
    if isinstance(detail, list) and detail and isinstance(detail[0], dict):
        merged = {}
        for position, inner in enumerate(detail):
            merged.update(_flat(inner, f"{prefix}[{position}]"))
        return merged
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix or "request": [str(message) for message in messages]}
