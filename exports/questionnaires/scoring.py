"""From answers to the 26 numbers of a profile, and how far those who answered agree.

An answer is 1 (does not fit at all, or the left side of a pair) to 5 (fits exactly, the right side), or 0: cannot be
told from the series. A scale's number is the mean of its answers, those of `minus` turned round, so 1 to 5; it needs
an answer other than 0 to at least half of its statements. A character's number is the mean over all who finished the
questionnaire; unfinished ones do not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import krippendorff
import numpy as np

from exports.agreement import ONE_RATER, ONE_VALUE, Coefficient
from exports.personality import QUESTIONNAIRE_COLUMNS
from exports.questionnaires.instruments import Instrument, Scale, instruments

CANNOT_TELL: Final = 0
LOWEST: Final = 1
HIGHEST: Final = 5

#: Item -> answer of one person about one character.
Answers = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of one character."""

    scores: dict[str, float | None]
    """Column -> its number, None where nobody's answers give one; every one of the 26 is there."""
    finished: dict[str, tuple[str, ...]]
    """Questionnaire -> who finished it."""
    agreement: dict[str, Coefficient]
    """Questionnaire -> Krippendorff's alpha (interval) over its items, of those who finished it."""

    def numbers(self) -> tuple[float, ...] | None:
        """Return the 26 numbers in the order of a release; None if one is missing."""
        found = [self.scores[column] for column in QUESTIONNAIRE_COLUMNS]
        return tuple(score for score in found if score is not None) if None not in found else None


def scale_score(scale: Scale, answers: Answers) -> float | None:
    """Return one person's number of a scale, 1 to 5; None with too few answers."""
    told = [answers[key] for key in scale.plus if answers.get(key, CANNOT_TELL)]
    told += [LOWEST + HIGHEST - answers[key] for key in scale.minus if answers.get(key, CANNOT_TELL)]
    if 2 * len(told) < len(scale.items) or not told:
        return None
    return sum(told) / len(told)


def is_finished(instrument: Instrument, answers: Answers) -> bool:
    """Return whether everything is answered, if only by "cannot be told"."""
    return all(item.key in answers for item in instrument.items)


def scores_of(answers: Answers) -> dict[str, float | None]:
    """Return column -> one person's number, finished or not."""
    return {scale.column: scale_score(scale, answers) for one in instruments() for scale in one.scales}


def profile_of(raters: Mapping[str, Answers]) -> Profile:
    """Return the profile of a character from everybody's answers."""
    scores: dict[str, float | None] = {}
    finished: dict[str, tuple[str, ...]] = {}
    agreement: dict[str, Coefficient] = {}
    for instrument in instruments():
        names = tuple(sorted(name for name, answers in raters.items() if is_finished(instrument, answers)))
        finished[instrument.key] = names
        agreement[instrument.key] = _alpha(instrument, [raters[name] for name in names])
        for scale in instrument.scales:
            given = [scale_score(scale, raters[name]) for name in names]
            told = [score for score in given if score is not None]
            scores[scale.column] = sum(told) / len(told) if told else None
    return Profile(scores, finished, agreement)


def _alpha(instrument: Instrument, raters: Sequence[Answers]) -> Coefficient:
    """Return Krippendorff's alpha of the answers as they were given; "cannot be told" counts as missing."""
    if len(raters) < 2:
        return Coefficient(None, ONE_RATER)
    table = np.array([[answers[item.key] for item in instrument.items] for answers in raters], dtype=float)
    table[table == CANNOT_TELL] = np.nan
    paired = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        return Coefficient(None, ONE_VALUE)
    return Coefficient(float(krippendorff.alpha(reliability_data=table, level_of_measurement="interval")))
