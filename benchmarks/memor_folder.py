"""A folder in the official MEmoR layout with drawn features of the published sizes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from exports.formats.memor.layout import FRAME_RATE, PUBLISHED_SPEAKERS, Layout

SIZES = {"audio": 6373, "text": 1024, "face": 1024, "objects": 1230, "environment": 2048, "personality": 118}
_SECONDS = 3.0


def write_folder(data: Path, clips: int, seed: int) -> Path:
    """Write so many clips of two people and four segments, a sample each, a fifth of them on the test side."""
    draw = np.random.default_rng(seed)
    layout = Layout(data)
    for path in (layout.face_names("x"), layout.faces("x"), layout.objects("x"), layout.environment("x")):
        path.parent.mkdir(parents=True, exist_ok=True)
    samples, documents = [], {}
    audio: dict[str, list[float]] = {}
    text: dict[str, list[float]] = {}
    for number in range(clips):
        name, segments = f"clip{number}", 4
        starts = [k * _SECONDS for k in range(segments)]
        documents[name] = {
            "on_character": [0, 1],
            "start": 0.0,
            "seg_start": starts,
            "seg_end": [start + _SECONDS for start in starts],
            "speakers": [k % 2 for k in range(segments)],
            "seg_ori_ind": list(range(segments)),
        }
        for k in range(segments):
            audio[f"{name}+{k}"] = [round(float(x), 4) for x in draw.normal(size=SIZES["audio"])]
            text[f"{name}+{k}"] = [round(float(x), 4) for x in draw.normal(size=SIZES["text"])]
        _write_pictures(layout, name, int(segments * _SECONDS * FRAME_RATE), draw)
        emotion = ("neutral", "joy")[number % 2]
        samples.append({"clip": name, "character": number % 2, "moment": 4.0, "emotion": emotion})
    layout.anno.write_text(json.dumps({"primary": samples, "fine_grained": samples}))
    layout.clips.write_text(json.dumps(documents))
    test = range(0, clips, 5)
    layout.train_ids.write_text("".join(f"{k}\n" for k in range(clips) if k not in test))
    layout.test_ids.write_text("".join(f"{k}\n" for k in test))
    layout.audio.write_text(json.dumps(audio))
    layout.text.write_text(json.dumps(text))
    np.savetxt(layout.characters, draw.normal(size=(len(PUBLISHED_SPEAKERS), SIZES["personality"])), "%.4f", ",")
    return data


def _write_pictures(layout: Layout, name: str, frames: int, draw: np.random.Generator) -> None:
    rows = [f"{frame}_{who}.png" for frame in range(frames) for who in PUBLISHED_SPEAKERS[:2]]
    layout.face_names(name).write_text("\t".join(rows) + "\n")
    for path, count, size in (
        (layout.faces(name), len(rows), SIZES["face"]),
        (layout.objects(name), frames, SIZES["objects"]),
        (layout.environment(name), frames, SIZES["environment"]),
    ):
        torch.save(torch.from_numpy(draw.normal(size=(count, size)).astype(np.float32)), path)
