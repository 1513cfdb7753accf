"""The face of a picture that somebody chose to show a character: found, cut out and embedded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from workers.analysers.errors import AnalysisError
from workers.analysers.faces.detector import FaceDetector
from workers.analysers.faces.embedder import make_embedder
from workers.analysers.faces.options import Options
from workers.analysers.faces.pictures import cut_out, judge, shown_picture
from workers.analysers.faces.scene import Still

#: Pictures are made this small on their longer side: a face in a portrait is large enough still.
_LONGEST_SIDE = 1280
#: A second face this large beside the first leaves open whose picture it is.
_RIVAL = 0.7


@dataclass(frozen=True, slots=True)
class ReferenceFace:
    picture: bytes
    """A square JPEG of the face."""
    embedding: tuple[float, ...]
    """Of length 1, as those of identities."""
    embedder: str


class ReferenceReader:
    """Reads one picture after the other; the networks are loaded once."""

    def __init__(self, options: Options | None = None) -> None:
        self._options = options or Options()
        self._detector = FaceDetector()
        self._embedder = make_embedder(self._options.embedder)

    def read(self, path: Path) -> ReferenceFace:
        """Return the face of a picture. Raises AnalysisError `picture_unreadable`, `no_face`, `several_faces`."""
        encoded = np.frombuffer(path.read_bytes(), dtype=np.uint8)
        decoded = cv2.imdecode(encoded, cv2.IMREAD_COLOR) if encoded.size else None
        if decoded is None:
            raise AnalysisError("picture_unreadable", "This file is no picture that can be read. Choose a JPEG or PNG.")
        share = min(1.0, _LONGEST_SIDE / max(decoded.shape[:2]))
        if share < 1.0:
            decoded = cv2.resize(decoded, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        pixels = np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), dtype=np.uint8)
        smallest = self._options.smallest_embedded
        if min(pixels.shape[:2]) < smallest:
            raise AnalysisError("no_face", "The picture is too small to find a face in it.")
        found = [face for face in self._detector.detect(pixels, smallest) if face.score >= self._options.kept_score]
        faces = sorted(found, key=lambda face: -face.box[2] * face.box[3])
        if not faces:
            raise AnalysisError("no_face", "No face was found in the picture. Choose one that shows it from the front.")
        areas = [face.box[2] * face.box[3] for face in faces]
        if len(areas) > 1 and areas[1] >= _RIVAL * areas[0]:
            raise AnalysisError("several_faces", "The picture shows several faces. Cut it so that it shows one.")
        still = Still(pixels)
        chip = cut_out(still, judge(still, 0, faces[0]))
        vector = self._embedder.embed([chip])[0].astype(np.float64)
        direction = vector / np.linalg.norm(vector)
        embedding = tuple(round(float(value), 6) for value in direction.tolist())
        return ReferenceFace(shown_picture(chip, self._options.shown_side), embedding, self._embedder.name)
