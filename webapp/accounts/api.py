"""The session: who is logged in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts.keys import wrong_keys
from webapp.accounts.models import User
from webapp.api.errors import ErrorSerializer


class IsAdmin(BasePermission):
    """Admins of the installation."""

    message = "Only admins may do this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user.is_authenticated and request.user.is_staff)


class BadCredentials(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "bad_credentials"
    default_detail = "This user name and password do not belong together."


class KeysField(serializers.DictField):
    """Command id -> keys, for the commands whose keys somebody has changed."""

    child = serializers.ListField(child=serializers.CharField(allow_blank=True, trim_whitespace=False))

    def to_internal_value(self, data: Any) -> dict[str, list[str]]:
        keys: dict[str, list[str]] = super().to_internal_value(data)
        if wrong := wrong_keys(keys):
            raise serializers.ValidationError(wrong)
        return keys


class UserSerializer(serializers.ModelSerializer[User]):
    full_name = serializers.CharField(read_only=True)
    is_admin = serializers.BooleanField(source="is_staff", read_only=True)
    keys = KeysField(read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "full_name", "language", "is_admin", "keys"]
        read_only_fields = ["username"]


class SessionSerializer(serializers.Serializer[Any]):
    user = serializers.SerializerMethodField()
    csrf_token = serializers.CharField()

    @extend_schema_field(UserSerializer(allow_null=True))
    def get_user(self, session: dict[str, Any]) -> Any:
        return UserSerializer(session["user"]).data if session["user"] else None


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False, style={"input_type": "password"})


class PreferencesSerializer(serializers.ModelSerializer[User]):
    keys = KeysField(help_text="All of them: commands that are not named have the keys they come with.")

    class Meta:
        model = User
        fields = ["language", "keys"]


@method_decorator(csrf_protect, name="dispatch")  # somebody who is not logged in yet is protected too
class SessionView(APIView):
    permission_classes = [AllowAny]

    def _session(self, request: Request) -> Response:
        user = request.user if request.user.is_authenticated else None
        return Response(SessionSerializer({"user": user, "csrf_token": get_token(request._request)}).data)

    @extend_schema(operation_id="session_retrieve", responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        """Who is logged in; sets the CSRF cookie."""
        return self._session(request)

    @extend_schema(
        operation_id="session_create",
        request=CredentialsSerializer,
        responses={200: SessionSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Log in."""
        form = CredentialsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = authenticate(request._request, **form.validated_data)
        if user is None:
            raise BadCredentials
        login(request._request, user)
        request.user = user
        return self._session(request)

    @extend_schema(operation_id="session_destroy", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Log out."""
        logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(operation_id="session_partial_update", request=PreferencesSerializer, responses=UserSerializer)
    def patch(self, request: Request) -> Response:
        """Choose the language, or one's own keys."""
        user = request.user
        if not isinstance(user, User):
            raise NotAuthenticated
        form = PreferencesSerializer(user, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        form.save()
        return Response(UserSerializer(user).data)
