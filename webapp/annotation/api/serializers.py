"""What annotation looks like on the wire."""

from __future__ import annotations

import math
from typing import Any

from rest_framework import serializers

from exports.emotions import PRIMARY_CLASSES, REASONS, WHEEL
from webapp.annotation.api.watching import CalibrationSerializer, WatchedSerializer
from webapp.annotation.models import Assignment, Moment, Project, StateRevision, Task
from webapp.annotation.remarks import EVIDENCE_KINDS, LONGEST_COMMENT, MOST_EVIDENCE, Evidence, Remarks
from webapp.annotation.rules import StateAnswer
from webapp.corpus.api import EpisodeMediaSerializer, SegmentSerializer, SpanSerializer
from webapp.jobs.models import Job


class PrimarySerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    fine_grained = serializers.ListField(child=serializers.CharField(), help_text="By rising intensity.")


class VocabularySerializer(serializers.Serializer[Any]):
    """The labels of the protocol, in key order."""

    primaries = PrimarySerializer(many=True)
    statuses = serializers.ListField(child=serializers.ChoiceField(choices=StateRevision.Status.choices))
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=REASONS))


class DoneOfTotalSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class ProjectProgressSerializer(serializers.Serializer[Any]):
    """By kind of turn; those of another protocol stay at 0."""

    moments = DoneOfTotalSerializer()
    states = DoneOfTotalSerializer()
    locate = DoneOfTotalSerializer()
    relate = DoneOfTotalSerializer()


class AvailableAndDoneSerializer(serializers.Serializer[Any]):
    available = serializers.IntegerField(help_text="Turns this user could take now, the one held included.")
    done = serializers.IntegerField()


class MyWorkSerializer(serializers.Serializer[Any]):
    moments = AvailableAndDoneSerializer()
    states = AvailableAndDoneSerializer()
    locate = AvailableAndDoneSerializer()
    relate = AvailableAndDoneSerializer()


class MyTrainingSerializer(serializers.Serializer[Any]):
    """How far this user's training is."""

    is_open = serializers.BooleanField(help_text="The annotating period has begun.")
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class ProjectSerializer(serializers.ModelSerializer[Project]):
    role = serializers.ChoiceField(choices=["annotator", "admin"])
    progress = ProjectProgressSerializer()
    mine = MyWorkSerializer()
    training = MyTrainingSerializer(allow_null=True, help_text="null for who does not train in this project.")

    class Meta:
        model = Project
        fields = ["id", "name", "protocol", "role", "guideline", "answers_per_clip", "progress", "mine", "training"]


class NextSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Task.Kind.choices)


class ProjectNameSerializer(serializers.ModelSerializer[Project]):
    class Meta:
        model = Project
        fields = ["id", "name", "guideline", "context_ms", "moment_time", "unwatched"]


class ClipSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    context_start_ms = serializers.IntegerField(help_text="From where on the episode may be watched.")
    moments_ms = serializers.ListField(child=serializers.IntegerField())
    shots = SpanSerializer(many=True)
    segments = SegmentSerializer(many=True)


class LookSerializer(serializers.Serializer[Any]):
    """A face in a picture: when, and where as shares of the picture's width and height."""

    time_ms = serializers.IntegerField()
    x = serializers.FloatField()
    y = serializers.FloatField()
    width = serializers.FloatField()
    height = serializers.FloatField()


class PersonSerializer(serializers.Serializer[Any]):
    """A main character, as far as the workers saw him or her here."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    face_url = serializers.CharField(allow_null=True)
    on_screen = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="Spans [start_ms, end_ms].",
    )
    tracks = SpanSerializer(many=True, help_text="The face through a shot, cut to the clip; empty without a clip.")
    look = LookSerializer(allow_null=True, help_text="The best look at the face in the clip.")


class SuggestionSerializer(serializers.Serializer[Any]):
    """What a machine thinks a character feels. Nobody has to look at it."""

    character = serializers.IntegerField(min_value=1, max_value=2**62)
    emotion = serializers.ChoiceField(choices=PRIMARY_CLASSES)
    probability = serializers.FloatField(min_value=0, max_value=1)
    origin = serializers.RegexField(
        r"^(expression|baseline:[\w.-]{1,60})$",
        source="source",
        help_text="`expression`: the face; `baseline:` and a name: a trained model.",
    )

    def validate_probability(self, value: float) -> float:
        if not math.isfinite(value):  # neither below 0 nor above 1, and no database keeps it in JSON
            raise serializers.ValidationError("This is not a number.")
        return value


class CaptionSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    start_ms = serializers.IntegerField()
    end_ms = serializers.IntegerField()
    speaker = serializers.CharField(allow_blank=True)
    text = serializers.CharField()


class MomentSerializer(serializers.ModelSerializer[Moment]):
    id = serializers.UUIDField(source="client_id")

    class Meta:
        model = Moment
        fields = ["id", "time_ms", "corrected_ms", "removed", "created_at"]


class NewMomentSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Made by the client; becomes the moment's id.")
    time_ms = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    playback_rate = serializers.FloatField(
        min_value=0.25, max_value=4, default=1.0, help_text="How fast the video played: the same delay is more of it."
    )


class MomentChangeSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(help_text="Made by the client, new for every change.")


class EvidenceSerializer(serializers.Serializer[Any]):
    """Where a reason of the answer is to be seen or heard."""

    reason = serializers.ChoiceField(choices=REASONS)
    kind = serializers.ChoiceField(choices=EVIDENCE_KINDS)
    start_ms = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    end_ms = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    index = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, allow_null=True, help_text="Number of the line or track; null for a span."
    )


class StateSerializer(serializers.ModelSerializer[StateRevision]):
    status = serializers.ChoiceField(choices=StateRevision.Status.choices)
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=REASONS))
    evidence = EvidenceSerializer(many=True)

    class Meta:
        model = StateRevision
        fields = [
            "character", "status", "primary", "fine_grained", "reasons", "unsure", "comment", "evidence",
            "context_watched_ms", "created_at", "client_id",
        ]  # fmt: skip


class NewStateSerializer(serializers.Serializer[Any]):
    """Which combinations make sense is the protocol's affair (422), not the form's (400)."""

    client_id = serializers.UUIDField()
    character = serializers.IntegerField(min_value=1, max_value=2**62)
    status = serializers.ChoiceField(choices=StateRevision.Status.choices)
    primary = serializers.ChoiceField(choices=list(WHEEL), allow_blank=True, default="")
    fine_grained = serializers.CharField(allow_blank=True, default="", max_length=20)
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=REASONS), default=list, max_length=4)
    duration_ms = serializers.IntegerField(min_value=0, max_value=24 * 3600 * 1000, default=0)
    suggestions_seen = serializers.ListField(
        child=SuggestionSerializer(),
        default=list,
        max_length=8,
        help_text="Those that were on screen before this answer was sent.",
    )

    unsure = serializers.BooleanField(default=False)
    comment = serializers.CharField(allow_blank=True, default="", max_length=LONGEST_COMMENT)
    evidence = EvidenceSerializer(many=True, default=list, max_length=MOST_EVIDENCE)  # type: ignore[call-arg]  # DRF's
    context_watched_ms = serializers.IntegerField(
        min_value=0,
        max_value=24 * 3600 * 1000,
        default=0,
        help_text="How much of what came before the clip was watched, up to this answer.",
    )

    def remarks(self) -> Remarks:
        data = self.validated_data
        evidence = tuple(Evidence(**one) for one in data["evidence"])
        return Remarks(data["unsure"], data["comment"].strip(), evidence, data["context_watched_ms"])

    def answer(self) -> StateAnswer:
        data = self.validated_data
        return StateAnswer(data["status"], data["primary"], data["fine_grained"], tuple(data["reasons"]))

    def prelabel(self) -> dict[str, Any] | None:
        """Return what is kept of the suggestions that were seen, None if there were none."""
        seen = self.validated_data["suggestions_seen"]
        kept = ("emotion", "probability", "source")
        return {"seen": [{name: one[name] for name in kept} for one in seen]} if seen else None


class AssignmentDetailSerializer(serializers.Serializer[Any]):
    """A turn with everything its page shows."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Task.Kind.choices)
    status = serializers.ChoiceField(choices=Assignment.Status.choices)
    leased_until = serializers.DateTimeField()
    project = ProjectNameSerializer()
    episode = EpisodeMediaSerializer()
    clip = ClipSerializer(allow_null=True)
    characters = PersonSerializer(many=True)
    moments = MomentSerializer(many=True)
    watched = WatchedSerializer(allow_null=True, help_text="Of an episode; null for a clip.")
    calibration = CalibrationSerializer(allow_null=True, help_text="The annotator's; null without a usable one.")
    states = StateSerializer(many=True)
    suggestions = SuggestionSerializer(many=True, help_text="Empty unless the project shows suggestions.")
    subtitles = CaptionSerializer(many=True)


class ProjectSettingsSerializer(serializers.ModelSerializer[Project]):
    """What admins decide about a project; the pre-labeller is set on the command line."""

    prelabeller = serializers.CharField(read_only=True, help_text="Name of the trained model; empty: none.")
    prelabelling = serializers.ChoiceField(choices=Job.Status.choices, read_only=True, allow_null=True)
    prelabelling_error = serializers.CharField(read_only=True)
    moment_time_is_fixed = serializers.BooleanField(read_only=True, help_text="Clips were made: it cannot change.")
    answers_per_clip = serializers.IntegerField(
        min_value=1, max_value=9, required=False, help_text="k: how many annotators answer for a clip."
    )

    class Meta:
        model = Project
        fields = [
            "shows_suggestions", "hardest_first", "prelabeller", "prelabelling", "prelabelling_error",
            "moment_time", "moment_time_is_fixed", "unwatched", "moment_tolerance_ms",
            "context_ms", "answers_per_clip",
        ]  # fmt: skip


class RenewedSerializer(serializers.Serializer[Any]):
    leased_until = serializers.DateTimeField()
