"""Episodes, their facts and their media over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.api import IsAdmin
from webapp.accounts.models import User
from webapp.api.pagination import ID
from webapp.corpus import media
from webapp.corpus.models import Character, Episode, FaceTrack, Identity, Proxy, Segment, SubtitleLine, Utterance
from webapp.corpus.queries import analysis_progress, lost_links, newest_jobs, visible_shots, visible_to
from webapp.corpus.services import cancel_analysis, plan_analysis
from webapp.corpus.time_left import TimeLeft, durations_of, time_left
from webapp.jobs.models import Job


def proxy_of(episode: Episode) -> Proxy | None:
    """Return the current proxy of an episode loaded by `with_media()`."""
    proxies: list[Proxy] = getattr(episode, "current_proxies", None) or []
    return proxies[0] if proxies else None


def face_url(identity: Identity | None) -> str | None:
    return reverse("media-face", args=[identity.pk]) if identity and identity.face else None


def waveform_of(episode: Episode) -> Job | None:
    """Return the job whose file holds the current waveform of an episode loaded by `with_media()`."""
    jobs: list[Job] = getattr(episode, "current_waveforms", None) or []
    return jobs[0] if jobs else None


class WaveformSerializer(serializers.Serializer[Any]):
    """Where the loudness over time is: a file of bytes, one a peak, 0 (silent) to 255."""

    url = serializers.CharField()
    rate_hz = serializers.IntegerField(help_text="Peaks a second.")


class EpisodeMediaSerializer(serializers.Serializer[Any]):
    """An episode as the player needs it."""

    id = serializers.IntegerField()
    series = serializers.CharField()
    title = serializers.CharField()
    duration_ms = serializers.IntegerField()
    frame_rate = serializers.CharField(help_text="As a fraction, e.g. 24000/1001.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    video_url = serializers.CharField()
    poster_url = serializers.CharField()
    waveform = WaveformSerializer(allow_null=True)


def episode_media(episode: Episode) -> dict[str, Any] | None:
    """Return the values of EpisodeMediaSerializer; None before there is a proxy."""
    proxy = proxy_of(episode)
    if proxy is None:
        return None
    waveform = waveform_of(episode)
    return {
        "id": episode.pk,
        "series": episode.series.name,
        "title": episode.title,
        "duration_ms": proxy.duration_ms,
        "frame_rate": proxy.frame_rate,
        "width": proxy.width,
        "height": proxy.height,
        "video_url": reverse("media-video", args=[episode.pk]),
        "poster_url": reverse("media-poster", args=[episode.pk]),
        "waveform": waveform
        and {
            # its job in the address: browsers keep what they have of it for an hour
            "url": f"{reverse('media-waveform', args=[episode.pk])}?of={waveform.pk}",
            "rate_hz": waveform.figures["rate_hz"],
        },
    }


class AnalysisProgressSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=Job.Status.choices)
    progress = serializers.IntegerField(min_value=0, max_value=100)
    step = serializers.CharField(allow_blank=True)
    estimate_s = serializers.IntegerField(allow_null=True, help_text="Seconds until it is done; null: not known.")


class JobSerializer(serializers.ModelSerializer[Job]):
    analyser = serializers.CharField(source="name")
    estimate_s = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            "id", "analyser", "version", "status", "progress", "step", "attempt", "error", "error_code", "started_at",
            "finished_at", "not_before", "estimate_s",
        ]  # fmt: skip

    @extend_schema_field(
        serializers.IntegerField(
            allow_null=True, help_text="Seconds it still takes once it is its turn; null: not known."
        )
    )
    def get_estimate_s(self, job: Job) -> int | None:
        left: TimeLeft | None = self.context["left"].get(job.episode_id)
        return left.jobs.get(job.pk) if left else None


class SpanSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()


class SegmentSerializer(SpanSerializer):
    kind = serializers.ChoiceField(choices=["speech", "visual"])
    speaker = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)


def segment_values(segment: Segment) -> dict[str, Any]:
    """Return the values of SegmentSerializer; load segments with their utterance."""
    return {
        "index": segment.index,
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "kind": segment.kind,
        "speaker": segment.utterance.speaker if segment.utterance else "",
        "text": segment.utterance.text if segment.utterance else "",
    }


class SubtitleLineSerializer(SpanSerializer):
    text = serializers.CharField()
    confidence = serializers.FloatField()
    source = serializers.ChoiceField(choices=["file", "ocr"])  # type: ignore[assignment]  # the wire name


class UtteranceSerializer(SpanSerializer):
    speaker = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    timing = serializers.ChoiceField(choices=["aligned", "unverified", "subtitle", "checked"])
    speaker_certain = serializers.BooleanField()


class IdentitySerializer(serializers.ModelSerializer[Identity]):
    face_url = serializers.SerializerMethodField()
    on_screen = serializers.SerializerMethodField()

    class Meta:
        model = Identity
        fields = ["id", "screen_time_ms", "face_url", "character", "linked_by", "on_screen"]
        read_only_fields = ["screen_time_ms", "linked_by"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_face_url(self, identity: Identity) -> str | None:
        return face_url(identity)

    @extend_schema_field(
        serializers.ListField(
            child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
            help_text="Spans [start_ms, end_ms].",
        )
    )
    def get_on_screen(self, identity: Identity) -> list[tuple[int, int]]:
        return sorted((track.start_ms, track.end_ms) for track in identity.tracks.all())


class LostLinkSerializer(serializers.Serializer[Any]):
    """A face of an earlier analysis that a person had said who it is, and that the current one does not have."""

    identity = serializers.IntegerField(source="pk")
    character = serializers.CharField(source="character.name", allow_null=True, default=None)
    screen_time_ms = serializers.IntegerField()
    face_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_face_url(self, identity: Identity) -> str | None:
        return face_url(identity)


class CharacterSerializer(serializers.ModelSerializer[Character]):
    class Meta:
        model = Character
        fields = ["id", "name", "is_main"]


class EpisodeSerializer(serializers.ModelSerializer[Episode]):
    series = serializers.CharField(source="series.name")
    duration_ms = serializers.SerializerMethodField()
    poster_url = serializers.SerializerMethodField()
    analysis = serializers.SerializerMethodField()

    class Meta:
        model = Episode
        fields = ["id", "series", "series_id", "title", "duration_ms", "created_at", "poster_url", "analysis"]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_duration_ms(self, episode: Episode) -> int | None:
        proxy = proxy_of(episode)
        return proxy.duration_ms if proxy else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_poster_url(self, episode: Episode) -> str | None:
        return reverse("media-poster", args=[episode.pk]) if proxy_of(episode) else None

    @extend_schema_field(AnalysisProgressSerializer)
    def get_analysis(self, episode: Episode) -> dict[str, Any]:
        left: TimeLeft | None = self.context["left"].get(episode.pk)
        progress = analysis_progress(self.context["jobs"].get(episode.pk, []))
        unfinished = progress.status in Job.UNFINISHED
        return asdict(progress) | {"estimate_s": left.episode if left and unfinished else None}


class EpisodeDetailSerializer(EpisodeSerializer):
    jobs = serializers.SerializerMethodField()
    media = serializers.SerializerMethodField()
    shots = serializers.SerializerMethodField()
    segments = serializers.SerializerMethodField()
    identities = serializers.SerializerMethodField()
    lost_links = serializers.SerializerMethodField()
    characters = CharacterSerializer(source="series.characters", many=True)
    subtitles = serializers.SerializerMethodField()
    utterances = serializers.SerializerMethodField()

    class Meta(EpisodeSerializer.Meta):
        fields = [
            *EpisodeSerializer.Meta.fields,
            "jobs", "media", "shots", "segments", "identities", "lost_links", "characters", "subtitles", "utterances",
        ]  # fmt: skip

    @extend_schema_field(JobSerializer(many=True))
    def get_jobs(self, episode: Episode) -> Any:
        return JobSerializer(self.context["jobs"].get(episode.pk, []), many=True, context=self.context).data

    @extend_schema_field(EpisodeMediaSerializer(allow_null=True))
    def get_media(self, episode: Episode) -> Any:
        return episode_media(episode)

    @extend_schema_field(SpanSerializer(many=True))
    def get_shots(self, episode: Episode) -> Any:
        return SpanSerializer(visible_shots(episode), many=True).data

    @extend_schema_field(SegmentSerializer(many=True))
    def get_segments(self, episode: Episode) -> Any:
        segments = Segment.objects.current_for(episode).select_related("utterance")
        return [segment_values(segment) for segment in segments]

    @extend_schema_field(IdentitySerializer(many=True))
    def get_identities(self, episode: Episode) -> Any:
        return IdentitySerializer(
            Identity.objects.current_for(episode).seen().prefetch_related("tracks"), many=True
        ).data

    @extend_schema_field(LostLinkSerializer(many=True))
    def get_lost_links(self, episode: Episode) -> Any:
        return LostLinkSerializer(lost_links(episode), many=True).data

    @extend_schema_field(SubtitleLineSerializer(many=True))
    def get_subtitles(self, episode: Episode) -> Any:
        return SubtitleLineSerializer(SubtitleLine.objects.current_for(episode), many=True).data

    @extend_schema_field(UtteranceSerializer(many=True))
    def get_utterances(self, episode: Episode) -> Any:
        return UtteranceSerializer(Utterance.objects.current_for(episode), many=True).data


class EpisodeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Episode]):
    """Episodes with their analysis, for admins."""

    permission_classes = [IsAdmin]
    serializer_class = EpisodeSerializer
    queryset = Episode.objects.none()
    lookup_value_regex = ID

    def get_queryset(self) -> QuerySet[Episode]:
        return Episode.objects.with_media()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        rows = EpisodeSerializer(page, many=True, context=_analyses_of(page))
        return self.get_paginated_response(rows.data)

    @extend_schema(responses=EpisodeDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._detail(self.get_object())

    @extend_schema(request=None, responses={202: EpisodeDetailSerializer})
    @action(detail=True, methods=["post"])
    def analyse(self, request: Request, pk: str | None = None) -> Response:
        """Analyse what is missing or changed, and try again what failed."""
        episode = self.get_object()
        plan_analysis(episode)
        return self._detail(episode, status_code=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={200: EpisodeDetailSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Stop what is analysed and what waits. What was found stays; `analyse` starts the rest again."""
        episode = self.get_object()
        cancel_analysis(episode)
        return self._detail(episode)

    def _detail(self, episode: Episode, status_code: int = status.HTTP_200_OK) -> Response:
        return Response(EpisodeDetailSerializer(episode, context=_analyses_of([episode])).data, status=status_code)


def _analyses_of(episodes: Sequence[Episode]) -> dict[str, Any]:
    """Return what the serializers of episodes want to know of their jobs, for all of them at once."""
    jobs = newest_jobs(episodes)
    return {"jobs": jobs, "left": time_left(jobs, durations_of(episodes), now=timezone.now())}


def _viewer(request: HttpRequest) -> User:
    """Return who is logged in; media need a log-in like everything else."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


@extend_schema(exclude=True)
@api_view(["GET", "HEAD"])
def video(request: Request, episode_id: int) -> HttpResponseBase:
    episode = get_object_or_404(visible_to(_viewer(request)).with_media(), pk=episode_id)
    proxy = proxy_of(episode)
    return media.send(request._request, proxy.video if proxy else "")


@extend_schema(exclude=True)
@api_view(["GET", "HEAD"])
def poster(request: Request, episode_id: int) -> HttpResponseBase:
    episode = get_object_or_404(visible_to(_viewer(request)).with_media(), pk=episode_id)
    proxy = proxy_of(episode)
    return media.send(request._request, proxy.poster if proxy else "")


@extend_schema(exclude=True)
@api_view(["GET", "HEAD"])
def waveform(request: Request, episode_id: int) -> HttpResponseBase:
    episode = get_object_or_404(visible_to(_viewer(request)).with_media(), pk=episode_id)
    made = waveform_of(episode)
    return media.send(request._request, made.figures["file"] if made else "")


@extend_schema(exclude=True)
@api_view(["GET", "HEAD"])
def track_face(request: Request, track_id: int) -> HttpResponseBase:
    visible = visible_to(_viewer(request))
    track = get_object_or_404(FaceTrack, pk=track_id, job__episode__in=visible)
    return media.send(request._request, track.picture)


@extend_schema(exclude=True)
@api_view(["GET", "HEAD"])
def face(request: Request, identity_id: int) -> HttpResponseBase:
    visible = visible_to(_viewer(request))
    identity = get_object_or_404(Identity, pk=identity_id, job__episode__in=visible)
    return media.send(request._request, identity.face)
