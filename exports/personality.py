"""Personality profiles: one row per character, questionnaire numbers then word-category frequencies.

Source: MEmoR (Shen et al., ACM MM 2020): 26 numbers of a questionnaire (16PF 16, Big Five 5, MBTI 5) and the
frequencies of word categories over all that the character says. Raw values: the official loader normalises columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exports.errors import ExportError
from exports.lexicons import Lexicon

QUESTIONNAIRE_NUMBERS: Final = 26

QUESTIONNAIRE_COLUMNS: Final = (
    "16pf_warmth", "16pf_reasoning", "16pf_emotional_stability", "16pf_dominance", "16pf_liveliness",
    "16pf_rule_consciousness", "16pf_social_boldness", "16pf_sensitivity", "16pf_vigilance", "16pf_abstractedness",
    "16pf_privateness", "16pf_apprehension", "16pf_openness_to_change", "16pf_self_reliance", "16pf_perfectionism",
    "16pf_tension",
    "big5_openness", "big5_conscientiousness", "big5_extraversion", "big5_agreeableness", "big5_neuroticism",
    "mbti_mind", "mbti_energy", "mbti_nature", "mbti_tactics", "mbti_identity",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonalityTable:
    """Profiles by character index of the release."""

    columns: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    questionnaire_present: tuple[bool, ...]
    """False: the character's questionnaire was not filled in, and its 26 numbers are zeros."""

    def as_csv(self) -> str:
        """Return the rows as the official layout has them: no header, comma-separated, exact numbers."""
        return "".join(",".join(repr(value) for value in row) + "\n" for row in self.rows)


def personality_table(
    names: Sequence[str],
    questionnaires: Sequence[tuple[float, ...] | None],
    utterances: Mapping[int, Sequence[str]],
    lexicon: Lexicon,
) -> PersonalityTable:
    """Return a row of 26 + categories numbers per character.

    `names` and `questionnaires` are by character index; `utterances` holds all lines of a character in the project.
    Raises ExportError for a questionnaire that does not have 26 finite numbers.
    """
    rows = []
    for index, (name, questionnaire) in enumerate(zip(names, questionnaires, strict=True)):
        numbers = questionnaire if questionnaire is not None else (0.0,) * QUESTIONNAIRE_NUMBERS
        if len(numbers) != QUESTIONNAIRE_NUMBERS:
            raise ExportError(f"the questionnaire of {name} has {len(numbers)} numbers instead of 26")
        if not all(abs(number) < float("inf") for number in numbers):
            raise ExportError(f"the questionnaire of {name} holds a number that is not finite")
        rows.append((*map(float, numbers), *lexicon.frequencies(utterances.get(index, ()))))
    return PersonalityTable(
        columns=(*QUESTIONNAIRE_COLUMNS, *(f"word_{category}" for category in lexicon.categories)),
        rows=tuple(rows),
        questionnaire_present=tuple(questionnaire is not None for questionnaire in questionnaires),
    )
