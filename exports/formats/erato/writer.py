"""Write an ERATO release: clip after clip, of which only the numbers are kept in memory.

    samples.jsonl samples.csv    the clips with a pair and a relationship
    dropped.csv                  the others, with the reason
    split/train.txt, test.txt    names of clips
    statistics.json README.md    for people
    snapshot.jsonl               what it was made of
    manifest.json                options, counts, software, SHA-256 of every other file

No file holds a date of writing or a path, so the same clips, options and software give the same bytes.
"""

from __future__ import annotations

import csv
import json
import platform
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import sklearn

from exports.erato.clips import ClipRules, Decision, EratoClip, candidates, check_clip, decide, why_dropped
from exports.erato.measures import Measures, measure
from exports.erato.splits import GROUPS, split_samples
from exports.erato.statistics import SampleNumbers, erato_statistics
from exports.errors import ExportError
from exports.formats.erato.datasheet import render_erato_datasheet
from exports.formats.erato.rows import (
    CSV_COLUMNS,
    DROPPED_COLUMNS,
    clip_json,
    dropped_row,
    read_snapshot,
    sample_json,
    sample_row,
)
from exports.formats.manifest import Manifest, check_files, file_sha256, list_files, read_manifest, write_manifest

FORMAT: Final = "erato"


@dataclass(frozen=True, slots=True)
class EratoOptions:
    project: str
    group_by: str = "clip"
    """`clip` as published; `episode` or `series`: what never stands on both sides."""
    seed: int = 2021
    rules: ClipRules = field(default_factory=ClipRules)


@dataclass(frozen=True, slots=True)
class EratoReport:
    path: Path
    manifest_sha256: str
    """Names the release."""
    train: int
    test: int
    dropped: dict[str, int]
    """Clips without a sample by reason."""
    notes: tuple[str, ...]
    statistics: dict[str, Any]
    """As in `statistics.json`."""


def write_erato_release(clips: Iterable[EratoClip], out: Path, options: EratoOptions) -> EratoReport:
    """Build a release in the new folder `out`, which appears complete or not at all; `clips` is read once.

    Raises ExportError, with what to do, if `out` holds something, a clip is not sound, or nothing was agreed on.
    """
    if options.group_by not in GROUPS:
        raise ExportError(f"group_by {options.group_by!r} is not known: use one of {', '.join(GROUPS)}")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ExportError(f"{out} exists and is not empty: a release goes to a new folder")
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        report = _write(partial, clips, options)
        partial.chmod(0o755)
        partial.rename(out)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return replace(report, path=out)


def rebuild_erato_release(old: Path, out: Path) -> EratoReport:
    """Build a release again from its own folder; with the same software every byte is the same. Raises ExportError."""
    manifest = read_manifest(old)
    check_files(old, manifest)
    chosen = dict(manifest.options)
    if chosen.pop("format", None) != FORMAT:
        raise ExportError(f"{old} is no ERATO release")
    try:
        options = EratoOptions(**{**chosen, "rules": ClipRules(**chosen["rules"])})
    except (KeyError, TypeError) as error:
        raise ExportError(f"the manifest of {old} holds options this program does not know: {error}") from error
    return write_erato_release(read_snapshot(old / "snapshot.jsonl"), out, options)


def _write(root: Path, clips: Iterable[EratoClip], options: EratoOptions) -> EratoReport:
    samples, dropped = _write_clips(root, clips, options.rules)
    if len(samples) < 2:
        reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in sorted(dropped.items()))
        raise ExportError(f"there are {len(samples)} samples to release, a split needs two ({reasons or 'no clips'})")
    split = split_samples(samples, options.group_by, options.seed)
    (root / "split").mkdir()
    for side, positions in (("train", split.train), ("test", split.test)):
        names = "".join(f"{samples[position].name}\n" for position in positions)
        (root / "split" / f"{side}.txt").write_text(names, "utf-8")
    statistics = erato_statistics(samples, split, dropped)
    (root / "statistics.json").write_text(json.dumps(statistics, ensure_ascii=False, indent=1) + "\n", "utf-8")
    datasheet = render_erato_datasheet(options.project, statistics, options.group_by, options.seed)
    (root / "README.md").write_text(datasheet, "utf-8")
    sha256 = write_manifest(
        root,
        Manifest(
            options={"format": FORMAT, **asdict(options)},
            snapshot_sha256=file_sha256(root / "snapshot.jsonl"),
            counts={"samples": len(samples), "train": len(split.train), "test": len(split.test), **dropped},
            sources={},
            software={
                "python": platform.python_version(),
                "numpy": np.__version__,
                "scikit-learn": sklearn.__version__,
            },
            files=list_files(root),
        ),
    )
    return EratoReport(root, sha256, len(split.train), len(split.test), dict(dropped), split.notes, statistics)


def _write_clips(root: Path, clips: Iterable[EratoClip], rules: ClipRules) -> tuple[list[SampleNumbers], Counter[str]]:
    """Write all that is written clip by clip; return the samples' numbers and how many clips were dropped why."""
    samples: list[SampleNumbers] = []
    dropped: Counter[str] = Counter()
    names: set[str] = set()
    with (
        (root / "snapshot.jsonl").open("w", encoding="utf-8") as snapshot,
        (root / "samples.jsonl").open("w", encoding="utf-8") as lines,
        (root / "samples.csv").open("w", encoding="utf-8", newline="") as table,
        (root / "dropped.csv").open("w", encoding="utf-8", newline="") as left_out,
    ):
        rows, drops = csv.writer(table, lineterminator="\n"), csv.writer(left_out, lineterminator="\n")
        rows.writerow(CSV_COLUMNS)
        drops.writerow(DROPPED_COLUMNS)
        for clip in clips:
            check_clip(clip)
            if clip.name in names:
                raise ExportError(f"two clips are named {clip.name}: names are unique in a release")
            names.add(clip.name)
            snapshot.write(clip_json(clip))
            decision = _decide(clip, rules)
            if decision.pair is None:
                dropped[decision.reason] += 1
                drops.writerow(dropped_row(clip, decision.reason))
                continue
            numbers = measure(clip, decision.pair)
            lines.write(sample_json(clip, decision, numbers, candidates(clip, rules)))
            rows.writerow(sample_row(clip, decision, numbers))
            samples.append(_numbers(clip, decision, numbers))
    return samples, dropped


def _decide(clip: EratoClip, rules: ClipRules) -> Decision:
    reason = why_dropped(clip, rules)
    return Decision(reason=reason) if reason else decide(clip)


def _numbers(clip: EratoClip, decision: Decision, numbers: Measures) -> SampleNumbers:
    return SampleNumbers(
        name=clip.name,
        series=clip.series,
        episode=(clip.series, clip.episode),
        relationship=decision.relationship,
        votes=decision.votes,
        answers=decision.answers,
        measures=numbers,
    )
