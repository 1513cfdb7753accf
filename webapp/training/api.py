"""Trainings over HTTP, for admins: translate, decide nothing."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from baselines.catalogue import CATALOGUE
from webapp.accounts.api import IsAdmin
from webapp.annotation.api.views import viewer
from webapp.annotation.models import Project
from webapp.api.errors import ErrorSerializer
from webapp.corpus import media
from webapp.quality.models import Release
from webapp.training import services
from webapp.training.models import TrainingRun
from webapp.training.queries import curves_of, projects_using, runs
from webapp.training.serializers import (
    FILES,
    ForProjectSerializer,
    ListedModelSerializer,
    NewTrainingSerializer,
    TrainingRunDetailSerializer,
    TrainingRunSerializer,
)

_REFUSED = {422: ErrorSerializer}


class ListedModelsView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="baselines_list", responses=ListedModelSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All models that can be trained on a release: a fixed few, so no page is needed."""
        rows = [
            {"name": name, "title": one.title, "learns_from": one.view, "ablations": one.ablations}
            for name, one in CATALOGUE.items()
        ]
        return Response(ListedModelSerializer(rows, many=True).data)


class TrainingListView(generics.ListAPIView[TrainingRun]):
    """Trainings of a project, the newest first."""

    permission_classes = [IsAdmin]
    serializer_class = TrainingRunSerializer
    queryset = TrainingRun.objects.none()

    def get_queryset(self) -> QuerySet[TrainingRun]:
        return runs().filter(project=get_object_or_404(Project, pk=self.kwargs["project_id"]))

    @extend_schema(
        operation_id="projects_trainings_create",
        request=NewTrainingSerializer,
        responses={202: TrainingRunSerializer, **_REFUSED},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Train a model on a release of the project: the workers do it."""
        form = NewTrainingSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        releases = Release.objects.filter(project=get_object_or_404(Project, pk=project_id))
        release = releases.filter(pk=form.validated_data["release"]).first()
        if release is None:
            raise serializers.ValidationError({"release": "This project has no such release."})
        run = services.start_training(
            release=release, model=form.validated_data["model"], options=form.options(), user=viewer(request)
        )
        return Response(TrainingRunSerializer(run).data, status=status.HTTP_202_ACCEPTED)


class TrainingView(generics.GenericAPIView[TrainingRun]):
    permission_classes = [IsAdmin]
    queryset = TrainingRun.objects.none()

    @extend_schema(operation_id="trainings_retrieve", responses=TrainingRunDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A training with its learning curves and results."""
        return _detail(pk)


class CancelTrainingView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="trainings_cancel", request=None, responses=TrainingRunDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Stop a training that waits or runs."""
        services.stop_training(get_object_or_404(runs(), pk=pk))
        return _detail(pk)


class RetryTrainingView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="trainings_retry", request=None, responses=TrainingRunDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let a training that failed or was stopped run again."""
        services.train_again(get_object_or_404(runs(), pk=pk))
        return _detail(pk)


class PrelabelView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="trainings_prelabel",
        request=ForProjectSerializer,
        responses={202: TrainingRunDetailSerializer, **_REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Let the trained model suggest emotions for a project's clips, in place of an earlier one."""
        form = ForProjectSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        project = Project.objects.filter(pk=form.validated_data["project"]).first()
        if project is None:
            raise serializers.ValidationError({"project": "There is no such project."})
        services.use_for_prelabels(run=get_object_or_404(runs(), pk=pk), project=project)
        return _detail(pk, status.HTTP_202_ACCEPTED)


def _detail(pk: int, code: int = status.HTTP_200_OK) -> Response:
    run = get_object_or_404(runs().prefetch_related("results"), pk=pk)
    vars(run).update(curves=curves_of(run), suggests_for=projects_using(run))
    return Response(TrainingRunDetailSerializer(run).data, status=code)


@extend_schema(exclude=True)
@api_view(["GET"])
@permission_classes([IsAuthenticated, IsAdmin])
def download(request: Request, pk: int, seed: int, name: str) -> HttpResponseBase:
    run = get_object_or_404(TrainingRun, pk=pk)
    if name not in FILES or not run.path or seed not in run.seeds:
        raise Http404
    named = f"run-{run.number}-{run.model}-seed-{seed}-{name}"
    return media.send(request._request, f"{run.folder_of(seed)}/{name}", download_as=named)
