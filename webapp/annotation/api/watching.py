"""Watching over HTTP: what was seen of an episode, and everybody's own reaction time."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Calibration, Watched
from webapp.annotation.reaction import FEWEST_HITS, WIDEST_SPREAD_MS, calibration_clip
from webapp.annotation.services.watching import calibrate
from webapp.annotation.watching import SMALLEST_GAP_MS

LONGEST_MS = 2**31 - 1
#: More runs than these nobody looks at again.
SHOWN_RUNS = 20
PROBLEMS = ("too_few_hits", "too_much_spread", "too_many_discarded")


def _times(**limits: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=LONGEST_MS), **limits)


class WatchedSerializer(serializers.Serializer[Any]):
    """What was seen of an episode, in order, and where the annotator was last."""

    spans = serializers.ListField(child=_times(min_length=2, max_length=2), help_text="Spans [start_ms, end_ms].")
    position_ms = serializers.IntegerField()
    smallest_gap_ms = serializers.SerializerMethodField(help_text="Less between two spans is none.")

    def get_smallest_gap_ms(self, row: Watched) -> int:
        return SMALLEST_GAP_MS


class NewWatchedSerializer(serializers.Serializer[Any]):
    spans = serializers.ListField(
        child=_times(min_length=2, max_length=2), max_length=1000, help_text="Spans [start_ms, end_ms], in any order."
    )
    position_ms = serializers.IntegerField(min_value=0, max_value=LONGEST_MS)

    def validate_spans(self, spans: list[list[int]]) -> list[list[int]]:
        for start, end in spans:
            if start >= end:
                raise serializers.ValidationError(f"A span ends after it starts; {start} to {end} ms does not.")
        return spans


def watched_values(assignment: Assignment) -> Watched:
    """Return the values of WatchedSerializer for a turn at an episode."""
    return Watched.objects.filter(assignment=assignment).first() or Watched(assignment=assignment)


class CalibrationSerializer(serializers.ModelSerializer[Calibration]):
    """How late somebody presses. `spread_ms` is the scaled median absolute deviation of the answers."""

    delays_ms = serializers.ListField(
        child=serializers.IntegerField(allow_null=True), help_text="Per counted onset; null: no press answered it."
    )
    problems = serializers.ListField(child=serializers.ChoiceField(choices=PROBLEMS))

    class Meta:
        model = Calibration
        fields = [
            "id", "created_at", "delay_ms", "spread_ms", "deviation_ms", "hits", "discarded", "delays_ms", "usable",
            "problems",
        ]  # fmt: skip


class CalibrationClipSerializer(serializers.Serializer[Any]):
    """The clip, and what a run of it must reach to be used."""

    video_url = serializers.CharField()
    duration_ms = serializers.IntegerField()
    practice = serializers.IntegerField(help_text="Onsets at the start that do not count.")
    onsets_ms = _times()
    fewest_hits = serializers.IntegerField()
    widest_spread_ms = serializers.IntegerField()


class MyCalibrationSerializer(serializers.Serializer[Any]):
    clip = CalibrationClipSerializer()
    current = CalibrationSerializer(allow_null=True, help_text="The newest that can be used.")
    runs = CalibrationSerializer(many=True, help_text="Newest first.")


class NewCalibrationSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Made by the client: sending it twice is one run.")
    presses_ms = _times(max_length=500, help_text="Times on the clip at which the key was pressed.")


class CalibrationView(APIView):
    """Everybody's own reaction time."""

    @extend_schema(operation_id="calibration_retrieve", responses=MyCalibrationSerializer)
    def get(self, request: Request) -> Response:
        """The clip, and this user's runs of it."""
        user = _user(request)
        clip = calibration_clip()
        shown = {
            "video_url": clip.video,
            "duration_ms": clip.duration_ms,
            "practice": clip.practice,
            "onsets_ms": clip.onsets_ms,
            "fewest_hits": FEWEST_HITS,
            "widest_spread_ms": WIDEST_SPREAD_MS,
        }
        runs = list(Calibration.objects.filter(annotator=user)[:SHOWN_RUNS])
        current = Calibration.objects.current_of(user)
        return Response(MyCalibrationSerializer({"clip": shown, "current": current, "runs": runs}).data)

    @extend_schema(
        operation_id="calibration_create", request=NewCalibrationSerializer, responses={201: CalibrationSerializer}
    )
    def post(self, request: Request) -> Response:
        """Store a run of the clip; what it says is returned at once."""
        form = NewCalibrationSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        run = calibrate(annotator=_user(request), **form.validated_data)
        return Response(CalibrationSerializer(run).data, status=status.HTTP_201_CREATED)


def _user(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user
