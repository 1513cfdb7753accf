"""The numbers of an ERATO release over HTTP, for admins: as they were when it was frozen (docs/formats.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.erato.clips import DROPS
from exports.erato.relations import FIVE, THREE
from exports.erato.statistics import INTERACTIONS
from webapp.accounts.api import IsAdmin
from webapp.annotation.models import Clip
from webapp.corpus.api import EpisodeMediaSerializer, episode_media
from webapp.corpus.models import Episode
from webapp.quality.models import Release

HISTOGRAMS = ("duration_ms", "shots", "appearance_ratio", "iom", "subtitle_ratio")


class SidesSerializer(serializers.Serializer[Any]):
    """How many samples: on the two sides of the split, and in all."""

    name = serializers.CharField()
    train = serializers.IntegerField()
    test = serializers.IntegerField()
    all = serializers.IntegerField()


class HistogramSerializer(serializers.Serializer[Any]):
    """Counts between edges: the lower one is in, the last bin takes what lies beyond."""

    name = serializers.ChoiceField(choices=HISTOGRAMS)
    known = serializers.IntegerField(help_text="Samples of which the number is known.")
    mean = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    edges = serializers.ListField(child=serializers.FloatField())
    counts = serializers.ListField(child=serializers.IntegerField())


class DroppedSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=DROPS)
    clips = serializers.IntegerField()


class PeopleCountSerializer(serializers.Serializer[Any]):
    people = serializers.IntegerField()
    clips = serializers.IntegerField()


class InteractionExampleSerializer(serializers.Serializer[Any]):
    """A clip that shows how a pair shares the picture."""

    interaction = serializers.ChoiceField(choices=INTERACTIONS)
    clip = serializers.CharField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    episode = EpisodeMediaSerializer()


class ReleaseStatisticsSerializer(serializers.Serializer[Any]):
    release = serializers.IntegerField()
    number = serializers.IntegerField()
    clips = SidesSerializer()
    episodes = serializers.IntegerField()
    total_ms = serializers.IntegerField()
    five = SidesSerializer(many=True)
    three = SidesSerializer(many=True)
    interaction = SidesSerializer(many=True)
    series = SidesSerializer(many=True)
    histograms = HistogramSerializer(many=True)
    people = PeopleCountSerializer(many=True)
    dropped = DroppedSerializer(many=True)
    examples = InteractionExampleSerializer(many=True)


class ReleaseStatisticsView(APIView):
    permission_classes = [IsAdmin]

    @extend_schema(operation_id="releases_statistics_retrieve", responses=ReleaseStatisticsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The tables and histograms of a release, and a clip for each interaction mode; 404 where it has none."""
        release = get_object_or_404(Release.objects.select_related("project"), pk=pk)
        if release.statistics is None:
            raise NotFound("This release has no statistics: it is not ready, or of another protocol.")
        return Response(ReleaseStatisticsSerializer(statistics_values(release, release.statistics)).data)


def statistics_values(release: Release, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of ReleaseStatisticsSerializer, in a fixed number of queries."""

    def sides(table: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
        return [{"name": name, **found[table][name]} for name in names]

    return {
        "release": release.pk,
        "number": release.number,
        "clips": {"name": "", **found["clips"]},
        "episodes": found["episodes"],
        "total_ms": found["total_ms"],
        "five": sides("five", FIVE),
        "three": sides("three", THREE),
        "interaction": sides("interaction", INTERACTIONS),
        "series": sides("series", tuple(found["series"])),
        "histograms": [{"name": name, **found[name]} for name in HISTOGRAMS],
        "people": [{"people": int(people), "clips": clips} for people, clips in found["people"].items()],
        "dropped": [{"reason": reason, "clips": found["dropped"].get(reason, 0)} for reason in DROPS],
        "examples": _examples(found["interaction_examples"]),
    }


def _examples(shown: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the clips that are named, as far as they are still there."""
    clips = Clip.objects.in_bulk([one["clip"] for one in shown.values()])
    media = Episode.objects.with_media().filter(pk__in={clip.episode_id for clip in clips.values()})
    episodes = {episode.pk: episode_media(episode) for episode in media}
    return [
        {
            "interaction": interaction,
            "clip": one["name"],
            "start_ms": clip.start_ms,
            "end_ms": clip.end_ms,
            "episode": episodes[clip.episode_id],
        }
        for interaction, one in shown.items()
        if (clip := clips.get(one["clip"]))
    ]
