"""Turn pictures of faces into points that lie close for one person and apart for two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.analysers.errors import AnalysisError
from workers.analysers.faces.pictures import FaceChip
from workers.analysers.weights import find_weights
from workers.nets import load_net
from workers.nets.modules.packages import packaged_file

Embeddings = NDArray[np.float32]
"""(faces, dimensions)."""


class Embedder(Protocol):
    """Distances between its embeddings are Euclidean."""

    @property
    def name(self) -> str:
        """Name and version, e.g. `dlib-resnet-v1-128`: embeddings of two names cannot be compared."""

    @property
    def link_distance(self) -> float:
        """Two groups of pictures with a mean distance below this are one person. Cautious: two people that become
        one ruin both, one person in two pieces is joined by hand."""

    @property
    def join_distance(self) -> float:
        """A poor picture joins a person below this distance."""

    def embed(self, chips: Sequence[FaceChip]) -> Embeddings:
        """Return one embedding a face, in order."""


class DlibEmbedder:
    """dlib's ResNet (King 2017), 128 dimensions, from the package face_recognition_models."""

    name = "dlib-resnet-v1-128"
    link_distance = 0.55
    join_distance = 0.50
    _CHIP, _PADDING = 150, 0.25

    def __init__(self) -> None:
        try:
            import dlib
        except ImportError as error:
            raise AnalysisError(
                "embedder_missing", "The Python package dlib-bin is not installed. Install requirements/worker.txt."
            ) from error
        self._dlib = dlib
        models = "face_recognition_models"
        self._points = dlib.shape_predictor(str(packaged_file(models, "models/shape_predictor_5_face_landmarks.dat")))
        self._net = load_net("dlib-resnet")

    def embed(self, chips: Sequence[FaceChip]) -> Embeddings:
        """Return (faces, 128), not normalised: dlib's distances are meant so (0.6 for the same person)."""
        if not chips:
            return np.zeros((0, 128), dtype=np.float32)
        faces = np.stack([self._aligned(chip) for chip in chips])
        (vectors,) = self._net.run(faces.transpose(0, 3, 1, 2).astype(np.float32))
        return vectors

    def _aligned(self, chip: FaceChip) -> NDArray[np.uint8]:
        """Return the face turned upright, (150, 150, 3), as the network knows faces."""
        x, y, width, height = chip.box
        # MTCNN's boxes are higher than wide; dlib's landmarks were trained on squares from the brows to the chin.
        side = (width + height) / 2
        left, top = x + width / 2 - side / 2, y + height * 0.55 - side / 2
        square = self._dlib.rectangle(round(left), round(top), round(left + side), round(top + side))
        points = self._points(chip.pixels, square)
        return np.asarray(self._dlib.get_face_chip(chip.pixels, points, size=self._CHIP, padding=self._PADDING))


class VggFace2Embedder:
    """Inception-ResNet v1 trained on VGGFace2 (facenet-pytorch), 512 dimensions, unit length.

    Its weights are in no package. Raises AnalysisError `weights_missing`, `weights_unusable`.
    """

    name = "facenet-vggface2-512"
    link_distance = 0.85
    join_distance = 0.80
    FILE_NAME = "20180402-114759-vggface2.pt"
    FETCH_URL = f"https://github.com/timesler/facenet-pytorch/releases/download/v2.2.9/{FILE_NAME}"

    def __init__(self) -> None:
        path = find_weights(self.FILE_NAME, self.FETCH_URL)
        # Late: torch has no part in a pass with the packaged networks.
        import torch

        from workers.analysers.torch_compat import prepare_torchvision

        prepare_torchvision()
        from facenet_pytorch import InceptionResnetV1

        self._torch = torch
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._net = InceptionResnetV1()
        try:
            # The file holds a classifier of the people it was trained on too, which has no part in embeddings.
            state = torch.load(path, map_location="cpu", weights_only=True)
            state = {key: value for key, value in state.items() if not key.startswith("logits.")}
            self._net.load_state_dict(state)
        except Exception as error:  # torch raises whatever pickle, zip and the shapes of tensors raise
            raise AnalysisError(
                "weights_unusable",
                f"{path} does not hold the weights of VGGFace2 ({error}). Fetch it again from {self.FETCH_URL}.",
            ) from error
        self._net.eval().to(self._device)

    def embed(self, chips: Sequence[FaceChip]) -> Embeddings:
        """Return (faces, 512), each of length 1."""
        if not chips:
            return np.zeros((0, 512), dtype=np.float32)
        faces = np.stack([_square(chip, 160) for chip in chips]).astype(np.float32)
        batch = self._torch.from_numpy((faces - 127.5) / 128).permute(0, 3, 1, 2).to(self._device)  # (N, 3, 160, 160)
        with self._torch.inference_mode():
            vectors: Embeddings = self._net(batch).cpu().numpy()
        return vectors


def _square(chip: FaceChip, side: int) -> NDArray[np.uint8]:
    """Cut a face with a tenth of margin, as VGGFace2 was cropped for training, scaled to a square."""
    x, y, width, height = chip.box
    left, top = max(0, round(x - width / 10)), max(0, round(y - height / 10))
    right, bottom = round(x + width * 1.1), round(y + height * 1.1)
    return np.asarray(cv2.resize(chip.pixels[top:bottom, left:right], (side, side), interpolation=cv2.INTER_AREA))


def make_embedder(choice: str) -> Embedder:
    """Return the embedder `vggface2`, `dlib`, or for `auto` VGGFace2 where its weights are present, else dlib."""
    if choice == "dlib":
        return DlibEmbedder()
    if choice == "vggface2":
        return VggFace2Embedder()
    if choice != "auto":
        raise AnalysisError("unknown_embedder", f"There is no face embedder {choice!r}: choose auto, dlib or vggface2.")
    try:
        return VggFace2Embedder()
    except AnalysisError as error:
        if error.code != "weights_missing":
            raise
        return DlibEmbedder()
