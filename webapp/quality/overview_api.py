"""How far a project is, over HTTP, for admins."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts.api import IsAdmin
from webapp.annotation.api.serializers import DoneOfTotalSerializer, ProjectProgressSerializer
from webapp.annotation.models import Project
from webapp.annotation.queries import progress_of
from webapp.corpus.api import AnalysisProgressSerializer
from webapp.corpus.models import Episode
from webapp.quality.overview import annotators_of, clip_sums, done_of, episodes_of


class EpisodeProgressSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    series = serializers.CharField()
    title = serializers.CharField()
    analysis = AnalysisProgressSerializer()
    moments = DoneOfTotalSerializer()
    clips = serializers.IntegerField(help_text="Those that are labelled.")
    states = DoneOfTotalSerializer()
    locate = DoneOfTotalSerializer()
    relate = DoneOfTotalSerializer()
    dropped = serializers.IntegerField(help_text="Clips of the ERATO protocol that nobody labels.")


class AnnotatorProgressSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    full_name = serializers.CharField()
    moments_done = serializers.IntegerField()
    states_done = serializers.IntegerField()
    locate_done = serializers.IntegerField()
    relate_done = serializers.IntegerField()
    last_finished_at = serializers.DateTimeField(allow_null=True)


class ClipCountsSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    too_long = serializers.IntegerField()
    complete = serializers.IntegerField()
    dropped = serializers.IntegerField()


class OverviewProjectSerializer(serializers.ModelSerializer[Project]):
    """The project without the reader's own work in it, which costs more to count than all the rest."""

    progress = ProjectProgressSerializer()

    class Meta:
        model = Project
        fields = ["id", "name", "protocol", "progress"]


class OverviewSerializer(serializers.Serializer[Any]):
    project = OverviewProjectSerializer()
    annotators = AnnotatorProgressSerializer(many=True)
    clips = ClipCountsSerializer()


class OverviewView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="projects_overview_retrieve", responses=OverviewSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """How far a project is, in all and by annotator."""
        project = get_object_or_404(Project, pk=project_id)
        vars(project)["progress"] = progress_of([project])[project.pk]
        done = done_of(project)
        values = {
            "project": project,
            "annotators": annotators_of(project, done),
            "clips": clip_sums(project, done),
        }
        return Response(OverviewSerializer(values).data)


class ProjectEpisodesView(generics.ListAPIView[Episode]):
    """How far a project is by episode; in the order of series and title."""

    permission_classes = [IsAdmin]
    serializer_class = EpisodeProgressSerializer
    queryset = Episode.objects.none()

    def get_queryset(self) -> QuerySet[Episode]:
        return get_object_or_404(Project, pk=self.kwargs["project_id"]).episodes.select_related("series")

    @extend_schema(operation_id="projects_episodes_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How far a project is by episode; in the order of series and title."""
        page = self.paginate_queryset(self.get_queryset()) or []
        rows = episodes_of(get_object_or_404(Project, pk=self.kwargs["project_id"]), page)
        return self.get_paginated_response(EpisodeProgressSerializer(rows, many=True).data)
