"""Projects and turns over HTTP: translate, decide nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.request import Request
from rest_framework.response import Response

from exports.emotions import REASONS, STATUSES, WHEEL
from webapp.accounts.api import IsAdmin
from webapp.accounts.models import User
from webapp.annotation.api.detail import assignment_detail
from webapp.annotation.api.serializers import (
    AssignmentDetailSerializer,
    MomentChangeSerializer,
    MomentSerializer,
    NewMomentSerializer,
    NewStateSerializer,
    NextSerializer,
    ProjectSerializer,
    ProjectSettingsSerializer,
    RenewedSerializer,
    StateSerializer,
    VocabularySerializer,
)
from webapp.annotation.api.watching import NewWatchedSerializer, WatchedSerializer
from webapp.annotation.models import Assignment, Moment, MomentEvent, Project
from webapp.annotation.queries import progress_of, work_of
from webapp.annotation.services import finishing, moments, states, suggesting, turns
from webapp.annotation.services.projects import allow_context, ask_for_answers, decide_moments
from webapp.annotation.services.watching import note_watched
from webapp.api.errors import ErrorSerializer
from webapp.api.pagination import ID

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MOMENT_SETTINGS = ("moment_time", "unwatched", "moment_tolerance_ms")
LOST = {409: ErrorSerializer, 422: ErrorSerializer}


@extend_schema(responses=VocabularySerializer)
@api_view(["GET"])
def vocabulary(request: Request) -> Response:
    """The labels of the protocol."""
    primaries = [{"name": name, "fine_grained": fines} for name, fines in WHEEL.items()]
    return Response(VocabularySerializer({"primaries": primaries, "statuses": STATUSES, "reasons": REASONS}).data)


def viewer(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


def project_items(projects: list[Project], user: User) -> list[Project]:
    """Return projects with role, progress and the user's work on them, in a fixed number of queries."""
    progress = progress_of(projects)
    work = work_of(user, projects, timezone.now())
    role = "admin" if user.is_staff else "annotator"
    for project in projects:
        mine = work[project.pk]
        vars(project).update(role=role, progress=progress[project.pk], mine=mine.kinds, training=mine.training)
    return projects


class ProjectViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Project]):
    """The projects somebody works on."""

    serializer_class = ProjectSerializer
    queryset = Project.objects.none()
    lookup_value_regex = ID

    def get_queryset(self) -> QuerySet[Project]:
        return Project.objects.visible_to(viewer(self.request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(ProjectSerializer(project_items(page, viewer(request)), many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(ProjectSerializer(project_items([self.get_object()], viewer(request))[0]).data)

    @extend_schema(responses=ProjectSettingsSerializer)
    @action(detail=True, methods=["get"], url_path="settings", permission_classes=[IsAdmin])
    def decided(self, request: Request, pk: str | None = None) -> Response:
        """What admins decided about the project."""
        return _settings(self.get_object())

    @extend_schema(request=ProjectSettingsSerializer, responses=ProjectSettingsSerializer)
    @decided.mapping.patch
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """Decide what annotators may see beside a clip, and how moments are marked."""
        project = self.get_object()
        form = ProjectSettingsSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        if "shows_suggestions" in form.validated_data:
            suggesting.show_suggestions(project=project, shown=form.validated_data["shows_suggestions"])
        if "hardest_first" in form.validated_data:
            suggesting.give_hardest_first(project=project, first=form.validated_data["hardest_first"])
        about_moments = {name: form.validated_data[name] for name in MOMENT_SETTINGS if name in form.validated_data}
        if about_moments:
            decide_moments(project=project, **about_moments)
        if "context_ms" in form.validated_data:
            allow_context(project=project, context_ms=form.validated_data["context_ms"])
        if "answers_per_clip" in form.validated_data:
            ask_for_answers(project=project, answers_per_clip=form.validated_data["answers_per_clip"])
        return _settings(project)

    @extend_schema(request=NextSerializer, responses={200: AssignmentDetailSerializer, 204: None})
    @action(detail=True, methods=["post"])
    def next(self, request: Request, pk: str | None = None) -> Response:
        """The turn this user holds, else a new one; 204 when nothing is left."""
        form = NextSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        turn = turns.take_next(project=self.get_object(), user=viewer(request), kind=form.validated_data["kind"])
        if turn is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return _detail(Assignment.objects.with_work().get(pk=turn.pk))


def _settings(project: Project) -> Response:
    newest = suggesting.prelabelling_jobs(project).order_by("-pk").first() if project.prelabeller else None
    vars(project).update(
        prelabelling=newest.status if newest else None,
        prelabelling_error=newest.error if newest else "",
        moment_time_is_fixed=project.clips.exists(),
    )
    return Response(ProjectSettingsSerializer(project).data)


def _detail(assignment: Assignment) -> Response:
    return Response(AssignmentDetailSerializer(assignment_detail(assignment)).data)


class AssignmentViewSet(viewsets.GenericViewSet[Assignment]):
    """One's own turns; those of others are a 404."""

    serializer_class = AssignmentDetailSerializer
    queryset = Assignment.objects.none()
    lookup_value_regex = ID

    def get_queryset(self) -> QuerySet[Assignment]:
        """A turn of a project one was taken off is not visible any more; what was said in it stays."""
        user = viewer(self.request)
        return Assignment.objects.of(user).filter(task__project__in=Project.objects.visible_to(user)).with_work()

    def retrieve(self, request: Request, pk: str | None = None) -> Response:
        return _detail(self.get_object())

    @extend_schema(request=NewMomentSerializer, responses={201: MomentSerializer, **LOST})
    @action(detail=True, methods=["post"])
    def moments(self, request: Request, pk: str | None = None) -> Response:
        """Record a moment; sending it twice is one moment."""
        form = NewMomentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        moment = moments.record_moment(assignment=self.get_object(), **form.validated_data)
        return Response(MomentSerializer(moment).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=NewWatchedSerializer, responses={200: WatchedSerializer, **LOST})
    @action(detail=True, methods=["post"])
    def watched(self, request: Request, pk: str | None = None) -> Response:
        """Say what was seen of the episode; it is added to what is known."""
        form = NewWatchedSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(WatchedSerializer(note_watched(assignment=self.get_object(), **form.validated_data)).data)

    @extend_schema(request=MomentChangeSerializer, responses={200: MomentSerializer, **LOST})
    @action(detail=True, methods=["post"], url_path=rf"moments/(?P<moment_id>{UUID})/remove")
    def remove_moment(self, request: Request, pk: str | None = None, moment_id: str = "") -> Response:
        """Take a moment back."""
        return self._change(request, moment_id, MomentEvent.Kind.REMOVED)

    @extend_schema(request=MomentChangeSerializer, responses={200: MomentSerializer, **LOST})
    @action(detail=True, methods=["post"], url_path=rf"moments/(?P<moment_id>{UUID})/restore")
    def restore_moment(self, request: Request, pk: str | None = None, moment_id: str = "") -> Response:
        """Bring a moment back that was removed."""
        return self._change(request, moment_id, MomentEvent.Kind.RESTORED)

    def _change(self, request: Request, moment_id: str, kind: str) -> Response:
        form = MomentChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        moment = get_object_or_404(Moment, assignment=self.get_object(), client_id=moment_id)
        changed = moments.change_moment(moment=moment, client_id=form.validated_data["client_id"], kind=kind)
        return Response(MomentSerializer(changed).data)

    @extend_schema(request=NewStateSerializer, responses={201: StateSerializer, **LOST})
    @action(detail=True, methods=["post"])
    def states(self, request: Request, pk: str | None = None) -> Response:
        """Say what a character feels; sending it twice is one answer, a new client_id is a correction."""
        form = NewStateSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        revision = states.submit_state(
            assignment=self.get_object(),
            client_id=form.validated_data["client_id"],
            character_id=form.validated_data["character"],
            answer=form.answer(),
            duration_ms=form.validated_data["duration_ms"],
            prelabel=form.prelabel(),
            remarks=form.remarks(),
        )
        return Response(StateSerializer(revision).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: AssignmentDetailSerializer, **LOST})
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str | None = None) -> Response:
        """End the turn; all it asks for must be there."""
        assignment = self.get_object()
        finishing.finish(assignment=assignment)
        return _detail(self.get_object())

    @extend_schema(request=None, responses={204: None, 409: ErrorSerializer})
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str | None = None) -> Response:
        """Give the turn back to the queue."""
        turns.give_back(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={200: RenewedSerializer, 409: ErrorSerializer})
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, pk: str | None = None) -> Response:
        """Keep the turn: the page is still open."""
        return Response(RenewedSerializer({"leased_until": turns.renew(self.get_object())}).data)
