"""Failures before or behind the API's own error handler, in the same shape."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from webapp.api.errors import body


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    """The form's token is missing or old: cookies are off, or the page was open since before a log-out."""
    return JsonResponse(body("csrf_failed", f"Reload the page and try again. ({reason})"), status=403)


def server_error(request: HttpRequest) -> JsonResponse:
    """Something broke that is nobody's input's fault; the log has the traceback."""
    return JsonResponse(
        body("server_error", "Something broke on the server; what you sent was not stored."), status=500
    )
