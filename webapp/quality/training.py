"""How far the annotators of a project are with their training, and the end of it (ERATO rule 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from exports.erato.training import Said, Score, differ, has_passed, score
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Membership, Project, Task, TrainingClip
from webapp.annotation.services.training import open_period
from webapp.quality.models import Comment
from webapp.quality.said import FinishedTurn, finished_turns, gold_answers


@dataclass(slots=True)
class ClipAccount:
    """A demo, training or gold clip, and what was said of it."""

    chosen: TrainingClip
    answers: dict[int, Said] = field(default_factory=dict)
    """By annotator."""
    gold: Said | None = None
    comments: int = 0

    @property
    def differs(self) -> bool:
        return differ(self.answers.values())

    @property
    def all_say(self) -> Said | None:
        """What all annotators say, two at least; None where they differ, or would discard the clip."""
        said = set(self.answers.values())
        return said.pop() if len(self.answers) > 1 and len(said) == 1 and next(iter(said)).pair else None


@dataclass(frozen=True, slots=True)
class AnnotatorAccount:
    member: Membership
    training: Score
    gold: Score
    has_passed: bool


@dataclass(frozen=True, slots=True)
class TrainingAccount:
    clips: list[ClipAccount]
    annotators: list[AnnotatorAccount]

    @property
    def training_clips(self) -> int:
        return sum(one.chosen.kind == TrainingClip.Kind.TRAINING for one in self.clips)


def training_account(project: Project) -> TrainingAccount:
    """Return how the training of a project stands, in six queries for any number of clips and annotators."""
    clips = _clip_accounts(project)
    members = list(project.memberships.select_related("user", "opened_by").order_by("user__username"))
    total = sum(one.chosen.kind == TrainingClip.Kind.TRAINING for one in clips)
    annotators = []
    for member in members:
        training = _score(clips, TrainingClip.Kind.TRAINING, member.user_id)
        passed = has_passed(training, total, project.training_threshold)
        annotators.append(
            AnnotatorAccount(member, training, _score(clips, TrainingClip.Kind.GOLD, member.user_id), passed)
        )
    return TrainingAccount(clips, annotators)


def _clip_accounts(project: Project) -> list[ClipAccount]:
    chosen = TrainingClip.objects.filter(clip__project=project).select_related("clip__episode__series")
    accounts = {one.clip_id: ClipAccount(one) for one in chosen}
    for turn in finished_turns(project, purpose__in=[Task.Purpose.TRAINING, Task.Purpose.GOLD]):
        if turn.clip in accounts:
            accounts[turn.clip].answers[turn.annotator] = turn.said
    for clip, said in gold_answers(accounts.keys()).items():
        accounts[clip].gold = said
    for clip in Comment.objects.filter(clip__in=accounts.keys()).values_list("clip", flat=True):
        accounts[clip].comments += 1
    return list(accounts.values())


def _score(clips: Sequence[ClipAccount], kind: str, annotator: int) -> Score:
    of_kind = (one for one in clips if one.chosen.kind == kind and annotator in one.answers)
    return score((one.answers[annotator], one.gold) for one in of_kind)


def open_who_passed(project: Project) -> None:
    """Open the annotating period of everybody who has passed, where the project says that it opens by itself."""
    if not (project.trains and project.opens_by_itself):
        return
    for one in training_account(project).annotators:
        if one.has_passed:
            open_period(project=project, annotator=one.member.user, by=None)


def open_after_turn(*, assignment: Assignment) -> None:
    """What follows the end of a training turn."""
    if assignment.task.purpose == Task.Purpose.TRAINING:
        open_who_passed(assignment.task.project)


def answers_by_clip(turns: Sequence[FinishedTurn]) -> dict[int, list[FinishedTurn]]:
    """Return clip id -> its finished turns, the first one first."""
    found: dict[int, list[FinishedTurn]] = defaultdict(list)
    for turn in turns:
        found[turn.clip].append(turn)
    return found


def is_member(project: Project, user: User) -> bool:
    return project.memberships.filter(user=user).exists()
