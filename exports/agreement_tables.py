"""The agreement report as a table for people and as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from exports.agreement import AgreementReport, Coefficient, LevelAgreement

CSV_COLUMNS = (
    "level", "annotator_a", "annotator_b", "units", "answers", "percent", "unanimous_percent",
    "alpha", "fleiss", "fleiss_answers", "fleiss_units", "cohen", "undefined",
)  # fmt: skip


def render_text(report: AgreementReport) -> str:
    """Return the report as plain text: counts, one row per level, one row per annotator pair, reasons for gaps."""
    if not report.answers:
        return "No answers yet.\n"
    who = ", ".join(f"{name} ({count})" for name, count in report.answers_per_annotator.items())
    lines = [
        f"{report.answers} answers by {len(report.annotators)} annotators: {who}",
        f"{report.units} clip-character pairs, {report.units_with_two_answers} with at least two answers",
        "",
        *table(
            ("level", "units", "answers", "agree %", "all agree %", "alpha", "Fleiss", "Cohen"),
            [
                (
                    level.level,
                    str(level.units),
                    str(level.answers),
                    _percent(level.percent),
                    _percent(level.unanimous_percent),
                    number(level.alpha),
                    number(level.fleiss),
                    number(level.cohen),
                )
                for level in report.levels
            ],
        ),
        "",
        "alpha: Krippendorff, nominal; Fleiss: over the units with the most common number of answers;",
        "Cohen: mean over annotator pairs; -: not defined.",
    ]
    pairs = [
        (level.level, *pair.annotators, str(pair.units), _percent(pair.percent), number(pair.kappa))
        for level in report.levels
        for pair in level.pairs
        if pair.units
    ]
    if pairs:
        lines += ["", *table(("level", "annotator", "and", "units", "agree %", "Cohen"), pairs, left=3)]
    gaps = [f"{level.level}: {reason}" for level in report.levels if (reason := _why(level))]
    if gaps:
        lines += ["", "Not defined:", *(f"  {gap}" for gap in gaps)]
    return "\n".join(lines) + "\n"


def render_csv(report: AgreementReport) -> str:
    """Return the report as CSV: per level one row for everybody (no annotator named), then one per annotator pair."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for level in report.levels:
        writer.writerow(
            {
                "level": level.level,
                "units": level.units,
                "answers": level.answers,
                "percent": exact(level.percent),
                "unanimous_percent": exact(level.unanimous_percent),
                "alpha": exact(level.alpha.value),
                "fleiss": exact(level.fleiss.value),
                "fleiss_answers": level.fleiss_answers,
                "fleiss_units": level.fleiss_units,
                "cohen": exact(level.cohen.value),
                "undefined": _why(level),
            }
        )
        for pair in level.pairs:
            writer.writerow(
                {
                    "level": level.level,
                    "annotator_a": plain_cell(pair.annotators[0]),
                    "annotator_b": plain_cell(pair.annotators[1]),
                    "units": pair.units,
                    "answers": 2 * pair.units,
                    "percent": exact(pair.percent),
                    "cohen": exact(pair.kappa.value),
                    "undefined": f"cohen: {pair.kappa.reason}" if pair.kappa.reason else "",
                }
            )
    return out.getvalue()


def _why(level: LevelAgreement) -> str:
    named = (("alpha", level.alpha), ("fleiss", level.fleiss), ("cohen", level.cohen))
    reasons: dict[str, list[str]] = {}
    for name, coefficient in named:
        if coefficient.value is None:
            reasons.setdefault(coefficient.reason, []).append(name)
    return "; ".join(f"{', '.join(names)}: {reason}" for reason, names in reasons.items())


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return [
        "  ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def number(coefficient: Coefficient) -> str:
    return "-" if coefficient.value is None else f"{coefficient.value:.3f}"


def exact(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def plain_cell(text: str) -> str:
    """Return a name that a spreadsheet will not take for a formula."""
    return f"'{text}" if text.startswith(tuple("=+-@\t\r")) else text
