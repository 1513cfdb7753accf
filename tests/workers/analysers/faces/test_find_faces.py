"""Faces of real pictures: two public-domain portraits that installed packages carry, and the sample media."""

from __future__ import annotations

import gc
import io
import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import dlib
import matplotlib
import numpy as np
import pytest
import skimage.data
import torch
from PIL import Image

from tests.sample_videos import Picture, write_video
from tests.shared_data import SHARED, needs_shared
from workers.analysers.errors import AnalysisError
from workers.analysers.faces import FaceTap, Options, expression_reader, find_faces
from workers.analysers.faces.boxes import iou
from workers.analysers.faces.detector import FaceDetector
from workers.analysers.faces.embedder import DlibEmbedder, Embedder, VggFace2Embedder, make_embedder
from workers.analysers.faces.pictures import FaceChip, cut_grey, cut_out, frontality, judge, sharpness
from workers.analysers.faces.scene import Still
from workers.analysers.facts import Box, FaceFacts, Shot
from workers.analysers.proxy import make_proxy
from workers.analysers.shots import find_shots
from workers.analysers.sweep import KnownCuts, pictures, sweep
from workers.analysers.torch_compat import prepare_torchvision

pytestmark = pytest.mark.models

SIZE = (640, 360)
DLIB = Options(embedder="dlib")


def astronaut() -> Picture:
    return np.asarray(skimage.data.astronaut()[0:300, 80:380])


def admiral() -> Picture:
    with Image.open(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg") as image:
        return np.asarray(image.convert("RGB"))[0:420, 40:460]


def on_canvas(portraits: dict[int, Picture], side: int, drift: int = 0) -> Picture:
    """Place portraits, scaled to `side`, at x positions on a grey picture."""
    canvas = np.full((SIZE[1], SIZE[0], 3), 90, dtype=np.uint8)
    for x, portrait in portraits.items():
        scaled = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_AREA)
        canvas[20 : 20 + side, x + drift : x + drift + side] = scaled
    return canvas


@pytest.fixture(scope="module")
def dialogue(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Shot, ...]]:
    """Four shots of 1 s at 10 frames a second: she; he; both; nobody; she again, smaller, for 2 s."""
    she, he = astronaut(), admiral()
    pictures = [on_canvas({180: she}, 300, drift=n) for n in range(10)]
    pictures += [on_canvas({100: he}, 280, drift=2 * n) for n in range(10)]
    pictures += [on_canvas({20: she, 340: he}, 260) for _ in range(10)]
    pictures += [on_canvas({}, 10) for _ in range(10)]
    pictures += [on_canvas({300: she}, 240, drift=-n) for n in range(20)]
    video = write_video(tmp_path_factory.mktemp("faces") / "dialogue.mp4", pictures, rate=10)
    edges = [0, 1000, 2000, 3000, 4000, 6000]
    return video, tuple(Shot(n, a, b, (a + b) // 2) for n, (a, b) in enumerate(itertools.pairwise(edges)))


@pytest.fixture(scope="module")
def facts(dialogue: tuple[Path, tuple[Shot, ...]]) -> FaceFacts:
    return find_faces(*dialogue, DLIB)


def test_each_face_has_one_track_a_shot(facts: FaceFacts) -> None:
    assert [track.shot_index for track in facts.tracks] == [0, 1, 2, 2, 4]
    assert [(track.start_ms, track.end_ms) for track in facts.tracks] == [
        (0, 1000),
        (1000, 2000),
        (2000, 3000),
        (2000, 3000),
        (4000, 6000),
    ]


def test_looks_are_at_the_start_of_a_shot_and_eight_times_a_second(
    dialogue: tuple[Path, tuple[Shot, ...]], facts: FaceFacts
) -> None:
    def looked_at(found: FaceFacts) -> list[int]:
        return [box.time_ms for box in found.tracks[1].boxes]

    every_time = find_faces(*dialogue, replace(DLIB, still_share=0))
    # Frames come every 100 ms, looks every 125.
    assert looked_at(every_time) == [1000, 1200, 1300, 1400, 1500, 1700, 1800, 1900]
    # His face moves slowly: of two looks one is left out, but for the search at 1500 and the end of the shot.
    assert looked_at(facts) == [1000, 1200, 1400, 1500, 1800, 1900]


def test_the_same_person_in_several_shots_is_one_identity(facts: FaceFacts) -> None:
    assert [identity.screen_time_ms for identity in facts.identities] == [4000, 2000]
    she, he = facts.identities
    assert she.track_indices == (0, 2, 4)
    assert he.track_indices == (1, 3)
    assert all(facts.tracks[index].identity == who.index for who in facts.identities for index in who.track_indices)


def test_an_identity_has_best_faces_and_a_unit_embedding(facts: FaceFacts) -> None:
    for identity in facts.identities:
        known = {box for index in identity.track_indices for box in facts.tracks[index].boxes}
        assert 1 <= len(identity.best_faces) <= 3
        assert set(identity.best_faces) <= known
        assert np.linalg.norm(identity.embedding) == pytest.approx(1, abs=1e-4)
    assert facts.embedder == "dlib-resnet-v1-128"


def test_boxes_are_in_pixels_of_the_video(facts: FaceFacts) -> None:
    (seen,) = dlib.get_frontal_face_detector()(on_canvas({180: astronaut()}, 300), 1)  # another detector's opinion
    assert iou(facts.tracks[0].boxes[0].box, (seen.left(), seen.top(), seen.width(), seen.height())) > 0.5


def test_each_best_face_has_its_picture_a_square_jpeg_of_that_face(facts: FaceFacts) -> None:
    for identity in facts.identities:
        assert len(identity.pictures) == len(identity.best_faces)
        for jpeg in identity.pictures:
            with Image.open(io.BytesIO(jpeg)) as image:
                assert (image.format, image.size) == ("JPEG", (160, 160))
                assert len(FaceDetector().detect(np.asarray(image), 40)) == 1


def test_expressions_are_read_twice_a_second_of_each_track(facts: FaceFacts) -> None:
    seen = facts.expressions
    assert [track.track for track in seen.tracks] == [0, 1, 2, 3, 4]
    assert [len(track.looks) for track in seen.tracks] == [2, 2, 2, 2, 4]
    for track in seen.tracks:
        assert [look.time_ms for look in track.looks] == sorted(look.time_ms for look in track.looks)
        for look in track.looks:
            assert sum(look.probabilities) == pytest.approx(1)
            assert 0 <= look.weight <= 1
    assert "expression" in seen.model or "fer" in seen.model
    smile = dict(zip(seen.emotions, seen.tracks[0].looks[0].probabilities, strict=True))
    assert max(smile, key=lambda emotion: smile[emotion]) == "joy"  # the astronaut smiles


def test_without_its_network_nothing_is_read_of_faces_and_all_else_is_found(
    dialogue: tuple[Path, tuple[Shot, ...]], facts: FaceFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise AnalysisError("weights_missing", f"There is no {name}.")

    monkeypatch.setattr(expression_reader, "load_net", missing)
    found = find_faces(*dialogue, DLIB)
    assert (found.expressions.model, found.expressions.tracks) == ("", ())
    assert found.tracks == facts.tracks
    assert found.identities == facts.identities


def test_a_face_is_embedded_every_second_and_a_half(facts: FaceFacts) -> None:
    assert facts.looks is not None
    assert sorted(facts.looks.track.tolist()) == [0, 1, 2, 3, 4, 4]
    assert facts.looks.time_ms.tolist() == sorted(facts.looks.time_ms.tolist())
    assert facts.looks.embedding.shape == (6, 128)
    hers = np.isin(facts.looks.track, facts.identities[0].track_indices)
    she, he = facts.looks.embedding[hers], facts.looks.embedding[~hers]
    assert max(np.linalg.norm(she - she[0], axis=1)) < DlibEmbedder.link_distance
    assert min(np.linalg.norm(he - she[0], axis=1)) > DlibEmbedder.link_distance


def test_a_track_is_parted_where_a_soft_cut_is_found_later(dialogue: tuple[Path, tuple[Shot, ...]]) -> None:
    video, shots = dialogue
    tap = FaceTap(DLIB, SIZE, 6000)
    sweep(video, duration_ms=6000, followers=[tap], cuts=KnownCuts([shot.start_ms for shot in shots]))
    parted = tap.finish(soft_cuts_ms=[5500])
    assert [(track.shot_index, track.start_ms, track.end_ms) for track in parted.tracks][-2:] == [
        (4, 4000, 5500),
        (5, 5500, 6000),
    ]
    assert [identity.screen_time_ms for identity in parted.identities] == [4000, 2000]


def test_a_video_without_pictures_has_no_faces() -> None:
    found = FaceTap(DLIB, SIZE, 0).finish()
    assert (found.tracks, found.identities, found.expressions.tracks) == ((), (), ())
    assert found.looks is not None
    assert found.looks.embedding.shape == (0, 128)


def test_what_goes_wrong_in_the_thread_is_raised_where_the_pictures_come_from(
    dialogue: tuple[Path, tuple[Shot, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(FaceDetector, "detect", fail)
    with pytest.raises(MemoryError, match="no room"):
        find_faces(*dialogue, DLIB)


def test_a_forgotten_tap_ends_its_thread(dialogue: tuple[Path, tuple[Shot, ...]]) -> None:
    tap = FaceTap(DLIB, SIZE, 6000)
    thread = tap._behind.thread
    next(picture for picture in pictures(dialogue[0]) if tap.follow(picture, True) is None)
    del tap
    gc.collect()
    thread.join(timeout=30)
    assert not thread.is_alive()


def test_the_sweep_waits_for_the_thread_instead_of_heaping_up_pictures(
    dialogue: tuple[Path, tuple[Shot, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[int] = []
    real = FaceDetector.follow

    def slow(self: FaceDetector, picture: Picture, boxes: Sequence[Box]) -> list:
        waiting.append(tap._behind.behind())
        return real(self, picture, boxes)

    monkeypatch.setattr(FaceDetector, "follow", slow)
    tap = FaceTap(Options(embedder="dlib", look_every_ms=1), SIZE, 6000)
    sweep(dialogue[0], duration_ms=6000, followers=[tap])
    tap.finish()
    assert 0 < max(waiting) <= 16


def test_progress_rises_to_one_and_may_stop_the_search(dialogue: tuple[Path, tuple[Shot, ...]]) -> None:
    told: list[float] = []
    find_faces(*dialogue, DLIB, lambda share, step: told.append(share))
    assert told == sorted(told)
    assert 0 < told[0] < 0.5
    assert told[-1] == 1

    class Stopped(Exception):
        pass

    def stop(share: float, step: str) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        find_faces(*dialogue, DLIB, stop)


@pytest.fixture(params=["dlib", "vggface2"])
def embedder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Embedder:
    """Both implementations; VGGFace2 with weights that know nothing, as the true ones are in no package."""
    if request.param == "dlib":
        return DlibEmbedder()
    make_random_weights(tmp_path / VggFace2Embedder.FILE_NAME)
    monkeypatch.setenv("AFFECTORY_WEIGHTS", str(tmp_path))
    return VggFace2Embedder()


def make_random_weights(path: Path) -> None:
    prepare_torchvision()
    from facenet_pytorch import InceptionResnetV1

    torch.manual_seed(0)
    state = InceptionResnetV1(classify=True, num_classes=3).state_dict()  # with a classifier, like the true file
    torch.save(state, path)


def chips_of(*portraits: Picture) -> list[FaceChip]:
    detector = FaceDetector()
    return [
        cut_out(Still(portrait), judge(Still(portrait), 0, detector.detect(portrait, 40)[0])) for portrait in portraits
    ]


def test_an_embedder_gives_one_row_a_face_and_the_same_row_twice(embedder: Embedder) -> None:
    chips = chips_of(astronaut(), admiral())
    first, second = embedder.embed(chips), embedder.embed(chips[::-1])
    assert first.shape[0] == 2
    assert first.dtype == np.float32
    assert np.allclose(first, second[::-1], atol=1e-4)
    assert embedder.embed([]).shape == (0, first.shape[1])
    assert str(first.shape[1]) in embedder.name
    assert embedder.join_distance <= embedder.link_distance


def test_dlib_tells_two_people_apart_and_knows_one_again() -> None:
    darker = (astronaut() * 0.7).astype(np.uint8)
    small = cv2.resize(astronaut(), (180, 180), interpolation=cv2.INTER_AREA)
    she, again, smaller, he = DlibEmbedder().embed(chips_of(astronaut(), darker, small, admiral()))
    limit = DlibEmbedder.join_distance
    assert np.linalg.norm(she - again) < limit
    assert np.linalg.norm(she - smaller) < limit
    assert np.linalg.norm(she - he) > DlibEmbedder.link_distance


def test_missing_weights_are_named_and_auto_falls_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFFECTORY_WEIGHTS", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "none"))
    with pytest.raises(AnalysisError) as caught:
        make_embedder("vggface2")
    assert caught.value.code == "weights_missing"
    assert str(tmp_path / VggFace2Embedder.FILE_NAME) in caught.value.message
    assert make_embedder("auto").name.startswith("dlib")


def test_weights_of_something_else_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / VggFace2Embedder.FILE_NAME).write_bytes(b"not a network")
    monkeypatch.setenv("AFFECTORY_WEIGHTS", str(tmp_path))
    with pytest.raises(AnalysisError) as caught:
        make_embedder("auto")
    assert caught.value.code == "weights_unusable"


def test_an_unknown_embedder_is_refused() -> None:
    with pytest.raises(AnalysisError, match="choose auto, dlib or vggface2"):
        make_embedder("magic")


def test_blur_lowers_sharpness() -> None:
    picture = astronaut()
    whole = (0.0, 0.0, 300.0, 300.0)
    assert sharpness(Still(cv2.GaussianBlur(picture, (0, 0), 6)), whole) < sharpness(Still(picture), whole) / 4


def test_a_nose_between_the_eyes_is_frontal_and_beside_them_a_profile() -> None:
    eyes_nose = [[10, 10], [30, 10], [20, 20]]
    assert frontality(np.array([*eyes_nose, [12, 30], [28, 30]], dtype=np.float32)) == 1
    assert frontality(np.array([[10, 10], [30, 10], [31, 20], [12, 30], [28, 30]], dtype=np.float32)) == 0
    assert frontality(np.array([[10, 10], [30, 10], [25, 20], [12, 30], [28, 30]], dtype=np.float32)) == 0.5


def test_a_grey_face_at_the_edge_is_whole() -> None:
    grey = cut_grey(Still(astronaut()), (-40.0, -30.0, 120.0, 160.0), 64)
    assert grey.shape == (64, 64)
    assert grey.dtype == np.uint8


@needs_shared
def test_the_sample_dialogue_has_its_two_people() -> None:
    """Hand-checked on the face pictures: identity 0 is the woman in black, 1 the one in blue-grey."""
    video = SHARED / "data" / "meld" / "dialogue65" / "episode.mp4"
    shots = find_shots(video)
    facts = find_faces(video, shots, DLIB)
    assert len(facts.identities) == 2
    first, second = facts.identities
    assert first.screen_time_ms + second.screen_time_ms > 28_000  # of 33.5 s, nearly always one face to the camera
    # The camera looks at one of them at a time, over the other's shoulder: their shots alternate.
    in_black = {facts.tracks[index].shot_index for index in first.track_indices}
    in_grey = {facts.tracks[index].shot_index for index in second.track_indices}
    assert not in_black & in_grey
    assert len(in_black | in_grey) == len(shots)


@needs_shared
@pytest.mark.parametrize(
    ("name", "least_tracks"),
    [
        ("crowd_and_stage.mp4", 6),
        ("no_audio_counter.mp4", 0),
        ("no_duration.webm", 0),
        ("variable_frame_rate.mp4", 3),
    ],
)
def test_odd_media_pass_the_whole_chain(tmp_path: Path, name: str, least_tracks: int) -> None:
    proxy = make_proxy(SHARED / "data" / "odd_media" / name, tmp_path)
    shots = find_shots(proxy.video_path)
    assert (shots[0].start_ms, shots[-1].end_ms) == (0, proxy.duration_ms)
    facts = find_faces(proxy.video_path, shots, DLIB)
    assert len(facts.tracks) >= least_tracks
    for track in facts.tracks:
        shot = shots[track.shot_index]
        assert shot.start_ms <= track.start_ms < track.end_ms <= shot.end_ms
        for box in track.boxes:
            x, y, width, height = box.box
            assert min(x, y, width, height) >= 0
            assert x + width <= proxy.width + 0.02
            assert y + height <= proxy.height + 0.02
            assert 0 <= box.score <= 1
