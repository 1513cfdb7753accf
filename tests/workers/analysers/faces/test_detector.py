"""The detector finds what facenet-pytorch finds, in batches as alone."""

from __future__ import annotations

from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pytest
import skimage.data
import torch
from PIL import Image

from workers.analysers.faces import detector
from workers.analysers.faces.boxes import iou
from workers.analysers.faces.detector import PUBLISHED, FaceDetector
from workers.analysers.faces.scene import Still
from workers.analysers.frames import Pixels
from workers.analysers.torch_compat import prepare_torchvision

pytestmark = pytest.mark.models


def astronaut() -> Pixels:
    return np.ascontiguousarray(skimage.data.astronaut())


def admiral() -> Pixels:
    with Image.open(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg") as image:
        return np.array(image.convert("RGB"))


def crowd() -> Pixels:
    """Four faces of three sizes, one of them dark, on noise."""
    canvas = np.random.default_rng(3).integers(60, 120, (480, 854, 3), dtype=np.uint8)
    for x, y, side, portrait, light in (
        (20, 40, 300, astronaut()[0:300, 80:380], 1.0),
        (340, 60, 200, admiral()[0:420, 40:460], 1.0),
        (560, 30, 120, admiral()[0:420, 40:460], 0.35),
        (600, 260, 150, astronaut()[0:300, 80:380], 1.0),
    ):
        scaled = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_AREA)
        canvas[y : y + side, x : x + side] = (scaled * light).astype(np.uint8)
    return canvas


def by_torch(halves: detector._Halves, edges: tuple[int, int, int, int], size: tuple[int, int]) -> np.ndarray:
    """Scale as facenet-pytorch does: mean over whole pixels, not rounded."""
    left, top, right, bottom = edges
    part = torch.from_numpy(np.ascontiguousarray(halves._levels[0][top:bottom, left:right])).permute(2, 0, 1)[None]
    scaled = torch.nn.functional.interpolate(part.float(), size=size[::-1], mode="area")
    return scaled[0].permute(1, 2, 0).numpy()


@pytest.mark.parametrize("make", [astronaut, admiral, crowd])
def test_the_steps_are_facenet_pytorchs(make, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its own way of scaling and its thresholds, boxes agree within a pixel and points within two."""
    prepare_torchvision()
    from facenet_pytorch import MTCNN

    picture = make()
    boxes, scores, points = MTCNN(keep_all=True, min_face_size=30).detect(picture, landmarks=True)
    monkeypatch.setattr(detector._Halves, "cut", by_torch)
    monkeypatch.setattr(
        detector, "_planar", lambda parts: np.stack([part.transpose(2, 0, 1) for part in parts]).astype(np.float32)
    )
    found = FaceDetector().detect(picture, 30, PUBLISHED)
    height, width = picture.shape[:2]
    expected = sorted(
        zip(scores, np.clip(boxes, 0, [width, height, width, height]), points, strict=True), key=lambda row: -row[0]
    )
    assert len(found) == len(expected) >= 1
    for face, (score, (x1, y1, x2, y2), where) in zip(found, expected, strict=True):
        assert face.box == pytest.approx((x1, y1, x2 - x1, y2 - y1), abs=1)
        assert face.score == pytest.approx(score, abs=0.01)
        assert np.abs(face.points - where).max() < 2


def test_the_fast_way_finds_the_same_faces() -> None:
    picture = crowd()
    published = FaceDetector().detect(picture, 30, PUBLISHED)
    found = FaceDetector().detect(picture, 30)
    assert len(published) == 4
    assert all(any(iou(face.box, other.box) > 0.5 for other in found) for face in published)


def test_several_pictures_at_once_give_what_each_gives_alone() -> None:
    pictures = [crowd(), np.full_like(crowd(), 90), crowd()[:, ::-1]]
    together = FaceDetector().detect_batch(pictures, 30)
    for picture, faces in zip(pictures, together, strict=True):
        alone = FaceDetector().detect(picture, 30)
        assert len(faces) == len(alone)
        for face, other in zip(faces, alone, strict=True):
            assert face.box == pytest.approx(other.box, abs=0.1)
    assert [len(faces) > 0 for faces in together] == [True, False, True]
    assert FaceDetector().detect_batch([], 30) == []


def test_a_face_is_followed_from_a_place_beside_it_and_not_where_there_is_none() -> None:
    picture = astronaut()
    (face, *_) = FaceDetector().detect(picture, 60)
    x, y, width, height = face.box
    beside = (x + 0.2 * width, y - 0.15 * height, width, height)
    empty = (10.0, 10.0, width, height)
    outside = (-3 * width, y, width, height)
    found = FaceDetector().follow(Still(picture), [beside, empty, outside])
    assert found[1:] == [None, None]
    assert found[0] is not None
    assert iou(found[0].box, face.box) > 0.6
    assert FaceDetector().follow(Still(picture), []) == []


def test_faces_smaller_than_asked_for_are_left_out() -> None:
    picture = crowd()
    assert len(FaceDetector().detect(picture, 150)) < len(FaceDetector().detect(picture, 30))


@pytest.mark.parametrize("shape", [(16, 16), (20, 300), (1, 1), (64, 64)])
def test_a_small_or_empty_picture_has_no_faces(shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 90, dtype=np.uint8)
    assert FaceDetector().detect(picture, 20) == []
    assert FaceDetector().follow(Still(picture), [(0, 0, 10, 10)]) == [None]


def test_noise_has_no_faces() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (180, 320, 3), dtype=np.uint8)
    assert FaceDetector().detect(noise, 20) == []
