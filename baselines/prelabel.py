"""A trained baseline on clips that nobody has labelled: a probability of every primary emotion, per character.

The model's input is made by the writer and the reader of releases, with the normalisation of the release it was
trained on, so that it sees new clips as it saw those it learned from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import torch
from torch.utils.data import DataLoader

from baselines.data.memor import SampleSet, collate
from baselines.data.packed import open_packed
from baselines.errors import RunError
from baselines.evaluation import Judge
from baselines.inputs import Inputs, read_inputs
from baselines.progress import Progress, no_progress
from baselines.runs import load_run
from exports.emotions import NEUTRAL, PRIMARY_OF
from exports.formats.memor.cast import cast_of
from exports.formats.memor.writer import common_extractors, episodes_needed, write_memor
from exports.lexicons import Lexicon, empath_lexicon
from exports.samples import Sample
from exports.snapshot import ClipRow, EpisodeRow, ProjectSnapshot
from exports.splits import Split

#: The files of a run folder that its model needs.
FILES: Final = ("config.json", "inputs.json", "weights.pt")

_BATCH: Final = 8
_WRITTEN: Final = 0.7


@dataclass(frozen=True, slots=True)
class Prelabel:
    clip_id: int
    character_id: int
    probabilities: tuple[tuple[str, float], ...]
    """(primary emotion or `neutral`, probability), likeliest first; their sum is 1."""


def check_run(run_dir: Path) -> None:
    """Raise RunError or FormatError unless the run's model can be used on other episodes."""
    load_run(run_dir)
    _lexicon(read_inputs(run_dir))


def prelabel(
    run_dir: Path,
    snapshot: ProjectSnapshot,
    feature_paths: Mapping[int, Path],
    clips: Collection[int],
    on_progress: Progress,
) -> tuple[Prelabel, ...]:
    """Return what a trained model says of the main characters who are seen or heard in these clips.

    `feature_paths`: episode id -> feature file; clips of other episodes are left out, as are clips that are too long or
    have no moment. A clip with several moments gets the mean. Raises RunError for a run that does not fit these
    features, FormatError for broken files.
    """
    run, inputs = load_run(run_dir), read_inputs(run_dir)
    lexicon = _lexicon(inputs)
    samples = _unlabelled(snapshot, set(clips), feature_paths)
    if not samples:
        return ()
    _check_features(inputs, snapshot, samples, feature_paths)
    everything = Split(train=tuple(range(len(samples))), test=())
    with TemporaryDirectory() as folder:
        write_memor(
            Path(folder),
            snapshot,
            samples,
            everything,
            feature_paths,
            lexicon,
            {},
            lambda share, step: on_progress(_WRITTEN * share, step),
            scores=inputs.scores,
        )
        kept = Path(folder) / "cache"
        dataset, packed = open_packed(Path(folder), kept, no_progress, inputs.personality_lengths)
        positions = range(len(samples))
        items = SampleSet(dataset, packed, positions, positions, "primary", run.modalities)
        on_progress(_WRITTEN, "suggestions")
        judge = Judge(run.task, run.view, torch.device("cpu"))
        found = judge.predict(run.model, DataLoader(items, _BATCH, collate_fn=collate))
    by_pair: dict[tuple[int, int], list[np.ndarray]] = defaultdict(list)
    for sample, row in zip(samples, found.said, strict=True):
        by_pair[sample.clip_id, sample.character_id].append(row)
    on_progress(1.0, "suggestions")
    return tuple(
        Prelabel(clip, character, _primaries(run.classes, np.mean(rows, axis=0)))
        for (clip, character), rows in by_pair.items()
    )


def _unlabelled(
    snapshot: ProjectSnapshot, wanted: Collection[int], feature_paths: Mapping[int, Path]
) -> tuple[Sample, ...]:
    """Return one sample per moment and main character who is there; `neutral` stands for a label nobody gave."""
    episodes = {episode.id: episode for episode in snapshot.episodes if episode.id in feature_paths}
    mains = cast_of(snapshot.characters).characters
    return tuple(
        Sample(clip.id, clip.episode_id, character.id, time_ms, NEUTRAL, NEUTRAL, NEUTRAL, votes=0, answers=0)
        for clip in snapshot.clips
        if clip.id in wanted and clip.episode_id in episodes and not clip.too_long
        for time_ms in sorted({moment.time_ms for moment in snapshot.moments if moment.clip_id == clip.id})
        for character in mains
        if character.id in _present(clip, episodes[clip.episode_id])
    )


def _present(clip: ClipRow, episode: EpisodeRow) -> set[int]:
    heard = {segment.character_id for segment in episode.segments[clip.first_segment : clip.last_segment + 1]}
    seen = {face.character_id for face in episode.faces if face.start_ms < clip.end_ms and face.end_ms > clip.start_ms}
    return {character for character in heard | seen if character is not None}


def _check_features(
    inputs: Inputs, snapshot: ProjectSnapshot, samples: tuple[Sample, ...], feature_paths: Mapping[int, Path]
) -> None:
    made = common_extractors(episodes_needed(snapshot, samples), feature_paths)
    for part, extractor in inputs.extractors.items():
        if replace(made[part], licence="") != replace(extractor, licence=""):
            raise RunError(
                f"the model was trained on {part} features by {extractor}, these episodes have them by {made[part]}: "
                "train it on a release of this project, or analyse the episodes with the same extractors"
            )


def _lexicon(inputs: Inputs) -> Lexicon:
    lexicon = empath_lexicon()
    if lexicon.name != inputs.lexicon:
        raise RunError(
            f"the model's profiles were made with {inputs.lexicon}, here is {lexicon.name}: "
            "train it on a release made with that one"
        )
    return lexicon


def _primaries(classes: tuple[str, ...], probabilities: np.ndarray) -> tuple[tuple[str, float], ...]:
    """Return the likeliest first; the fine-grained classes of an emotion are added up."""
    shares: dict[str, float] = defaultdict(float)
    for name, share in zip(classes, probabilities.tolist(), strict=True):
        shares[PRIMARY_OF.get(name, name)] += share
    return tuple(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))
