"""Discussions of clips on which annotators differ: who may read them, comments, and the consensus that ends them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from exports.erato.clips import Pair
from exports.erato.training import Said
from webapp.accounts.models import User
from webapp.annotation.models import Assignment, Clip, Project, Task, TrainingClip
from webapp.annotation.remarks import LONGEST_COMMENT
from webapp.annotation.rules import RuleError
from webapp.quality.models import Comment, Consensus
from webapp.quality.training import open_who_passed, training_account


def may_discuss(clip: Clip, user: User) -> bool:
    """Whether somebody may see what others said of a clip.

    Annotators may once they have answered it themselves: a training clip at once, another when all its answers are
    there, so that nobody answers with another's answer in mind. They are not told which clips are gold, so never those.
    Demo clips are shown to everybody.
    """
    if user.is_staff or TrainingClip.objects.filter(clip=clip, kind=TrainingClip.Kind.DEMO).exists():
        return True
    task = Task.objects.filter(clip=clip).first()
    if task is None or task.purpose == Task.Purpose.GOLD:
        return False
    done = Assignment.objects.filter(task=task, status=Assignment.Status.DONE)
    if not done.filter(annotator=user).exists():
        return False
    return task.purpose == Task.Purpose.TRAINING or done.count() >= task.answers_wanted > 1


@transaction.atomic
def comment_on(*, clip: Clip, author: User, client_id: UUID, text: str) -> Comment:
    """Add a comment to a discussion. The same client_id twice is one comment. Raises RuleError."""
    known = Comment.objects.filter(author=author, client_id=client_id).first()
    if known is not None:
        return known
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_COMMENT:
        message = f"A comment has 1 to {LONGEST_COMMENT} characters."
        raise RuleError("rule_broken", message, {"text": [message]})
    return Comment.objects.create(clip=clip, author=author, client_id=client_id, text=text)


@transaction.atomic
def agree_on(*, clip: Clip, user: User, client_id: UUID, pair: Pair, relationship: str, note: str = "") -> Consensus:
    """Record what a discussion ended with. The same client_id twice is one consensus, a new one takes its place.

    Raises RuleError where the pair is not of people in the clip.
    """
    known = Consensus.objects.filter(decided_by=user, client_id=client_id).first()
    if known is not None:
        return known
    first, second = sorted(pair)
    if first == second or clip.people.filter(identity__in=pair).count() < 2:
        message = "Choose two different people who are seen in this clip."
        raise RuleError("rule_broken", message, {"pair": [message]})
    made = Consensus.objects.create(
        clip=clip,
        client_id=client_id,
        first_id=first,
        second_id=second,
        relationship=relationship,
        note=note.strip(),
        decided_by=user,
    )
    open_who_passed(clip.project)
    return made


@transaction.atomic
def accept_unanimous(*, project: Project, user: User, client_id: UUID) -> int:
    """Take as gold answer what all annotators say, where they all say the same; returns for how many clips.

    Clips that have a gold answer keep it. Each consensus gets an id made of `client_id` and its clip, so that sending
    it twice changes nothing.
    """
    accepted = 0
    for one in training_account(project).clips:
        said: Said | None = one.all_say
        if one.gold is not None or said is None or said.pair is None or len(one.answers) < project.memberships.count():
            continue
        own_id = UUID(int=(client_id.int + one.chosen.clip_id) % 2**128)
        agree_on(clip=one.chosen.clip, user=user, client_id=own_id, pair=said.pair, relationship=said.relationship)
        accepted += 1
    return accepted
