"""Read a MEmoR folder: a release of ours, or the published dataset."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from exports.emotions import PRIMARY_CLASSES, fine_grained_classes
from exports.errors import FormatError
from exports.formats.memor.config import FORMAT, VERSION
from exports.formats.memor.config import NAME as CONFIG_NAME
from exports.formats.memor.dataset import Dims, MemorClip, MemorDataset, MemorSample, text_key
from exports.formats.memor.layout import FACES_NEEDED, PUBLISHED_SPEAKERS, Layout
from exports.formats.memor.tensors import read_tensor
from exports.formats.memor.vectors import VectorTable, read_vectors


def find_layout(folder: Path) -> Layout:
    """Return where things stand, given the folder that holds `data/`, or `data/` itself. Raises FormatError."""
    layout = Layout(folder / "data" if (folder / "data" / "anno.json").exists() else folder)
    if not layout.anno.exists():
        raise FormatError(f"{folder} is no MEmoR folder: it has neither data/anno.json nor anno.json")
    return layout


def read_memor(
    folder: Path,
    personality_lengths: np.ndarray | None = None,
    vectors: Callable[[Path], VectorTable] = read_vectors,
) -> MemorDataset:
    """Read a release (a folder with `data/` and `config.json`) or the published dataset (`data/` or what holds it).

    `personality_lengths` [Dp] are those of the dataset that a model was trained on; by default the folder's own.
    `vectors` reads the audio and text files; somebody who keeps their content elsewhere gives another one.
    Raises FormatError that names the file and entry which is wrong.
    """
    layout = find_layout(folder)
    config = _config(layout.data.parent)
    ours = config.get("affectory", {})
    speakers = tuple(config.get("speakers", PUBLISHED_SPEAKERS))
    classes = {
        "primary": tuple(ours["emotions"]["primary"]) if ours else PRIMARY_CLASSES,
        "fine_grained": tuple(ours["emotions"]["fine_grained"]) if ours else fine_grained_classes(),
    }
    clips = _clips(layout, len(speakers))
    samples = _samples(layout, clips, classes, len(speakers))
    train, test = _ids(layout.train_ids, len(samples)), _ids(layout.test_ids, len(samples))
    if both := set(train) & set(test):
        raise FormatError(f"{layout.data}: sample {min(both)} is in train_id.txt and test_id.txt")
    profiles = _profiles(layout, clips, samples)
    lengths = np.sqrt(np.square(profiles).sum(axis=0)) if personality_lengths is None else personality_lengths
    if lengths.shape != profiles.shape[1:]:
        raise FormatError(f"{layout.characters} has {profiles.shape[1]} columns, the model was given {len(lengths)}")
    personality: np.ndarray = (profiles / np.maximum(lengths, 1e-12)).astype(np.float32)
    audio, text = vectors(layout.audio), vectors(layout.text)
    dims = _dims(config, layout, clips, audio, text, personality.shape[1])
    return MemorDataset(
        layout=layout,
        samples=samples,
        clips=clips,
        train_ids=train,
        test_ids=test,
        speakers=speakers,
        classes=classes,
        dims=dims,
        personality=personality,
        personality_lengths=lengths,
        audio=audio,
        text=text,
        text_key=find_text_key(clips, samples, text, declared=ours.get("text_key")),
        zero_text_is_missing=bool(ours),
        config=ours,
    )


def find_text_key(
    clips: dict[str, MemorClip], samples: Sequence[MemorSample], text: VectorTable, declared: str | None = None
) -> str:
    """Return which of the two text key schemes a dataset uses (specification 1.3, quirk 3).

    Looked at are spoken segments of people in the clip: the scheme whose keys all exist is it. Raises FormatError where
    both fit though they differ, where neither fits, or where it is not the declared one.
    """
    people: dict[str, set[int]] = {name: set(clip.on_character) for name, clip in clips.items()}
    for sample in samples:
        people[sample.clip].add(sample.character)
    schemes = ("position", "seg_ori_ind")
    spoken = [
        (clip, position)
        for clip in clips.values()
        for position, speaker in enumerate(clip.speakers)
        if speaker is not None and speaker in people[clip.name]
    ]
    lacking = {
        scheme: [key for clip, position in spoken if (key := text_key(clip, position, scheme)) not in text.places]
        for scheme in schemes
    }
    fitting = [scheme for scheme in schemes if not lacking[scheme]]
    if declared is not None:
        if declared not in fitting:
            raise FormatError(f"text_features.json lacks {lacking.get(declared, ['?'])[0]!r}, a spoken segment")
        return declared
    if not fitting:
        raise FormatError(
            "text_features.json fits neither key scheme: by position it lacks "
            f"{lacking['position'][0]!r}, by seg_ori_ind {lacking['seg_ori_ind'][0]!r}"
        )
    if len(fitting) == 2 and any(clip.seg_ori_ind[position] != position for clip, position in spoken):
        raise FormatError(
            "text_features.json fits both key schemes (position and seg_ori_ind): cannot tell which it is"
        )
    return fitting[0]


def _config(root: Path) -> dict[str, Any]:
    path = root / CONFIG_NAME
    if not path.exists():
        return {}
    config = _json(path)
    if not isinstance(config, dict) or "affectory" not in config:
        return {}  # a config of somebody else's
    ours = config["affectory"]
    if not isinstance(ours, dict) or ours.get("format") != FORMAT:
        raise FormatError(f"{path} is no config of a MEmoR release")
    if ours.get("version") != VERSION:
        raise FormatError(f"{path} has version {ours.get('version')}, this program reads {VERSION}")
    return config


def _clips(layout: Layout, characters: int) -> dict[str, MemorClip]:
    document = _json(layout.clips)
    if not isinstance(document, dict):
        raise FormatError(f"{layout.clips} must be an object keyed by clip")
    clips = {}
    for name, entry in document.items():
        try:
            clip = MemorClip(
                name=name,
                on_character=tuple(int(index) for index in entry["on_character"]),
                start_s=float(entry["start"]),
                segment_start_s=tuple(float(time) for time in entry["seg_start"]),
                segment_end_s=tuple(float(time) for time in entry["seg_end"]),
                speakers=tuple(_speaker(value, characters) for value in entry["speakers"]),
                seg_ori_ind=tuple(int(index) for index in entry["seg_ori_ind"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(f"{layout.clips}, clip {name!r}: missing or malformed {error}") from error
        lengths = {clip.segments, len(clip.segment_end_s), len(clip.speakers), len(clip.seg_ori_ind)}
        if len(lengths) != 1 or not clip.segments:
            raise FormatError(f"{layout.clips}, clip {name!r}: its lists about segments are empty or differ in length")
        if any(not 0 <= index < characters for index in clip.on_character):
            raise FormatError(f"{layout.clips}, clip {name!r}: on_character names an unknown character")
        clips[name] = clip
    return clips


def _speaker(value: Any, characters: int) -> int | None:
    """Return a character's index; anything else (null, -1, other numbers) means that nobody known speaks."""
    return int(value) if isinstance(value, int | float) and 0 <= value < characters else None


def _samples(
    layout: Layout, clips: dict[str, MemorClip], classes: dict[str, tuple[str, ...]], characters: int
) -> tuple[MemorSample, ...]:
    document = _json(layout.anno)
    try:
        primary, fine = document["primary"], document["fine_grained"]
        if len(primary) != len(fine):
            raise FormatError(f"{layout.anno}: {len(primary)} primary samples but {len(fine)} fine-grained ones")
        samples = []
        for place, (one, other) in enumerate(zip(primary, fine, strict=True)):
            if any(one[key] != other[key] for key in ("clip", "character", "moment")):
                raise FormatError(f"{layout.anno}: sample {place} differs between the two emotion sets")
            sample = MemorSample(
                one["clip"], int(one["character"]), float(one["moment"]), one["emotion"], other["emotion"]
            )
            _check_sample(f"{layout.anno}, sample {place}", sample, clips, classes, characters)
            samples.append(sample)
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{layout.anno}: missing or malformed {error}") from error
    return tuple(samples)


def _check_sample(
    where: str, sample: MemorSample, clips: dict[str, MemorClip], classes: dict[str, tuple[str, ...]], characters: int
) -> None:
    if sample.clip not in clips:
        raise FormatError(f"{where}: its clip {sample.clip!r} is not in data.json")
    if not 0 <= sample.character < characters:
        raise FormatError(f"{where}: unknown character {sample.character}")
    for emotions, names in classes.items():
        if sample.emotion(emotions) not in names:
            raise FormatError(f"{where}: {sample.emotion(emotions)!r} is none of the {emotions} classes")


def _ids(path: Path, samples: int) -> tuple[int, ...]:
    try:
        ids = tuple(int(line) for line in path.read_text(encoding="utf-8").split())
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise FormatError(f"{path} must hold one whole number per line ({error})") from error
    if len(set(ids)) != len(ids) or any(not 0 <= position < samples for position in ids):
        raise FormatError(f"{path}: every number must be there once and lie between 0 and {samples - 1}")
    return ids


def _profiles(layout: Layout, clips: dict[str, MemorClip], samples: Sequence[MemorSample]) -> np.ndarray:
    """Return the profiles as they stand in the file, float64 [characters, Dp]."""
    try:
        rows: np.ndarray = np.loadtxt(layout.characters, np.float64, delimiter=",", ndmin=2)
    except FileNotFoundError as error:
        raise FormatError(f"{layout.characters} is missing: without features nothing can be read") from error
    except (OSError, ValueError) as error:
        raise FormatError(
            f"{layout.characters} must hold numbers with commas, one row per character: {error}"
        ) from error
    highest = max(
        (*(s.character for s in samples), *(i for clip in clips.values() for i in clip.on_character)), default=0
    )
    if len(rows) <= highest or not np.isfinite(rows).all():
        raise FormatError(
            f"{layout.characters} has {len(rows)} rows, character {highest} needs one; all must be finite"
        )
    return rows


def _dims(
    config: dict[str, Any],
    layout: Layout,
    clips: dict[str, MemorClip],
    audio: VectorTable,
    text: VectorTable,
    personality: int,
) -> Dims:
    """Return the true sizes: the config's, checked against the files; without a config, those of the files."""
    if not config:
        visual = _published_visual_dims(layout, clips)
        return Dims(*visual, audio=audio.dim, text=text.dim, personality=personality)
    try:
        dims = Dims(
            face=int(config["visual"]["dim_face"]),
            objects=int(config["visual"]["dim_obj"]),
            environment=int(config["visual"]["dim_env"]),
            audio=int(config["audio"]["feature_dim"]),
            text=int(config["text"]["feature_dim"]),
            personality=int(config["personality"]["feature_dim"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{CONFIG_NAME} lacks a feature size: {error}") from error
    found = {"audio": audio.dim or dims.audio, "text": text.dim or dims.text, "personality": personality}
    for part, dim in found.items():
        if dim != getattr(dims, part):
            raise FormatError(f"{CONFIG_NAME} says {getattr(dims, part)} {part} numbers, the file has {dim}")
    return dims


def _published_visual_dims(layout: Layout, clips: dict[str, MemorClip]) -> tuple[int, int, int]:
    """Return face, objects and environment sizes from the first clip whose tensors the loader would open."""
    for name in clips:
        names = layout.face_names(name)
        if names.exists() and names.read_text(encoding="utf-8").split("\n", 1)[0].count("\t") >= FACES_NEEDED:
            paths = (layout.faces(name), layout.objects(name), layout.environment(name))
            face, objects, environment = (read_tensor(path).shape[1] for path in paths)
            return face, objects, environment
    return 0, 0, 0


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FormatError(f"{path} is no JSON: {error}") from error
