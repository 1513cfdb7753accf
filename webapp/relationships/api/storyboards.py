"""Story segments over HTTP, for admins: which shots form a scene, joined and split."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts.api import IsAdmin
from webapp.annotation.api.serializers import DoneOfTotalSerializer
from webapp.annotation.api.views import viewer
from webapp.annotation.models import Assignment, Project, Task
from webapp.api.errors import ErrorSerializer
from webapp.corpus.api import EpisodeMediaSerializer, episode_media
from webapp.corpus.models import Episode, Shot, StorySegment
from webapp.jobs.models import Job
from webapp.relationships.api.locating import KeyShotSerializer, StorySerializer
from webapp.relationships.models import StoryEdit, StorySettings
from webapp.relationships.services.stories import decide_stories, edit_story, story_settings, storyboard_of


class ListedStoryboardSerializer(serializers.Serializer[Any]):
    """An episode on its way to clips."""

    id = serializers.IntegerField()
    series = serializers.CharField()
    title = serializers.CharField()
    shots = serializers.IntegerField()
    found = serializers.IntegerField(help_text="Story segments the analysis found; 0: every shot stands alone.")
    edits = serializers.IntegerField(help_text="Joins and splits that admins made.")
    locate = DoneOfTotalSerializer()
    clips = serializers.IntegerField()
    dropped = serializers.IntegerField()


class StoryboardSerializer(serializers.Serializer[Any]):
    episode = EpisodeMediaSerializer(allow_null=True)
    shots = KeyShotSerializer(many=True)
    stories = StorySerializer(many=True)
    threads = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="Numbers of shots that show one camera's view.",
    )
    is_found = serializers.BooleanField(help_text="The analysis found story segments.")


class StorySettingsSerializer(serializers.ModelSerializer[StorySettings]):
    """How shots are grouped in the project. A change groups the shots of all its episodes anew, on a worker."""

    longest = serializers.IntegerField(min_value=2, max_value=1000, help_text="Shots in a segment at most.")
    fresh = serializers.FloatField(min_value=0, max_value=1, help_text="More gives more and shorter segments.")
    shots_per_scene = serializers.FloatField(
        min_value=1, max_value=100, help_text="There are at most as many segments as shots by this."
    )
    thread_points = serializers.IntegerField(
        min_value=4, max_value=500, help_text="So many common points make two shots one camera's view."
    )
    status = serializers.ChoiceField(
        source="job.status", choices=Job.Status.choices, read_only=True, allow_null=True, default=None
    )
    progress = serializers.IntegerField(source="job.progress", read_only=True, default=0)
    error = serializers.CharField(source="job.error", read_only=True, default="")

    class Meta:
        model = StorySettings
        fields = ["longest", "fresh", "shots_per_scene", "thread_points", "status", "progress", "error"]


class NewStoryEditSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Made by the client, new for every change.")
    kind = serializers.ChoiceField(choices=StoryEdit.Kind.choices)
    shot = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text="Number of the shot that begins a segment, or does not any more."
    )


def listed_values(project: Project, episodes: list[Episode]) -> list[dict[str, Any]]:
    """Return the values of ListedStoryboardSerializer in a fixed number of queries."""
    ids = [episode.pk for episode in episodes]
    counts = {
        name: dict(rows)
        for name, rows in (
            ("shots", _per_episode(Shot, ids)),
            ("found", _per_episode(StorySegment, ids)),
            ("edits", _counted(StoryEdit.objects.filter(project=project, episode__in=ids))),
        )
    }
    made = project.clips.filter(episode__in=ids, facts__isnull=False).order_by()
    dropped = Count("pk", filter=~Q(facts__drop="") & Q(facts__restored_at__isnull=True))
    clips = {row[0]: row[1:] for row in made.values_list("episode").annotate(made=Count("pk"), dropped=dropped)}
    done = Count("assignments", filter=Q(assignments__status=Assignment.Status.DONE))
    tasks = Task.objects.filter(project=project, kind=Task.Kind.LOCATE, episode__in=ids)
    turns = {row[0]: row[1:] for row in tasks.values_list("episode", "answers_wanted").annotate(done=done)}
    return [
        {
            "id": episode.pk,
            "series": episode.series.name,
            "title": episode.title,
            **{name: rows.get(episode.pk, 0) for name, rows in counts.items()},
            "locate": {"total": turns.get(episode.pk, (0, 0))[0], "done": turns.get(episode.pk, (0, 0))[1]},
            "clips": clips.get(episode.pk, (0, 0))[0],
            "dropped": clips.get(episode.pk, (0, 0))[1],
        }
        for episode in episodes
    ]


def _per_episode(model: type[Shot] | type[StorySegment], ids: list[int]) -> Any:
    current = model.objects.filter(job__episode__in=ids, job__is_current=True).order_by()
    return current.values_list("job__episode").annotate(Count("pk"))


def _counted(rows: Any) -> Any:
    return rows.order_by().values_list("episode").annotate(Count("pk"))


def _project(project_id: int) -> Project:
    return get_object_or_404(Project, pk=project_id, protocol=Project.Protocol.ERATO)


class StoryboardsView(generics.GenericAPIView[Episode]):
    permission_classes = [IsAdmin]
    serializer_class = ListedStoryboardSerializer
    queryset = Episode.objects.none()

    @extend_schema(operation_id="projects_storyboards_list", responses=ListedStoryboardSerializer(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        """The episodes of a project, how far each is on its way to clips."""
        project = _project(project_id)
        page = self.paginate_queryset(project.episodes.select_related("series")) or []
        return self.get_paginated_response(ListedStoryboardSerializer(listed_values(project, page), many=True).data)


class StoryboardView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="projects_storyboard_retrieve", responses=StoryboardSerializer)
    def get(self, request: Request, project_id: int, episode_id: int) -> Response:
        """Shots with their key frames, and which of them form a scene."""
        project = _project(project_id)
        return _storyboard(project, _episode(project, episode_id))


class StoryEditsView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="projects_story_edits_create",
        request=NewStoryEditSerializer,
        responses={201: StoryboardSerializer, 422: ErrorSerializer},
    )
    def post(self, request: Request, project_id: int, episode_id: int) -> Response:
        """Join two story segments or split one; the opposite takes it back. Sending it twice is one edit."""
        project = _project(project_id)
        episode = _episode(project, episode_id)
        form = NewStoryEditSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        edit_story(project=project, episode=episode, author=viewer(request), **form.validated_data)
        return _storyboard(project, episode, status.HTTP_201_CREATED)


class StorySettingsView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="projects_story_settings_retrieve", responses=StorySettingsSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """How shots are grouped, and how far the workers are with a change."""
        return Response(StorySettingsSerializer(story_settings(_project(project_id))).data)

    @extend_schema(
        operation_id="projects_story_settings_update",
        request=StorySettingsSerializer,
        responses={202: StorySettingsSerializer},
    )
    def patch(self, request: Request, project_id: int) -> Response:
        """Group the shots of all episodes anew. Joins and splits of admins stay over it."""
        project = _project(project_id)
        form = StorySettingsSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        decide_stories(project=project, **form.validated_data)
        return Response(StorySettingsSerializer(story_settings(project)).data, status=status.HTTP_202_ACCEPTED)


def _episode(project: Project, episode_id: int) -> Episode:
    return get_object_or_404(Episode.objects.with_media().filter(projects=project), pk=episode_id)


def _storyboard(project: Project, episode: Episode, status_code: int = status.HTTP_200_OK) -> Response:
    board = storyboard_of(project, episode)
    values = {
        "episode": episode_media(episode),
        "shots": board.shots,
        "stories": board.stories,
        "threads": board.threads,
        "is_found": bool(board.found_ms),
    }
    return Response(StoryboardSerializer(values).data, status=status_code)
