"""Write samples and features in the official MEmoR layout. One episode's features are in memory at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from exports.errors import ExportError
from exports.formats.features import PARTS, EpisodeFeatures, Extractor, read_episode_features, read_extractors
from exports.formats.memor.cast import Cast, cast_of
from exports.formats.memor.config import NAME as CONFIG_NAME
from exports.formats.memor.config import config_json, memor_config
from exports.formats.memor.layout import Layout
from exports.formats.memor.normalise import Standardiser, fit_standardiser
from exports.formats.memor.tensors import write_tensor
from exports.formats.memor.vectors import VectorWriter
from exports.formats.memor.visual import clip_visual
from exports.lexicons import Lexicon
from exports.personality import personality_table
from exports.samples import Sample
from exports.snapshot import ClipRow, EpisodeRow, ProjectSnapshot, SegmentRow
from exports.splits import Split

Progress = Callable[[float, str], None]


@dataclass(slots=True)
class MemorCounts:
    """What was written, for the report and the datasheet."""

    clips: int = 0
    audio_vectors: int = 0
    text_vectors: int = 0
    speech_without_audio: int = 0
    speech_without_text: int = 0
    """Written as zeros, because the official loader stops at a spoken segment without a text vector."""
    face_rows: int = 0
    clips_with_too_few_faces: int = 0


@dataclass(frozen=True, slots=True)
class MemorWritten:
    counts: MemorCounts
    extractors: dict[str, Extractor]
    cast: Cast
    questionnaires_missing: tuple[str, ...]


def episodes_needed(snapshot: ProjectSnapshot, samples: Sequence[Sample]) -> tuple[EpisodeRow, ...]:
    """Return the episodes that have samples, in the snapshot's order: the ones whose features a release needs."""
    needed = {sample.episode_id for sample in samples}
    return tuple(episode for episode in snapshot.episodes if episode.id in needed)


def common_extractors(episodes: Sequence[EpisodeRow], feature_paths: Mapping[int, Path]) -> dict[str, Extractor]:
    """Return what made the features. Raises ExportError naming episodes without features, or with other ones."""
    if missing := [_title(episode) for episode in episodes if episode.id not in feature_paths]:
        raise ExportError(
            f"no features of {', '.join(missing)}: run the feature analysis on them first, a release needs all"
        )
    made = {episode.id: read_extractors(feature_paths[episode.id]) for episode in episodes}
    for part in PARTS:
        by_extractor: dict[str, list[str]] = {}
        for episode in episodes:
            by_extractor.setdefault(str(made[episode.id][part]), []).append(_title(episode))
        if len(by_extractor) > 1:
            found = "; ".join(f"{extractor}: {', '.join(titles)}" for extractor, titles in by_extractor.items())
            raise ExportError(f"the {part} features were not all made alike ({found}): extract them again")
    return made[episodes[0].id]


def write_memor(
    root: Path,
    snapshot: ProjectSnapshot,
    samples: Sequence[Sample],
    split: Split,
    feature_paths: Mapping[int, Path],
    lexicon: Lexicon,
    config: Mapping[str, Any],
    on_progress: Progress,
    scores: Standardiser | None = None,
) -> MemorWritten:
    """Write `data/` and `config.json` under `root`, which exists and is empty of them.

    `config` is added to the config's `affectory` part. `scores` are those that a model was trained with; without them
    audio is standardised over the train side. Raises ExportError or FormatError; half-written files are the caller's to
    remove.
    """
    layout = Layout(root / "data")
    for folder in ("face_names", "face_features", "object_features", "environment_features"):
        (layout.visual / folder).mkdir(parents=True)
    cast = cast_of(snapshot.characters)
    episodes = episodes_needed(snapshot, samples)
    extractors = common_extractors(episodes, feature_paths)
    used = {sample.clip_id for sample in samples}
    clips = {e.id: [c for c in snapshot.clips if c.episode_id == e.id and c.id in used] for e in episodes}
    trained = {samples[position].clip_id for position in split.train}

    on_progress(0.0, "audio normalisation")
    scores = scores or fit_standardiser(
        (
            _audio_rows(read_episode_features(feature_paths[e.id]), e, [c for c in clips[e.id] if c.id in trained])
            for e in episodes
        ),
        extractors["audio"].dim,
    )
    counts = MemorCounts(clips=len(used))
    present = _presence(snapshot, cast)
    documents: dict[str, Any] = {}
    with VectorWriter(layout.audio) as audio, VectorWriter(layout.text) as text:
        for number, episode in enumerate(episodes):
            on_progress(0.1 + 0.9 * number / len(episodes), f"clips of {_title(episode)}")
            features = read_episode_features(feature_paths[episode.id])
            tables = (_by_segment(features.audio_segment), _by_segment(features.text_segment))
            _check_segments(episode, tables)
            for clip in clips[episode.id]:
                documents[clip.name] = _clip_document(clip, episode, cast, present.get(clip.id, ()))
                _write_speech(clip, episode, features, tables, scores, audio, text, counts)
                _write_visual(layout, clip, episode, features, cast, counts)
    counts.audio_vectors, counts.text_vectors = audio.count, text.count

    profiles = personality_table(
        names=cast.speakers,
        questionnaires=[*(character.questionnaire for character in cast.characters), None],
        utterances=_utterances(snapshot, cast),
        lexicon=lexicon,
    )
    layout.characters.write_text(profiles.as_csv(), encoding="utf-8")
    names = {clip.id: clip.name for clip in snapshot.clips}
    _write_json(
        layout.anno,
        {
            emotions: [
                {
                    "clip": names[sample.clip_id],
                    "character": cast.index(sample.character_id),
                    "moment": sample.time_ms / 1000,
                    "emotion": getattr(sample, emotions),
                }
                for sample in samples
            ]
            for emotions in ("primary", "fine_grained")
        },
    )
    _write_json(layout.clips, documents)
    layout.train_ids.write_text("".join(f"{position}\n" for position in split.train), encoding="utf-8")
    layout.test_ids.write_text("".join(f"{position}\n" for position in split.test), encoding="utf-8")
    _write_json(
        layout.data / "features" / "audio_normalisation.json",
        {"rows": scores.rows, "mean": scores.mean.tolist(), "deviation": scores.deviation.tolist()},
    )
    document = memor_config(
        project=snapshot.project,
        cast=cast,
        kept=snapshot.fine_grained_kept,
        extractors=extractors,
        personality_dim=len(profiles.columns),
        more={
            **config,
            "audio_normalisation": {
                "kind": "z-score",
                "fitted_on": "audio of the clips that have train samples",
                "rows": scores.rows,
                "values": "data/features/audio_normalisation.json",
            },
            "personality": {
                "lexicon": lexicon.name,
                "questionnaire_present": list(profiles.questionnaire_present[:-1]),
                "columns": list(profiles.columns),
            },
        },
    )
    (root / CONFIG_NAME).write_text(config_json(document), encoding="utf-8")
    without = zip(cast.characters, profiles.questionnaire_present, strict=False)
    return MemorWritten(counts, extractors, cast, tuple(character.name for character, there in without if not there))


def _clip_document(clip: ClipRow, episode: EpisodeRow, cast: Cast, present: Sequence[int]) -> dict[str, Any]:
    segments = _segments(clip, episode)
    return {
        "on_character": list(present),
        "seg_start": [segment.start_ms / 1000 for segment in segments],
        "seg_end": [segment.end_ms / 1000 for segment in segments],
        "start": clip.start_ms / 1000,
        "speakers": [cast.speaker_of(segment) for segment in segments],
        "seg_ori_ind": [segment.index for segment in segments],
    }


def _write_speech(
    clip: ClipRow,
    episode: EpisodeRow,
    features: EpisodeFeatures,
    tables: tuple[dict[int, int], dict[int, int]],
    scores: Standardiser,
    audio: VectorWriter,
    text: VectorWriter,
    counts: MemorCounts,
) -> None:
    """Audio is keyed by the segment's number in its episode, text by its position in the clip: as the loader asks."""
    audio_rows, text_rows = tables
    for position, segment in enumerate(_segments(clip, episode)):
        if segment.kind != "speech":
            continue
        if segment.index in audio_rows:
            audio.add(f"{clip.name}+{segment.index}", scores.apply(features.audio[audio_rows[segment.index]]))
        else:
            counts.speech_without_audio += 1
        if segment.index in text_rows:
            vector = features.text[text_rows[segment.index]]
        else:
            vector = np.zeros(features.text.shape[1], np.float32)
            counts.speech_without_text += 1
        text.add(f"{clip.name}+{position}", vector)


def _write_visual(
    layout: Layout, clip: ClipRow, episode: EpisodeRow, features: EpisodeFeatures, cast: Cast, counts: MemorCounts
) -> None:
    visual = clip_visual(clip, episode.faces, features, cast)
    layout.face_names(clip.name).write_text("\t".join(visual.face_names) + "\n", encoding="utf-8")
    write_tensor(layout.faces(clip.name), visual.faces)
    write_tensor(layout.objects(clip.name), visual.objects)
    write_tensor(layout.environment(clip.name), visual.environment)
    counts.face_rows += len(visual.face_names)
    counts.clips_with_too_few_faces += len(visual.face_names) <= 10


def _audio_rows(features: EpisodeFeatures, episode: EpisodeRow, clips: Sequence[ClipRow]) -> np.ndarray:
    """Return the audio of every spoken segment of the clips, each segment once."""
    places = _by_segment(features.audio_segment)
    spoken = {s.index for clip in clips for s in _segments(clip, episode) if s.kind == "speech" and s.index in places}
    return features.audio[[places[index] for index in sorted(spoken)]]


def _presence(snapshot: ProjectSnapshot, cast: Cast) -> dict[int, list[int]]:
    """Return clip -> indices of the main characters that at least half of their annotators saw in it."""
    seen: dict[tuple[int, int], list[bool]] = {}
    for state in snapshot.states:
        index = cast.index(state.character_id)
        if index != cast.others:
            seen.setdefault((state.clip_id, index), []).append(state.status != "absent")
    found: dict[int, list[int]] = {}
    for (clip_id, index), answers in sorted(seen.items()):
        if 2 * sum(answers) >= len(answers):
            found.setdefault(clip_id, []).append(index)
    return found


def _utterances(snapshot: ProjectSnapshot, cast: Cast) -> dict[int, list[str]]:
    lines: dict[int, list[str]] = {}
    for episode in snapshot.episodes:
        for segment in episode.segments:
            if segment.kind == "speech":
                lines.setdefault(cast.speaker_of(segment), []).append(segment.text)
    return lines


def _check_segments(episode: EpisodeRow, tables: tuple[dict[int, int], ...]) -> None:
    for table in tables:
        if table and not 0 <= min(table) <= max(table) < len(episode.segments):
            raise ExportError(
                f"the features of {_title(episode)} name segment {max(table)}, the episode has {len(episode.segments)} "
                "segments: they were extracted from another analysis, extract them again"
            )


def _by_segment(segments: np.ndarray) -> dict[int, int]:
    return {int(segment): row for row, segment in enumerate(segments)}


def _segments(clip: ClipRow, episode: EpisodeRow) -> tuple[SegmentRow, ...]:
    return episode.segments[clip.first_segment : clip.last_segment + 1]


def _title(episode: EpisodeRow) -> str:
    return f"{episode.series} / {episode.title}"


def _write_json(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
