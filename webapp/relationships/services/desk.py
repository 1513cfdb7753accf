"""All that is known of an episode where somebody looks for interactions: a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from exports.erato.clips import ClipRules, Span, length_ms, merged
from exports.erato.suggestions import Suggestion, suggestions
from webapp.annotation.models import Assignment
from webapp.corpus.models import Episode, FaceTrack, Identity, SubtitleLine
from webapp.relationships.models import InteractionRevision
from webapp.relationships.services.clips import rules_of
from webapp.relationships.services.locating import current_interactions
from webapp.relationships.services.stories import Storyboard, storyboard_of


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """An identity and when it is seen: spans in order, apart from each other."""

    identity: Identity
    spans: tuple[Span, ...]

    @property
    def screen_time_ms(self) -> int:
        return length_ms(self.spans)


@dataclass(frozen=True, slots=True)
class LocatingDesk:
    storyboard: Storyboard
    lines: tuple[SubtitleLine, ...]
    #: Longest seen first.
    people: tuple[PersonSeen, ...]
    suggestions: tuple[Suggestion, ...]
    interactions: tuple[InteractionRevision, ...]
    rules: ClipRules


def desk_of(assignment: Assignment) -> LocatingDesk:
    """Return what the page of a turn at an episode shows."""
    episode, project = assignment.task.episode, assignment.task.project
    storyboard = storyboard_of(project, episode)
    people = people_of(episode)
    rules = rules_of(project)
    found = suggestions(storyboard.spans, storyboard.stories, {one.identity.pk: one.spans for one in people}, rules)
    return LocatingDesk(
        storyboard=storyboard,
        lines=tuple(SubtitleLine.objects.current_for(episode).order_by("index")),
        people=tuple(people),
        suggestions=tuple(found),
        interactions=tuple(current_interactions(assignment)),
        rules=rules,
    )


def people_of(episode: Episode) -> list[PersonSeen]:
    """Return who is seen in an episode, longest first, in two queries."""
    faces = list(Identity.objects.current_for(episode).seen().select_related("character"))
    spans: dict[int, list[Span]] = defaultdict(list)
    tracks = FaceTrack.objects.current_for(episode).filter(identity__isnull=False)
    for identity, start_ms, end_ms in tracks.values_list("identity", "start_ms", "end_ms"):
        spans[identity].append((start_ms, end_ms))
    people = [PersonSeen(face, tuple(merged(spans[face.pk], _around(spans[face.pk])))) for face in faces]
    seen = [one for one in people if one.spans]
    return sorted(seen, key=lambda one: (-one.screen_time_ms, one.identity.index))


def _around(spans: Sequence[Span]) -> Span:
    return (min((start for start, _ in spans), default=0), max((end for _, end in spans), default=0))
