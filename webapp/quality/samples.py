"""What a project's answers come to, pair by pair of clip and character: the account of rule 6."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from exports.emotions import DEFAULT_FINE_GRAINED_KEPT, NEUTRAL, PRIMARY_OF, merged
from exports.samples import Decision, count_reasons, judge
from webapp.annotation.models import Assignment, Clip, Project, StateRevision
from webapp.corpus.models import Character
from webapp.quality.remembered import Remembered
from webapp.quality.snapshot import answers_snapshot

#: What a filter may ask for beside the reasons of `exports.samples`.
SAMPLE, NONE = "sample", "none"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict without its answers: what is kept in memory of every pair."""

    clip_id: int
    episode_id: int
    character_id: int
    decision: Decision
    answers: int
    times_ms: tuple[int, ...]


def _judge(project: Project) -> tuple[Outcome, ...]:
    same: dict[Decision, Decision] = {}  # a few dozen decisions for tens of thousands of pairs
    return tuple(
        Outcome(
            clip_id=verdict.clip_id,
            episode_id=verdict.episode_id,
            character_id=verdict.character_id,
            decision=same.setdefault(verdict.decision, verdict.decision),
            answers=len(verdict.states),
            times_ms=verdict.times_ms,
        )
        for verdict in judge(answers_snapshot(project))
    )


_outcomes = Remembered(_judge)


def outcomes_of(project: Project) -> tuple[Outcome, ...]:
    """Return what every pair of clip and character comes to, in the order of clips and characters."""
    return _outcomes.of(project)


def account_of(project: Project) -> dict[str, Any]:
    """Return how many pairs and samples there are, by label before any merging, and why the other pairs give none."""
    outcomes = outcomes_of(project)
    kept = [one for one in outcomes if one.decision.label]
    pairs = Counter(one.decision.label for one in kept)
    samples: Counter[str] = Counter()
    for one in kept:
        samples[one.decision.label] += len(one.times_ms)
    names = (*PRIMARY_OF, NEUTRAL)
    return {
        "answers_per_clip": project.answers_per_clip,
        "kept": project.fine_grained_kept,
        "published": DEFAULT_FINE_GRAINED_KEPT,
        "labels": [
            {
                "name": name,
                "primary": PRIMARY_OF.get(name, NEUTRAL),
                "pairs": pairs[name],
                "samples": samples[name],
            }
            for name in names
        ],
        "pairs": len(outcomes),
        "pairs_with_sample": len(kept),
        "pairs_unfinished": sum(one.answers < project.answers_per_clip for one in kept),
        "samples": samples.total(),
        "reasons": [
            {"reason": reason, "pairs": count}
            for reason, count in count_reasons(one.decision for one in outcomes).items()
        ],
    }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pairs are asked for; None: all."""

    outcome: str | None = None
    """`sample`, `none`, or one of the reasons."""
    label: str | None = None
    character: int | None = None
    episode: int | None = None

    def takes(self, one: Outcome) -> bool:
        decision = one.decision
        outcome = decision.reason or SAMPLE
        return (
            (self.outcome is None or self.outcome == outcome or (self.outcome == NONE and outcome != SAMPLE))
            and (self.label is None or self.label == decision.label)
            and (self.character is None or self.character == one.character_id)
            and (self.episode is None or self.episode == one.episode_id)
        )


def select(project: Project, wanted: Wanted) -> list[Outcome]:
    """Return the pairs that are asked for."""
    return [one for one in outcomes_of(project) if wanted.takes(one)]


def explain(project: Project, outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return pairs with the answers they stand on, corrections included, in three queries for any number."""
    clips = Clip.objects.select_related("episode__series").in_bulk({one.clip_id for one in outcomes})
    people = Character.objects.in_bulk({one.character_id for one in outcomes})
    answers = _answers(project, clips)
    return [
        {
            "clip": clips[one.clip_id],
            "character": people[one.character_id],
            **outcome_of(one.decision, tuple(project.fine_grained_kept)),
            "moments_ms": one.times_ms,
            "answers": answers[one.clip_id, one.character_id],
        }
        for one in outcomes
    ]


def outcome_of(decision: Decision, kept: tuple[str, ...]) -> dict[str, Any]:
    """Return a decision in plain values, with both emotion sets."""
    is_emotion = decision.label in PRIMARY_OF
    return {
        "outcome": decision.reason or SAMPLE,
        "label": decision.label,
        "primary": PRIMARY_OF.get(decision.label, decision.label),
        "fine_grained": merged(decision.label, kept) if is_emotion else decision.label,
        "votes": decision.votes,
        "named": decision.named,
    }


def _answers(project: Project, clips: Collection[int]) -> dict[tuple[int, int], list[dict[str, Any]]]:
    """Return (clip, character) -> what was said of it in finished turns, by annotator and time."""
    revisions = (
        StateRevision.objects.filter(
            assignment__task__project=project,
            assignment__task__clip__in=list(clips),
            assignment__status=Assignment.Status.DONE,
        )
        .select_related("assignment__annotator", "assignment__task")
        .order_by("assignment__annotator__username", "created_at", "pk")
    )
    found: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for row in revisions:
        said = found[row.assignment.task.clip_id or 0, row.character_id]
        annotator = row.assignment.annotator
        for earlier in said:
            earlier["counts"] &= earlier["username"] != annotator.username
        said.append(
            {
                "id": row.client_id,
                "username": annotator.username,
                "annotator": annotator.full_name,
                "status": row.status,
                "primary": row.primary,
                "fine_grained": row.fine_grained,
                "reasons": row.reasons,
                "duration_ms": row.duration_ms,
                "created_at": row.created_at,
                "counts": True,
            }
        )
    return found


#: Columns of the account as a CSV file, see docs/formats.md.
CSV_COLUMNS = (
    "clip", "series", "episode", "start_ms", "end_ms", "character", "outcome", "label", "primary", "fine_grained",
    "votes", "named", "answers", "moments_ms", "annotations",
)  # fmt: skip


def csv_rows(project: Project) -> Iterator[tuple[object, ...]]:
    """Yield the header and a row for every pair; names of clips, characters and annotators are those of a release."""
    yield CSV_COLUMNS
    snapshot = answers_snapshot(project)
    clips = {clip.id: clip for clip in snapshot.clips}
    episodes = {episode.id: episode for episode in snapshot.episodes}
    people = {person.id: person.name for person in snapshot.characters}
    for verdict in judge(snapshot):
        clip, episode = clips[verdict.clip_id], episodes[verdict.episode_id]
        said = (f"{state.annotator}:{state.fine_grained or state.status}" for state in verdict.states)
        yield (
            clip.name, episode.series, episode.title, clip.start_ms, clip.end_ms, people[verdict.character_id],
            *outcome_of(verdict.decision, snapshot.fine_grained_kept).values(),
            len(verdict.states), " ".join(map(str, verdict.times_ms)), " ".join(said),
        )  # fmt: skip
