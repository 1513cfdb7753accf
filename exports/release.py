"""Freeze a release: snapshot and features in, one folder out that can be checked, trained on, and built again.

    data/ config.json            the official MEmoR layout (exports/formats/memor)
    manifest.json                options, counts, software, SHA-256 of every other file
    snapshot.json sources/*.npz  what it was made of
    statistics.json README.md    for people

No file holds a date or a path, so the same snapshot, features, options and software give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import tempfile
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from exports.archive import write_zip as write_zip
from exports.datasheet import render_datasheet
from exports.errors import ExportError
from exports.formats.manifest import Manifest, check_files, file_sha256, list_files, read_manifest, write_manifest
from exports.formats.memor.writer import episodes_needed, write_memor
from exports.lexicons import Lexicon, empath_lexicon, liwc_lexicon
from exports.samples import Sample, Tally, build_samples
from exports.snapshot import EpisodeRow, ProjectSnapshot
from exports.snapshot_json import check_snapshot, snapshot_from_json, snapshot_to_json
from exports.splits import GROUPS, MODES, Leak, Split, grouped_split, leak, paper_split
from exports.statistics import release_statistics

FORMATS: Final = ("memor",)
"""What this builds; a project of another protocol has a writer of its own (exports/formats)."""
_SOFTWARE: Final = ("affectory", "numpy", "scikit-learn", "torch", "empath")

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class ReleaseOptions:
    """How a release is made. `liwc_dictionary` replaces Empath's word categories by a LIWC file that the lab owns."""

    format: str = "memor"
    split: str = "grouped"
    """`grouped` or `paper`."""
    group_by: str = "clip"
    """`clip`, `episode` or `series`: what never stands on both sides of a grouped split."""
    seed: int = 2020
    liwc_dictionary: Path | None = None


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    path: Path
    manifest_sha256: str
    """Names the release."""
    samples: int
    train: int
    test: int
    clips: int
    files: int
    size: int
    """Bytes of all files but the manifest."""
    tally: Tally
    leaks: tuple[Leak, ...]
    notes: tuple[str, ...]
    """What a user should know: rare labels, missing questionnaires, missing features."""


def no_progress(share: float, step: str) -> None:
    """Ignore progress."""


def build_release(
    snapshot: ProjectSnapshot,
    feature_paths: Mapping[int, Path],
    out: Path,
    options: ReleaseOptions = ReleaseOptions(),
    on_progress: Progress = no_progress,
) -> ReleaseReport:
    """Build a release in the new folder `out`, which appears complete or not at all.

    `feature_paths` maps episode ids to feature files (exports/formats/features); `on_progress` gets a share (0 to 1)
    and a step. Raises ExportError, with what to do, if `out` holds something, nothing was agreed on, or input lacks.
    """
    _check_options(options)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ExportError(f"{out} exists and is not empty: a release goes to a new folder")
    check_snapshot(snapshot)
    on_progress(0.0, "samples")
    samples, tally = build_samples(snapshot)
    if not samples:
        raise ExportError(f"there is nothing to release: {_why_empty(snapshot, tally)}")
    episodes = episodes_needed(snapshot, samples)
    paths = {episode.id: feature_paths[episode.id] for episode in episodes if episode.id in feature_paths}
    _check_sources(episodes, paths)
    lexicon = empath_lexicon() if options.liwc_dictionary is None else liwc_lexicon(options.liwc_dictionary)
    split, found_leaks = _split(snapshot, samples, options)

    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        report = _write(partial, snapshot, samples, tally, split, found_leaks, paths, lexicon, options, on_progress)
        partial.chmod(0o755)
        partial.rename(out)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    on_progress(1.0, "done")
    return replace(report, path=out)


def rebuild_release(
    old: Path, out: Path, on_progress: Progress = no_progress, liwc_dictionary: Path | None = None
) -> ReleaseReport:
    """Build a release again from its own snapshot and sources; with the same software every byte is the same.

    `liwc_dictionary` is needed if the old one was made with one. Raises ExportError if files of `old` were changed.
    """
    manifest = read_manifest(old)
    check_files(old, manifest)
    options = dict(manifest.options)
    wanted = options.pop("liwc_sha256")
    if wanted and (liwc_dictionary is None or file_sha256(liwc_dictionary) != wanted):
        raise ExportError(f"{old} was made with a LIWC dictionary of SHA-256 {wanted}: name that file")
    try:
        chosen = ReleaseOptions(**options, liwc_dictionary=liwc_dictionary if wanted else None)
    except TypeError as error:
        raise ExportError(f"the manifest of {old} holds options this program does not know: {error}") from error
    return build_release(
        snapshot=snapshot_from_json((old / "snapshot.json").read_bytes()),
        feature_paths={int(episode): old / path for episode, path in manifest.sources.items()},
        out=out,
        options=chosen,
        on_progress=on_progress,
    )


def _write(
    root: Path,
    snapshot: ProjectSnapshot,
    samples: Sequence[Sample],
    tally: Tally,
    split: Split,
    found_leaks: Sequence[Leak],
    paths: Mapping[int, Path],
    lexicon: Lexicon,
    options: ReleaseOptions,
    on_progress: Progress,
) -> ReleaseReport:
    written = write_memor(
        root,
        snapshot,
        samples,
        split,
        paths,
        lexicon,
        config={"split": {"mode": options.split, "group_by": options.group_by, "seed": options.seed}},
        on_progress=lambda share, step: on_progress(0.05 + 0.75 * share, step),
    )
    on_progress(0.8, "sources")
    (root / "sources").mkdir()
    sources = {}
    for episode_id, path in paths.items():
        sources[str(episode_id)] = f"sources/episode-{episode_id}.npz"
        shutil.copyfile(path, root / sources[str(episode_id)])
    snapshot_bytes = snapshot_to_json(snapshot)
    (root / "snapshot.json").write_bytes(snapshot_bytes)
    statistics = release_statistics(snapshot, samples, split, found_leaks, tally)
    (root / "statistics.json").write_text(json.dumps(statistics, ensure_ascii=False, indent=1) + "\n", "utf-8")
    counts = written.counts
    notes = list(split.notes)
    if written.questionnaires_missing:
        notes.append(f"no questionnaire, so 26 zeros: {', '.join(written.questionnaires_missing)}")
    if counts.speech_without_audio:
        notes.append(f"{counts.speech_without_audio} of the clips' spoken segments have no audio vector")
    if counts.speech_without_text:
        notes.append(
            f"{counts.speech_without_text} of the clips' spoken segments have no text vector, zeros stand there"
        )
    if counts.clips_with_too_few_faces:
        notes.append(
            f"{counts.clips_with_too_few_faces} of {counts.clips} clips have 10 face rows or fewer: no visual features"
        )
    datasheet = render_datasheet(
        project=snapshot.project,
        statistics=statistics,
        tally=tally,
        extractors=written.extractors,
        lexicon=lexicon.name,
        mode=options.split,
        group_by=options.group_by,
        seed=options.seed,
        leaks=found_leaks,
        notes=notes,
    )
    (root / "README.md").write_text(datasheet, "utf-8")
    on_progress(0.9, "hashes")
    files = list_files(root)
    sha256 = write_manifest(
        root,
        Manifest(
            options=_recorded(options, lexicon),
            snapshot_sha256=hashlib.sha256(snapshot_bytes).hexdigest(),
            counts={
                "samples": len(samples),
                "train": len(split.train),
                "test": len(split.test),
                "clips": counts.clips,
                "audio_vectors": counts.audio_vectors,
                "text_vectors": counts.text_vectors,
                "face_rows": counts.face_rows,
            },
            sources=sources,
            software=_software(),
            files=files,
        ),
    )
    return ReleaseReport(
        path=root,
        manifest_sha256=sha256,
        samples=len(samples),
        train=len(split.train),
        test=len(split.test),
        clips=counts.clips,
        files=len(files),
        size=sum(entry.size for entry in files),
        tally=tally,
        leaks=tuple(found_leaks),
        notes=tuple(notes),
    )


def _check_options(options: ReleaseOptions) -> None:
    choices: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("format", options.format, FORMATS),
        ("split", options.split, MODES),
        ("group_by", options.group_by, GROUPS),
    )
    for name, value, allowed in choices:
        if value not in allowed:
            raise ExportError(f"{name} {value!r} is not known: use one of {', '.join(allowed)}")


def _check_sources(episodes: Sequence[EpisodeRow], paths: Mapping[int, Path]) -> None:
    for episode in episodes:
        path = paths.get(episode.id)
        if path is None or episode.features_sha256 is None:
            continue  # a missing one is refused, with all others, where features are compared
        if not path.is_file():
            raise ExportError(f"the features of {episode.series} / {episode.title} are not at {path}")
        if file_sha256(path) != episode.features_sha256:
            raise ExportError(
                f"the features of {episode.series} / {episode.title} changed since the snapshot was taken ({path}): "
                "take a new snapshot"
            )


def _split(
    snapshot: ProjectSnapshot, samples: Sequence[Sample], options: ReleaseOptions
) -> tuple[Split, tuple[Leak, ...]]:
    """Split by the fine-grained label, from which the primary one follows, and look for what is on both sides."""
    series = {episode.id: episode.series for episode in snapshot.episodes}
    clips = {clip.id: clip for clip in snapshot.clips}
    labels = [sample.fine_grained for sample in samples]
    groups: dict[str, list[Hashable]] = {
        "clip": [sample.clip_id for sample in samples],
        "episode": [sample.episode_id for sample in samples],
        "series": [series[sample.episode_id] for sample in samples],
    }
    segments = [
        [(sample.episode_id, index) for index in range(clip.first_segment, clip.last_segment + 1)]
        for sample in samples
        for clip in (clips[sample.clip_id],)
    ]
    if options.split == "paper":
        split = paper_split(labels, options.seed)
    else:
        split = grouped_split(labels, groups[options.group_by], options.seed, options.group_by)
    found = [leak(split, kind, [(name,) for name in names]) for kind, names in groups.items()]
    return split, (leak(split, "segment", segments), *found)  # neighbouring clips overlap: told, not prevented


def _why_empty(snapshot: ProjectSnapshot, tally: Tally) -> str:
    if not snapshot.states:
        return "nobody has labelled a clip yet"
    reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in tally.dropped.items() if count)
    return f"none of {tally.pairs} pairs of clip and character gave a sample ({reasons})"


def _recorded(options: ReleaseOptions, lexicon: Lexicon) -> dict[str, Any]:
    return {
        "format": options.format,
        "split": options.split,
        "group_by": options.group_by,
        "seed": options.seed,
        "liwc_sha256": lexicon.sha256,
    }


def _software() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in _SOFTWARE:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "from source"
    return found
