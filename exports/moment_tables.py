"""Moments as a table for people and as CSV for spreadsheets: counts, and how far annotators agree."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from exports.agreement import Coefficient
from exports.agreement_tables import exact, number, plain_cell, table
from exports.moment_agreement import MomentAgreement
from exports.moment_counts import MomentCounts

CSV_COLUMNS = (
    "annotator_a", "annotator_b", "tolerance_ms", "episodes", "moments_a", "moments_b", "matched", "precision",
    "recall", "f1", "offset_ms", "alpha", "undefined",
)  # fmt: skip
_COUNTS = ("moments", "a minute", "waiting", "clips", "duplicates", "too long", "watched %", "removed")


def render_moments(
    episodes: Mapping[str, MomentCounts],
    annotators: Mapping[str, MomentCounts],
    total: MomentCounts,
    agreement: MomentAgreement,
    gamma: Coefficient | None = None,
) -> str:
    """Return counts by episode and annotator, then agreement, as plain text; `gamma` is None where nobody asked."""
    if not total.turns:
        return "No episode was watched to its end yet.\n"
    rows = [(name, *_counts(counts)) for name, counts in [*episodes.items(), ("all", total)]]
    lines = [*table(("episode", *_COUNTS), rows), ""]
    lines += [*table(("annotator", *_COUNTS), [(name, *_counts(counts)) for name, counts in annotators.items()]), ""]
    lines += [
        "Each clip is made once: moments = clips + duplicates + waiting. Clips of 30 s and more are not labelled.",
        "",
    ]
    return "\n".join([*lines, *_agreement(agreement, gamma)]) + "\n"


def _counts(counts: MomentCounts) -> tuple[str, ...]:
    return (
        str(counts.moments),
        _decimal(counts.per_minute, 2),
        str(counts.waiting),
        str(counts.clips),
        str(counts.duplicates),
        str(counts.too_long),
        _decimal(None if counts.watched_share is None else 100 * counts.watched_share, 1),
        str(counts.removed),
    )


def _agreement(agreement: MomentAgreement, gamma: Coefficient | None) -> list[str]:
    if not agreement.pairs:
        return ["Agreement on moments needs an episode that two annotators finished."]
    head = ("annotator", "and", "episodes", "moments", "theirs", "matched", "precision", "recall", "F1", "later by ms")
    rows = [
        (
            *pair.annotators,
            str(pair.episodes),
            str(pair.first_moments),
            str(pair.second_moments),
            str(pair.matched),
            _decimal(pair.precision),
            _decimal(pair.recall),
            _decimal(pair.f1),
            "-" if pair.offset_ms is None else str(pair.offset_ms),
        )
        for pair in agreement.pairs
    ]
    means = ("mean", "", "", "", "", "", *map(_decimal, (agreement.precision, agreement.recall, agreement.f1)), "")
    lines = [*table(head, [*rows, means], left=2), "", f"Matched one to one within {agreement.tolerance_ms} ms."]
    for name, coefficient in (("Krippendorff's alpha over time", agreement.alpha), ("gamma, mean of episodes", gamma)):
        if coefficient is not None:
            why = f" ({coefficient.reason})" if coefficient.value is None else ""
            lines.append(f"{name}: {number(coefficient)}{why}")
    return lines


def render_moments_csv(agreement: MomentAgreement) -> str:
    """Return agreement on moments as CSV: one row for everybody (no annotator named), then one per annotator pair."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerow(
        {
            "tolerance_ms": agreement.tolerance_ms,
            "episodes": agreement.episodes,
            "precision": exact(agreement.precision),
            "recall": exact(agreement.recall),
            "f1": exact(agreement.f1),
            "alpha": exact(agreement.alpha.value),
            "undefined": f"alpha: {agreement.alpha.reason}" if agreement.alpha.reason else "",
        }
    )
    for pair in agreement.pairs:
        writer.writerow(
            {
                "annotator_a": plain_cell(pair.annotators[0]),
                "annotator_b": plain_cell(pair.annotators[1]),
                "tolerance_ms": agreement.tolerance_ms,
                "episodes": pair.episodes,
                "moments_a": pair.first_moments,
                "moments_b": pair.second_moments,
                "matched": pair.matched,
                "precision": exact(pair.precision),
                "recall": exact(pair.recall),
                "f1": exact(pair.f1),
                "offset_ms": "" if pair.offset_ms is None else pair.offset_ms,
            }
        )
    return out.getvalue()


def _decimal(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
