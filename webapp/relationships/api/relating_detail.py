"""A turn at a pair with everything its page shows, put together from queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from webapp.annotation.models import Assignment, Clip
from webapp.annotation.services.turns import may_be_corrected
from webapp.corpus.api import episode_media, face_url
from webapp.corpus.models import Episode, FaceTrack, Identity, Shot
from webapp.corpus.queries import best_look
from webapp.relationships.models import ClipPerson, StepRevision
from webapp.relationships.queries import candidates_of, lines_of, people_of, remarks_of, standing_of, steps_of
from webapp.relationships.services.labelling import clip_of

#: So many pictures of somebody: the best of the episode, then the best ones inside the clip.
PICTURES: Final = 3


def relating_detail(assignment: Assignment) -> dict[str, Any]:
    """Return the values of RelatingSerializer. Raises RuleError for a turn of another kind."""
    clip = clip_of(assignment)
    people = people_of(clip)
    steps = list(steps_of(assignment))
    return {
        "id": assignment.pk,
        "status": assignment.status,
        "finished_at": assignment.finished_at,
        "may_correct": may_be_corrected(assignment, timezone.now()),
        "project": assignment.task.project,
        "episode": episode_media(Episode.objects.with_media().get(pk=clip.episode_id)),
        "clip": _clip(clip),
        "lines": lines_of(clip),
        "people": people_values(clip, people),
        "standing": standing_of((one.event for one in steps), [person.identity_id for person in people]),
        "steps": [step_values(one) for one in steps],
        "remarks": list(remarks_of(assignment)),
    }


def _clip(clip: Clip) -> dict[str, Any]:
    shots = Shot.objects.current_for(clip.episode_id).filter(start_ms__lt=clip.end_ms, end_ms__gt=clip.start_ms)
    return {"id": clip.pk, "start_ms": clip.start_ms, "end_ms": clip.end_ms, "shots": list(shots.order_by("index"))}


def step_values(step: StepRevision) -> dict[str, Any]:
    """Return the values of StepSerializer."""
    return {
        "kind": step.kind,
        "pair": step.pair,
        "relationship": step.relationship,
        "back_to": step.back_to,
        "reason": step.reason,
        "words": step.words,
        "unsure": step.unsure,
        "comment": step.comment,
        "created_at": step.created_at,
    }


def people_values(clip: Clip, people: Sequence[ClipPerson]) -> list[dict[str, Any]]:
    """Return the values of ClipPersonSerializer, longest seen first."""
    offered = set(candidates_of(clip, people))
    pictures = _pictures(clip, [person.identity for person in people])
    return [
        {
            "identity": person.identity_id,
            "name": person.identity.character.name if person.identity.character else "",
            "is_candidate": person.identity_id in offered,
            "screen_time_ms": person.screen_time_ms,
            "spans": person.spans,
            "pictures": pictures[person.identity_id],
        }
        for person in people
    ]


def _pictures(clip: Clip, identities: Sequence[Identity]) -> dict[int, list[str]]:
    """Return identity -> addresses of its pictures, the best first, in one query."""
    tracks = FaceTrack.objects.filter(
        identity__in=[identity.pk for identity in identities], start_ms__lt=clip.end_ms, end_ms__gt=clip.start_ms
    ).exclude(picture="")
    looks: dict[int, list[tuple[float, int, str]]] = defaultdict(list)
    for pk, who, picture, boxes in tracks.values_list("pk", "identity", "picture", "boxes"):
        look = best_look(boxes, clip.start_ms, clip.end_ms)
        assert who is not None, "asked for"
        looks[who].append((-look[5] * look[4] if look else 0.0, pk, picture))
    found = {}
    for identity in identities:
        best = face_url(identity)
        inside = [
            reverse("media-track", args=[pk]) for _, pk, name in sorted(looks[identity.pk]) if name != identity.face
        ]
        found[identity.pk] = [*([best] if best else []), *inside][:PICTURES]
    return found
