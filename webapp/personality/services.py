"""Keeping answers to questionnaires."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from exports.questionnaires.instruments import all_items
from exports.questionnaires.scoring import CANNOT_TELL, HIGHEST
from webapp.accounts.models import User
from webapp.annotation.rules import RuleError
from webapp.corpus.models import Character
from webapp.personality.models import ItemAnswer


@transaction.atomic
def answer_item(*, character: Character, rater: User, client_id: UUID, item: str, value: int) -> ItemAnswer:
    """Store an answer. The same client_id twice is one answer, a new one a correction. Raises RuleError."""
    wrong: dict[str, list[str]] = {}
    if item not in all_items():
        wrong["item"] = [f"No questionnaire asks for “{item}”."]
    if not CANNOT_TELL <= value <= HIGHEST:
        wrong["value"] = ["Answer with 1 to 5, or 0 for what cannot be told."]
    if not character.is_main:
        wrong["character"] = [f"{character.name} is not a main character any more."]
    if wrong:
        raise RuleError("rule_broken", "This answer cannot be kept.", wrong)
    answer, _ = ItemAnswer.objects.get_or_create(
        character=character, rater=rater, client_id=client_id, defaults={"item": item, "value": value}
    )
    return answer
