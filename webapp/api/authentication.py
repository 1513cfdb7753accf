"""Session log-in for the API; somebody who is not logged in gets a 401, not a 403."""

from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.request import Request


class SessionAuthentication(DrfSessionAuthentication):
    def authenticate_header(self, request: Request) -> str:
        return "Session"


# drf-spectacular finds extensions by their import.
from drf_spectacular.authentication import SessionScheme  # noqa: E402


class SessionScheme401(SessionScheme):
    target_class = "webapp.api.authentication.SessionAuthentication"
