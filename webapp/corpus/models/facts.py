"""What the workers found. Facts of a done job never change; a newer job's facts stand beside them and become current.

Mirrors `workers.analysers.facts`: times are milliseconds on the proxy, boxes `[x, y, width, height]` in its pixels.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from webapp.corpus.models.episode import Character, Episode
from webapp.jobs.models import Job


class FactQuerySet(models.QuerySet[Any]):
    def current_for(self, episode: Episode | int) -> Self:
        """Facts of the episode's current analysis, in order."""
        return self.filter(job__episode=episode, job__is_current=True)


class Fact(models.Model):
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+")

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True


class SpanFact(Fact):
    """A fact with a place in order and a half-open span."""

    index = models.PositiveIntegerField()
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()

    class Meta:
        abstract = True
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["job", "index"], name="%(class)s_stands_once_in_its_analysis"),
            models.CheckConstraint(condition=Q(start_ms__lt=F("end_ms")), name="%(class)s_starts_before_it_ends"),
        ]


class Proxy(Fact):
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="proxies")
    video = models.CharField(max_length=300)
    audio = models.CharField(max_length=300, blank=True)
    poster = models.CharField(max_length=300)
    duration_ms = models.PositiveIntegerField()
    frame_rate = models.CharField(max_length=30)
    frame_count = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "proxies"
        constraints = [models.UniqueConstraint(fields=["job"], name="one_proxy_per_analysis")]


class Shot(SpanFact):
    key_frame_ms = models.PositiveIntegerField()

    class Meta(SpanFact.Meta):
        pass


class StorySegment(SpanFact):
    """Neighbouring shots that form one scene; story segments tile the shots."""

    first_shot = models.PositiveIntegerField()
    last_shot = models.PositiveIntegerField()
    #: [[shot index, ...], ...]: its shots of one camera's view each.
    threads = models.JSONField(default=list)

    class Meta(SpanFact.Meta):
        pass


class IdentityQuerySet(FactQuerySet):
    def seen(self) -> Self:
        """Without those whose tracks were all given to others."""
        return self.filter(screen_time_ms__gt=0)


class Identity(Fact):
    """One person's face across the episode; `character` says who it is, once suggested or confirmed."""

    class LinkedBy(models.TextChoices):
        NOBODY = ""
        SUGGESTED = "suggested"
        CONFIRMED = "confirmed"

    index = models.PositiveIntegerField()
    screen_time_ms = models.PositiveIntegerField()
    face = models.CharField(max_length=300, blank=True)
    best_faces = models.JSONField(default=list)
    embedding = models.JSONField(default=list)
    embedder = models.CharField(max_length=60)
    character = models.ForeignKey(
        Character, on_delete=models.SET_NULL, null=True, blank=True, related_name="identities"
    )
    linked_by = models.CharField(max_length=10, choices=LinkedBy.choices, blank=True, default=LinkedBy.NOBODY)

    objects = IdentityQuerySet.as_manager()  # type: ignore[misc]  # narrower than that of all facts

    class Meta:
        verbose_name_plural = "identities"
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["job", "index"], name="identity_stands_once_in_its_analysis")]


class FaceTrack(SpanFact):
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, null=True, related_name="tracks")
    #: The identity it was found as, where a person has said that it is another's.
    found_as = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    #: Name in the media storage; "" where the face is too small to be told from others.
    picture = models.CharField(max_length=300, blank=True)
    shot_index = models.PositiveIntegerField()
    #: [[time_ms, x, y, width, height, score], ...]
    boxes = models.JSONField(default=list)

    class Meta(SpanFact.Meta):
        pass


class SubtitleLine(SpanFact):
    text = models.TextField()
    confidence = models.FloatField()
    source = models.CharField(max_length=10)
    box = models.JSONField(null=True)

    class Meta(SpanFact.Meta):
        pass


class SpokenLine(SpanFact):
    """A line as forced alignment found it, before people corrected it."""

    speaker = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    #: [[text, start_ms, end_ms], ...]
    words = models.JSONField(default=list)
    timing = models.CharField(max_length=12)
    speaker_certain = models.BooleanField()

    class Meta(SpanFact.Meta):
        pass


class Utterance(SpanFact):
    """A line as it counts: found, or corrected."""

    speaker = models.CharField(max_length=100, blank=True)
    character = models.ForeignKey(
        Character, on_delete=models.SET_NULL, null=True, blank=True, related_name="utterances"
    )
    text = models.TextField()
    #: [[text, start_ms, end_ms], ...]
    words = models.JSONField(default=list)
    timing = models.CharField(max_length=12)
    speaker_certain = models.BooleanField()

    class Meta(SpanFact.Meta):
        pass


class Segment(SpanFact):
    kind = models.CharField(max_length=10)
    utterance = models.ForeignKey(Utterance, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta(SpanFact.Meta):
        pass


class EmotionSuggestion(SpanFact):
    """What one person's face shows in a segment: an offer to annotators, never an answer."""

    EXPRESSION = "expression"

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="suggestions")
    #: What it was taken from.
    source = models.CharField(max_length=20)
    #: [[emotion, probability], ...], likeliest first.
    probabilities = models.JSONField(default=list)
    #: On how many looks at the face it stands.
    looks = models.PositiveIntegerField()

    class Meta(SpanFact.Meta):
        pass


class Features(Fact):
    """The episode's feature file (see docs/formats.md)."""

    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    extractors = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "features"
        constraints = [models.UniqueConstraint(fields=["job"], name="one_feature_file_per_analysis")]
