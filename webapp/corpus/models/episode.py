"""Shows, their people and their episodes."""

from __future__ import annotations

from django.db import models


class Series(models.Model):
    """A show."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.name


class Character(models.Model):
    """Somebody in a series. Main characters are answered for in every clip; all others count as `others`."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="characters")
    name = models.CharField(max_length=100)
    aliases = models.JSONField(default=list)
    is_main = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)
    #: 26 numbers: 16PF 16, Big Five 5, MBTI 5; null until filled in.
    questionnaire = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["series", "name"], name="character_names_differ_in_a_series")]

    def __str__(self) -> str:
        return self.name

    @property
    def names(self) -> frozenset[str]:
        """All names a transcript may use, in lower case."""
        return frozenset(name.casefold() for name in (self.name, *self.aliases))


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def with_media(self) -> EpisodeQuerySet:
        """Join the series, and fetch the current proxy and waveform in two more queries."""
        from webapp.corpus.models.facts import Proxy
        from webapp.jobs.models import Job

        waveforms = Job.objects.filter(name="waveform", is_current=True).exclude(figures__file="")
        return self.select_related("series").prefetch_related(
            models.Prefetch("proxies", queryset=Proxy.objects.filter(job__is_current=True), to_attr="current_proxies"),
            models.Prefetch("jobs", queryset=waveforms, to_attr="current_waveforms"),
        )


class Episode(models.Model):
    """One video of a series, with optional subtitle file and transcript. Paths are names in the media storage."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="episodes")
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    source_name = models.CharField(max_length=300)
    source_sha256 = models.CharField(max_length=64, unique=True)
    source_bytes = models.BigIntegerField()
    subtitles = models.CharField(max_length=300, blank=True)
    subtitles_sha256 = models.CharField(max_length=64, blank=True)
    transcript = models.CharField(max_length=300, blank=True)
    transcript_sha256 = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=20, default="en")
    #: The newest correction of its dialogue: analyses that follow the dialogue are keyed by it.
    corrections = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        ordering = ["series__name", "title", "pk"]
        constraints = [models.UniqueConstraint(fields=["series", "title"], name="titles_differ_in_a_series")]

    def __str__(self) -> str:
        return f"{self.series.name} · {self.title}"

    @property
    def folder(self) -> str:
        """The episode's folder in the media storage."""
        return f"episodes/{self.source_sha256[:16]}"
