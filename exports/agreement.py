"""How far annotators agree, level by level of the MEmoR protocol. The statistics themselves come from libraries.

A *unit* is one (clip, character). Its answers are the last states of the annotators who spoke about it; not everybody
answers everything, so answers may be missing anywhere. Agreement is about units with at least two answers.

Levels:
- `presence`: absent or present, all answers;
- `status`: absent, no emotion, several, one; all answers;
- `primary`, `fine_grained` (the 24), `fine_grained_kept` (after the project's mapping): answers that name one emotion;
- `primary_set`, `fine_grained_set`: the same with `neutral` for "no emotion", the classes of a release;
- `reason_text` and so on: yes or no, answers that name one emotion.

A coefficient that is not defined (nobody disagreed because there is only one value, no unit with two answers) is
None with the reason, never NaN.

statsmodels is imported by the functions that ask it: it brings scipy.stats and pandas, a second and 100 MB, and models
import this module, so that every process would pay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import krippendorff
import numpy as np

from exports.emotions import DEFAULT_FINE_GRAINED_KEPT, NEUTRAL, REASONS, merged
from exports.errors import ExportError
from exports.snapshot import StateRow

NO_PAIRS = "no clip and character with two answers"
ONE_VALUE = "all answers are the same, so chance agreement is total"
ONE_RATER = "fewer than two annotators"

Unit = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one level: numbers of values, not the values, as there may be tens of thousands."""

    codes: np.ndarray
    """[units, annotators], a position in `values`, -1 for no answer; every unit has at least two."""
    annotators: tuple[str, ...]
    values: tuple[str, ...]
    """By falling count, then by name."""

    def counts(self) -> np.ndarray:
        """Return [units, values]: how many annotators gave each value."""
        units, columns = self.codes.shape[0], len(self.values)
        unit, _ = np.nonzero(self.codes >= 0)
        return np.bincount(unit * columns + self.codes[self.codes >= 0], minlength=units * columns).reshape(
            units, columns
        )


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A chance-corrected coefficient; `value` is None where it is not defined, and `reason` then says why."""

    value: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two annotators on the units both answered. `percent` is 0 to 100, None without a shared unit."""

    annotators: tuple[str, str]
    units: int
    percent: float | None
    kappa: Coefficient


@dataclass(frozen=True, slots=True)
class LevelAgreement:
    level: str
    units: int
    """Units with at least two answers at this level; everything below is about these."""
    answers: int
    annotators: int
    values: dict[str, int]
    """How often each value was chosen, by falling count."""
    percent: float | None
    """Pairs of answers to the same unit that agree, of all such pairs, 0 to 100."""
    unanimous_percent: float | None
    alpha: Coefficient
    """Krippendorff's alpha, nominal: takes missing answers as they are."""
    fleiss: Coefficient
    """Fleiss' kappa over the units that have `fleiss_answers` answers each, the most common number."""
    fleiss_answers: int
    fleiss_units: int
    cohen: Coefficient
    """Mean of Cohen's kappa over the annotator pairs where it is defined."""
    pairs: tuple[PairAgreement, ...]


@dataclass(frozen=True, slots=True)
class AgreementReport:
    annotators: tuple[str, ...]
    answers: int
    units: int
    units_with_two_answers: int
    answers_per_annotator: dict[str, int]
    levels: tuple[LevelAgreement, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain dicts, lists, strings, numbers and None, ready for JSON."""
        return asdict(self)

    def level(self, name: str) -> LevelAgreement:
        """Return one level; raises KeyError for a name that is not one."""
        for level in self.levels:
            if level.level == name:
                return level
        raise KeyError(name)


def agreement(states: Iterable[StateRow], kept: tuple[str, ...] = DEFAULT_FINE_GRAINED_KEPT) -> AgreementReport:
    """Return how far the annotators agree, on every level.

    `states` hold at most one row per clip, character and annotator (the last revision); `kept` is the project's
    mapping of fine-grained labels. Raises ExportError for two rows of the same annotator about the same thing.
    """
    by_unit: dict[Unit, dict[str, StateRow]] = {}
    for state in states:
        answers = by_unit.setdefault((state.clip_id, state.character_id), {})
        if state.annotator in answers:
            raise ExportError(
                f"{state.annotator} has two states for character {state.character_id} in clip {state.clip_id}: "
                "agreement needs the last revision only"
            )
        answers[state.annotator] = state
    per_annotator = Counter(name for answers in by_unit.values() for name in answers)
    names = tuple(sorted(per_annotator))
    return AgreementReport(
        annotators=names,
        answers=sum(per_annotator.values()),
        units=len(by_unit),
        units_with_two_answers=sum(len(answers) >= 2 for answers in by_unit.values()),
        answers_per_annotator=dict(sorted(per_annotator.items())),
        levels=tuple(_level(level, _answers(by_unit, names, read)) for level, read in _levels(kept).items()),
    )


def _levels(kept: tuple[str, ...]) -> dict[str, Callable[[StateRow], str | None]]:
    """Return what each level reads from a state; None where the state says nothing on that level."""

    def one(read: Callable[[StateRow], str]) -> Callable[[StateRow], str | None]:
        return lambda state: read(state) if state.status == "one" else None

    def with_neutral(read: Callable[[StateRow], str]) -> Callable[[StateRow], str | None]:
        return lambda state: NEUTRAL if state.status == "no_emotion" else one(read)(state)

    def gives_reason(reason: str) -> Callable[[StateRow], str | None]:
        return one(lambda state: "yes" if reason in state.reasons else "no")

    def kept_label(state: StateRow) -> str:
        return merged(state.fine_grained, kept)

    return {
        "presence": lambda state: "absent" if state.status == "absent" else "present",
        "status": lambda state: state.status,
        "primary": one(lambda state: state.primary),
        "fine_grained": one(lambda state: state.fine_grained),
        "fine_grained_kept": one(kept_label),
        "primary_set": with_neutral(lambda state: state.primary),
        "fine_grained_set": with_neutral(kept_label),
        **{f"reason_{reason}": gives_reason(reason) for reason in REASONS},
    }


def _answers(
    by_unit: Mapping[Unit, Mapping[str, StateRow]], names: tuple[str, ...], read: Callable[[StateRow], str | None]
) -> Answers:
    """Return the answers of units that have at least two on this level, and of the annotators who gave them."""
    places = {name: place for place, name in enumerate(names)}
    numbers: dict[str, int] = {}
    codes = np.full((len(by_unit), len(names)), -1, dtype=np.int64)
    for unit, states in enumerate(by_unit.values()):
        for name, state in states.items():
            value = read(state)
            if value is not None:
                codes[unit, places[name]] = numbers.setdefault(value, len(numbers))
    codes = codes[(codes >= 0).sum(axis=1) >= 2]
    codes, spoke = codes[:, (codes >= 0).any(axis=0)], (codes >= 0).any(axis=0)
    found = list(numbers)
    counts = np.bincount(codes[codes >= 0], minlength=len(found))
    order = sorted(np.flatnonzero(counts), key=lambda number: (-counts[number], found[number]))
    renumbered = np.full(len(found) + 1, -1)  # the last one is where -1 points: no answer stays no answer
    renumbered[order] = np.arange(len(order))
    return Answers(
        codes=renumbered[codes],
        annotators=tuple(name for name, is_there in zip(names, spoke, strict=True) if is_there),
        values=tuple(found[number] for number in order),
    )


def _level(name: str, answers: Answers) -> LevelAgreement:
    table = answers.counts()
    fleiss, fleiss_answers, fleiss_units = _fleiss(table)
    pairs = tuple(_pair(answers, *pair) for pair in combinations(range(len(answers.annotators)), 2))
    return LevelAgreement(
        level=name,
        units=len(table),
        answers=int(table.sum()),
        annotators=len(answers.annotators),
        values=dict(zip(answers.values, table.sum(axis=0).tolist(), strict=True)),
        percent=_percent(table),
        unanimous_percent=100.0 * float((np.count_nonzero(table, axis=1) == 1).mean()) if len(table) else None,
        alpha=_alpha(table),
        fleiss=fleiss,
        fleiss_answers=fleiss_answers,
        fleiss_units=fleiss_units,
        cohen=_mean_kappa(pairs, len(answers.annotators)),
        pairs=pairs,
    )


def _percent(table: np.ndarray) -> float | None:
    """Return the share of agreeing pairs of answers, 0 to 100; `table` is [units, values], counts of answers."""
    if not len(table):
        return None
    per_unit = table.sum(axis=1)
    return 100.0 * float((table * (table - 1)).sum() / (per_unit * (per_unit - 1)).sum())


def _undefined(table: np.ndarray) -> str:
    if not len(table):
        return NO_PAIRS
    return ONE_VALUE if table.shape[1] < 2 else ""


def _alpha(table: np.ndarray) -> Coefficient:
    if reason := _undefined(table):
        return Coefficient(None, reason)
    return Coefficient(float(krippendorff.alpha(value_counts=table, level_of_measurement="nominal")))


def _fleiss(table: np.ndarray) -> tuple[Coefficient, int, int]:
    """Return Fleiss' kappa, and over which units: it needs the same number of answers everywhere."""
    if reason := _undefined(table):
        return Coefficient(None, reason), 0, 0
    per_unit = table.sum(axis=1)
    numbers, units = np.unique(per_unit, return_counts=True)
    common = int(numbers[units == units.max()].max())
    chosen = table[per_unit == common]
    if np.count_nonzero(chosen.sum(axis=0)) < 2:
        return Coefficient(None, ONE_VALUE), common, len(chosen)
    from statsmodels.stats.inter_rater import fleiss_kappa

    return Coefficient(float(fleiss_kappa(chosen, method="fleiss"))), common, len(chosen)


def _pair(answers: Answers, first: int, second: int) -> PairAgreement:
    """Compare two annotators, given by their columns."""
    names = (answers.annotators[first], answers.annotators[second])
    one, other = answers.codes[:, first], answers.codes[:, second]
    both = (one >= 0) & (other >= 0)
    one, other = one[both], other[both]
    if not len(one):
        return PairAgreement(names, 0, None, Coefficient(None, "no clip and character answered by both"))
    return PairAgreement(names, len(one), 100.0 * float((one == other).mean()), _kappa(one, other))


def _kappa(first: np.ndarray, second: np.ndarray) -> Coefficient:
    used, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    if len(used) < 2:
        return Coefficient(None, ONE_VALUE)
    from statsmodels.stats.inter_rater import cohens_kappa

    pairs = codes[: len(first)] * len(used) + codes[len(first) :]
    table = np.bincount(pairs, minlength=len(used) ** 2).reshape(len(used), len(used))
    value = float(cohens_kappa(table, return_results=False))
    return Coefficient(value) if np.isfinite(value) else Coefficient(None, ONE_VALUE)


def _mean_kappa(pairs: Sequence[PairAgreement], annotators: int) -> Coefficient:
    if not pairs:
        return Coefficient(None, ONE_RATER if annotators == 1 else NO_PAIRS)
    defined = [pair.kappa.value for pair in pairs if pair.kappa.value is not None]
    if not defined:
        return Coefficient(None, next(pair.kappa.reason for pair in pairs))
    return Coefficient(float(np.mean(defined)))
