"""Steps that put facts together: who a face is, and the features a release is made of."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import asdict
from typing import Any

from webapp.corpus.casting import suggest_links
from webapp.corpus.models import Features
from workers.analysers.casting import suggest_speakers
from workers.analysers.face_file import read_looks
from workers.analysers.features import Seen, extract_features, write_features
from workers.analysers.features.surroundings_file import read_surroundings
from workers.embeddings import fill_embeddings
from workers.steps.context import StepContext
from workers.steps.language import current_segments, current_utterances
from workers.steps.vision import current_proxy, current_tracks, file_of

FEATURE_FILE = "features.npz"


def run_casting(context: StepContext) -> dict[int, str]:
    faces: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for track in current_tracks(context):
        if track.identity is not None:
            faces[track.identity].append((track.start_ms, track.end_ms))
    mains = {
        name: character.name
        for character in context.episode.series.characters.filter(is_main=True)
        for name in character.names
    }
    speakers: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for utterance in current_utterances(context):
        if utterance.speaker.casefold() in mains:
            speakers[mains[utterance.speaker.casefold()]].append((utterance.start_ms, utterance.end_ms))
    return suggest_speakers(faces, speakers)


def store_casting(context: StepContext, found: dict[int, str]) -> dict[str, Any]:
    """Write suggestions beside the faces, first by who they resemble; what a person confirmed stays."""
    characters = {character.name: character.pk for character in context.episode.series.characters.all()}
    by_speech = {str(index): characters[name] for index, name in found.items()}
    faces = context.job.needs.get(name="faces")
    fill_embeddings(faces)
    return {"suggested": suggest_links(context.episode, faces, by_speech), "by_speech": by_speech}


def run_features(context: StepContext) -> dict[str, Any]:
    looks, embedder = read_looks(file_of(context, "faces"))
    surroundings = read_surroundings(file_of(context, "surroundings"))
    arrays = extract_features(
        current_proxy(context).audio_path,
        current_utterances(context),
        current_segments(context),
        Seen(current_tracks(context), looks, embedder, surroundings),
        context.options,
        context.progress,
    )
    path = context.workdir / FEATURE_FILE
    write_features(arrays, path)
    extractors = {part: asdict(extractor) for part, extractor in arrays.extractors.items()}
    return {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "extractors": extractors}


def store_features(context: StepContext, found: dict[str, Any]) -> dict[str, Any]:
    context.publish()
    Features.objects.create(
        job=context.job,
        path=f"{context.folder}/{FEATURE_FILE}",
        sha256=found["sha256"],
        extractors=found["extractors"],
    )
    return {part: facts.get("dim") for part, facts in found["extractors"].items()}
