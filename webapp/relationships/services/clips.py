"""Interactions become clips: their people, whether they stay, and their tasks (rules 1 and 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from exports.erato.clips import ClipRules, Span, drop_of, length_ms, merged
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Project, Task, TrainingClip
from webapp.annotation.rules import RuleError
from webapp.corpus.models import Episode, FaceTrack, Identity, Shot
from webapp.relationships.models import ClipFacts, ClipPerson, ClipSettings

#: So many clips are asked about in one go: databases take that many values in a query.
AT_ONCE: Final = 500


def rules_of(project: Project) -> ClipRules:
    """Return the limits of a project's clips: those an admin set, else the published ones."""
    chosen = ClipSettings.objects.filter(project=project).first()
    return chosen.rules if chosen else ClipRules()


@dataclass(frozen=True, slots=True)
class Seen:
    """An identity inside a span; `spans` are in order and apart from each other."""

    identity: int
    spans: tuple[Span, ...]

    @property
    def screen_time_ms(self) -> int:
        return length_ms(self.spans)


def people_between(episode: Episode, wanted: Sequence[Span]) -> list[list[Seen]]:
    """Return, for each span of the episode, who is seen in it: longest first, equal ones by identity. One query."""
    if not wanted:
        return []
    tracks = FaceTrack.objects.current_for(episode).filter(
        identity__isnull=False, start_ms__lt=max(end for _, end in wanted), end_ms__gt=min(start for start, _ in wanted)
    )
    spans: dict[int, list[Span]] = defaultdict(list)
    for identity, start_ms, end_ms in tracks.values_list("identity", "start_ms", "end_ms"):
        spans[identity].append((start_ms, end_ms))
    found = []
    for span in wanted:
        seen = (Seen(who, tuple(merged(of_one, span))) for who, of_one in spans.items())
        found.append(sorted((one for one in seen if one.spans), key=lambda one: (-one.screen_time_ms, one.identity)))
    return found


@transaction.atomic
def make_clips(*, project: Project, episode: Episode, spans: Iterable[Span]) -> list[Clip]:
    """Make a clip of each interaction, its facts and its task; a clip that is there already stays as it is.

    A dropped clip is made without a task, with the reason on record. Returns the clips in the order of `spans`.
    Raises RuleError `not_analysed` for an episode without faces.
    """
    wanted = list(dict.fromkeys(spans))
    shots = list(Shot.objects.current_for(episode).order_by("index"))
    faces = Identity.objects.current_for(episode).first()
    if faces is None or not shots:
        raise RuleError("not_analysed", f"Episode {episode.pk} ({episode}) is not analysed yet.")
    rules = rules_of(project)
    made = []
    for (start_ms, end_ms), people in zip(wanted, people_between(episode, wanted), strict=True):
        touched = [shot.index for shot in shots if shot.start_ms < end_ms and shot.end_ms > start_ms]
        clip, is_new = Clip.objects.get_or_create(
            project=project,
            episode=episode,
            start_ms=start_ms,
            end_ms=end_ms,
            defaults={
                "segmentation_id": shots[0].job_id,
                "first_segment": touched[0] if touched else shots[-1].index,
                "last_segment": touched[-1] if touched else shots[-1].index,
            },
        )
        if is_new:
            _keep_facts(clip, faces.job_id, people, rules)
            _ask_about([clip])
        made.append(clip)
    return made


@transaction.atomic
def count_people_again(*, episode: Episode) -> int:
    """Bring the clips of an episode up to the faces that count now; returns how many changed.

    Call it when faces were merged, split or analysed again. Clips that somebody has answered stay as they were: their
    answers name the people that were on screen then.
    """
    clips = _untouched().filter(episode=episode)
    by_project: dict[int, list[Clip]] = defaultdict(list)
    for clip in clips.select_related("project", "facts").prefetch_related("people"):
        by_project[clip.project_id].append(clip)
    faces = Identity.objects.current_for(episode).first()
    if faces is None:
        return 0
    changed = 0
    for of_project in by_project.values():
        rules = rules_of(of_project[0].project)
        spans = [(clip.start_ms, clip.end_ms) for clip in of_project]
        for clip, people in zip(of_project, people_between(episode, spans), strict=True):
            before = [(person.identity_id, person.screen_time_ms) for person in clip.people.all()]
            if before == [(one.identity, one.screen_time_ms) for one in people]:
                continue
            _keep_facts(clip, faces.job_id, people, rules)
            _ask_about([clip])
            changed += 1
    return changed


@transaction.atomic
def judge_again(*, project: Project) -> int:
    """Bring the clips of a project under limits that were changed; returns how many stay or are dropped that did not.

    Clips that somebody has answered, or looks at, stay as they were.
    """
    rules = rules_of(project)
    changed = []
    for clip in _untouched().filter(project=project).select_related("facts", "project"):
        drop = drop_of(clip.end_ms - clip.start_ms, clip.facts.people, rules)
        if drop != clip.facts.drop:
            clip.facts.drop = drop
            changed.append(clip)
    ClipFacts.objects.bulk_update((clip.facts for clip in changed), ["drop"], batch_size=500)
    _ask_about(changed)
    return len(changed)


@transaction.atomic
def decide_limits(*, project: Project, **limits: int) -> int:
    """Change some of the limits of a project's clips (fields of ClipSettings); returns how many clips that changed.

    Raises RuleError `limits_contradict`, with the field that is wrong.
    """
    chosen = ClipSettings.objects.filter(project=project).first() or ClipSettings(project=project)
    for name, value in limits.items():
        setattr(chosen, name, value)
    wrong = {}
    if not 2 <= chosen.fewest_people <= chosen.most_people:
        wrong["most_people"] = ["It must be 2 at least, and not less than the fewest people."]
    if chosen.shortest_ms >= chosen.longest_ms:
        wrong["longest_ms"] = ["The longest clip must be longer than the shortest."]
    if wrong:
        raise RuleError("limits_contradict", "These limits would leave no clip.", wrong)
    chosen.save()
    return judge_again(project=project)


def _untouched() -> QuerySet[Clip]:
    """Clips that nobody has answered or looks at now."""
    taken = Assignment.objects.exclude(status=Assignment.Status.ABANDONED).filter(task__clip=OuterRef("pk"))
    return Clip.objects.filter(~Exists(taken), facts__isnull=False)


@transaction.atomic
def restore_clip(*, clip: Clip, user: User) -> None:
    """Let a dropped clip be labelled all the same. Raises RuleError where it was not dropped."""
    facts = ClipFacts.objects.select_for_update().get(clip=clip)
    if not facts.drop:
        raise RuleError("not_dropped", "This clip was not dropped: it is labelled already.")
    if not facts.is_restored:
        facts.restored_by, facts.restored_at = user, timezone.now()
        facts.save(update_fields=["restored_by", "restored_at"])
    _ask_about([clip])


def _keep_facts(clip: Clip, faces: int, people: Sequence[Seen], rules: ClipRules) -> None:
    drop = drop_of(clip.end_ms - clip.start_ms, len(people), rules)
    ClipFacts.objects.update_or_create(clip=clip, defaults={"faces_id": faces, "people": len(people), "drop": drop})
    clip.people.all().delete()
    ClipPerson.objects.bulk_create(
        ClipPerson(
            clip=clip,
            identity_id=one.identity,
            place=place,
            screen_time_ms=one.screen_time_ms,
            spans=[list(span) for span in one.spans],
        )
        for place, one in enumerate(people)
    )


def _ask_about(clips: Sequence[Clip]) -> None:
    """Give clips that stay a task, and take away one that nobody has begun from those that do not.

    Demo clips are shown to annotators, who do not answer for them. A project has tens of thousands of clips: they go
    through the database some hundreds at once.
    """
    for start in range(0, len(clips), AT_ONCE):
        some = clips[start : start + AT_ONCE]
        facts = ClipFacts.objects.filter(clip__in=some)
        out = set(facts.exclude(drop="").filter(restored_at__isnull=True).values_list("clip", flat=True))
        Task.objects.filter(clip__in=out, assignments__isnull=True).delete()
        demos = TrainingClip.objects.filter(clip__in=some, kind=TrainingClip.Kind.DEMO)
        kept = out.union(
            demos.values_list("clip", flat=True), Task.objects.filter(clip__in=some).values_list("clip", flat=True)
        )
        Task.objects.bulk_create(
            (
                Task(
                    clip=clip,
                    project_id=clip.project_id,
                    kind=Task.Kind.RELATE,
                    episode_id=clip.episode_id,
                    answers_wanted=clip.project.answers_per_clip,
                )
                for clip in some
                if clip.pk not in kept
            ),
            ignore_conflicts=True,
        )
