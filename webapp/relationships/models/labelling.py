"""What annotators say of clips and pairs. Rows are only added: a correction is a new revision, going back an event."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from exports.erato.clips import Pair
from exports.erato.discards import DISCARDS
from exports.erato.relations import FIVE
from webapp.annotation.models import Assignment, Clip
from webapp.corpus.models import Identity
from webapp.jobs.models import Job
from webapp.relationships.lines import ClipLine
from webapp.relationships.steps import BACK_TO, StepEvent


class LineRevision(models.Model):
    """What somebody said of one subtitle line of a clip; the newest revision of a line counts, whoever made it.

    Lines that are changed together (split, joined) share their `client_id`, and are kept together or not at all.
    """

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="line_revisions")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="line_revisions")
    client_id = models.UUIDField()
    #: The analysis that found the clip's lines, the same in all of its revisions; null where there was none.
    subtitles = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    #: `found:` and the line's index in that analysis, or a UUID.
    line = models.CharField(max_length=40)
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    removed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "client_id", "line"], name="one_revision_of_a_line_per_client_id"
            ),
            models.CheckConstraint(condition=Q(start_ms__lt=F("end_ms")), name="revised_line_starts_before_it_ends"),
            models.CheckConstraint(condition=Q(removed=True) | ~Q(text=""), name="a_line_has_words_unless_removed"),
        ]

    @property
    def said(self) -> ClipLine:
        return ClipLine(self.line, self.start_ms, self.end_ms, self.text, self.removed)


class StepRevision(models.Model):
    """One event of a turn (`webapp.relationships.steps`)."""

    class Kind(models.TextChoices):
        LINES_DONE = "lines_done"
        PAIR = "pair"
        RELATIONSHIP = "relationship"
        BACK = "back"
        DISCARD = "discard"
        UNDISCARD = "undiscard"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="steps")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    #: The pair that is chosen, or that a relationship is said of; the smaller number first.
    first = models.ForeignKey(Identity, on_delete=models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey(Identity, on_delete=models.PROTECT, null=True, related_name="+")
    relationship = models.CharField(max_length=10, choices=[(one, one) for one in FIVE], blank=True)
    back_to = models.CharField(max_length=12, choices=[(one, one) for one in BACK_TO], blank=True)
    #: Why a clip is discarded, and the annotator's own words for it.
    reason = models.CharField(max_length=24, choices=[(one, one) for one in DISCARDS], blank=True)
    words = models.TextField(blank=True)
    unsure = models.BooleanField(default=False)
    comment = models.TextField(blank=True)
    #: How long the annotator took for the step, as the browser measured it.
    duration_ms = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "client_id"], name="one_step_per_client_id"),
            models.CheckConstraint(
                condition=Q(kind__in=["pair", "relationship"], first__isnull=False, second__isnull=False)
                | (~Q(kind__in=["pair", "relationship"]) & Q(first__isnull=True, second__isnull=True)),
                name="a_pair_is_chosen_and_related",
            ),
            models.CheckConstraint(
                condition=Q(first__isnull=True) | Q(first__lt=F("second")), name="a_pair_names_the_smaller_first"
            ),
            models.CheckConstraint(
                condition=Q(kind="relationship") ^ Q(relationship=""),
                name="only_a_relationship_has_a_label",
            ),
            models.CheckConstraint(
                condition=Q(kind="discard") ^ Q(reason=""),
                name="only_a_discard_has_a_reason",
            ),
        ]

    @property
    def pair(self) -> Pair | None:
        return (self.first_id, self.second_id) if self.first_id and self.second_id else None

    @property
    def event(self) -> StepEvent:
        return StepEvent(
            self.kind, self.pair, self.relationship, self.back_to, self.reason, self.words, self.unsure, self.comment
        )


class IdentityRemark(models.Model):
    """An annotator says that faces are mixed up, so that an admin merges or splits them."""

    class Kind(models.TextChoices):
        WRONG_PERSON = "wrong_person"
        MISSING_PERSON = "missing_person"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="identity_remarks")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=14, choices=Kind.choices)
    #: Whose pictures show somebody else; null for somebody who is missing.
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, null=True, related_name="+")
    comment = models.TextField(blank=True)
    created_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "client_id"], name="one_remark_per_client_id"),
            models.CheckConstraint(
                condition=Q(kind="wrong_person", identity__isnull=False)
                | Q(kind="missing_person", identity__isnull=True),
                name="a_wrong_person_is_named",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True, settled_at__isnull=True)
                | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="who_settled_a_remark_did_it_at_a_time",
            ),
        ]
